#!/usr/bin/env python3
"""Compares all of our JSON scanners with a strict reader, Python's own, on random, damaged and placed texts.

Each text goes to `json-verdicts` (Tests/Tools/JSONVerdicts), which says for every scanner that the processor has whether the text is
taken and what its value is. Python's reader is made strict: UTF-8 without exceptions, no NaN and Infinity, at most 512 containers
inside each other, one BOM skipped, lone surrogate escapes as U+FFFD, numbers by their text, of repeated members the last.

Many texts are larger than a window of the scanner in two stages (1,024 bytes), and their escapes, right and wrong, are put
around the borders of windows. A disagreement is kept under .build/json-diff and ends the run with 1.
"""

import argparse
import hashlib
import json
import pathlib
import random
import struct
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOUND = ROOT / ".build/json-diff"
WINDOW = 1024
DEPTH_MAX = 512
BATCH = 64

GOOD_ESCAPES = ["\\n", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\r", "\\t", "\\u00e9", "\\u0000", "\\ud83d\\ude00",
                "\\ud83d", "\\ude00", "\\ud83d\\n", "\\uD83D\\uDE00", "\\u005c", "\\u0022"]
BAD_ESCAPES = ["\\q", "\\x41", "\\'", "\\u12g4", "\\u12", "\\U0041", "\\0", "\\\n", "\\a", "\\ud83d\\uZZZZ"]
PIECES = ["a", "key", " ", "é", "안녕", "😀", "{", "]", ":", ",", "€", "x" * 60, "plain words of some length "]
NUMBERS = ["0", "-0", "7", "-12", "1.5", "2e9", "1.25E-7", "123456789012345678901", "9223372036854775807",
           "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "0.0", "1e400", "1E+2", "12345678",
           "123456789", "-0.0e-1", "3" * 200]
BAD_VALUES = ["01", "+1", "1.", ".5", "1e", "-", "NaN", "Infinity", "-Infinity", "nul", "True", "'a'", "0x1", "1e+", "--1"]


class Number(str):
    """A number's text."""


def refuse(word):
    raise ValueError(word)


DECODER = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=refuse, strict=True)


def canonical(value, out, depth=0):
    """Adds the same form of a value that json-verdicts hashes; ValueError where it is nested too deep."""
    if value is None:
        out.append(b"n")
    elif value is True:
        out.append(b"t")
    elif value is False:
        out.append(b"f")
    elif type(value) is Number:
        is_integer = value.lstrip("-").isdigit() and value != "-0" and len(value) < 25 and -2**63 <= int(value) < 2**63
        out.append((("i" if is_integer else "d") + value + ";").encode())
    elif type(value) is str:
        text(value, out)
    elif type(value) is list:
        if depth >= DEPTH_MAX:
            raise ValueError("too deep")
        out.append(b"[")
        for element in value:
            canonical(element, out, depth + 1)
        out.append(b"]")
    else:
        if depth >= DEPTH_MAX:
            raise ValueError("too deep")
        members = {}
        for name, member in value.items():
            # Two names that differ only in lone surrogates are one here as there.
            members[lone(name)] = member
        out.append(b"{")
        for name, member in members.items():
            text(name, out)
            canonical(member, out, depth + 1)
        out.append(b"}")


def lone(value):
    """The same text with lone surrogates as U+FFFD."""
    return value if value.isascii() else "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in value) \
        if any(0xD800 <= ord(c) < 0xE000 for c in value) else value


def text(value, out):
    data = lone(value).encode()
    out.append(b"s%d:" % len(data))
    out.append(data)


def judge(data):
    """What the strict reader says: the hash of the value; None where it refuses the text."""
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    out = []
    try:
        canonical(DECODER.decode(data.decode("utf-8")), out)
    except (ValueError, RecursionError):
        return None
    return hashlib.sha256(b"".join(out)).hexdigest()


class Texts:
    """Random texts, the same for a seed."""

    def __init__(self, seed, size):
        self.random = random.Random(seed)
        self.size = size
        self.pool = ["[]", "{}", "\"\""]

    def one(self):
        """A text: many are good, many are damaged."""
        r = self.random
        size = int(min(self.size, 32_768 if r.random() < 0.9 else self.size) ** r.random())
        kind = r.random()
        if kind < 0.15:
            data = self.lone()
        elif kind < 0.35:
            data = self.placed(size)
        elif kind < 0.4:
            depth = r.choice([DEPTH_MAX - 1, DEPTH_MAX, DEPTH_MAX + 1, r.randrange(1, 700)])
            opening, closing = r.choice([("[", "]"), ("{\"a\":", "}"), ("[1,", ",2]"), ("[ ", " ]")])
            data = (opening * depth + r.choice(["1", "\"x\"", "[]", "{}"]) + closing * depth).encode()
        else:
            data = self.blank() + self.value(size, 0) + self.blank()
            if len(data) < 600:
                self.pool.append(data.strip(" \n\r\t"))
                if len(self.pool) > 200:
                    self.pool.pop(r.randrange(200))
            data = data.encode()
        if r.random() < 0.05:
            data = b"\xef\xbb\xbf" * r.choice([1, 1, 1, 2]) + data
        return self.damaged(data) if r.random() < 0.35 else data

    def placed(self, size):
        """A list or object of few notes, with strings of several windows and escapes round the borders of windows."""
        r = self.random
        is_object = r.random() < 0.4
        out = ["{" if is_object else "["]
        count = 1
        for index in range(r.randrange(1, 12)):
            if index:
                out.append(",")
                count += 1
            if is_object:
                name = self.around(count + 1, r.choice([4, 4, 4, size])) if r.random() < 0.5 else "\"k%d\"" % index
                out.append(name + ":")
                count += len(name.encode()) + 1
            value = r.choice(["1", "true", "[]", "\"y\"", "{\"a\":[1]}"]) if r.random() < 0.4 else self.around(count + 1, size)
            out.append(value)
            count += len(value.encode())
        out.append("}" if is_object else "]")
        return "".join(out).encode()

    def lone(self):
        """A text with a single escape, behind a few notes, and long plain runs behind it: what is known of it must last."""
        r = self.random
        escape = r.choice(BAD_ESCAPES) if r.random() < 0.4 else r.choice(GOOD_ESCAPES)
        few = r.randrange(0, 10)
        before = "x" * r.choice([r.randrange(0, 70), r.randrange(0, 1100), WINDOW - 2 * few - r.randrange(0, 12)])
        run = "w" * (WINDOW * r.randrange(0, 5) + r.choice([r.randrange(-12, 13), r.randrange(0, WINDOW)]))
        string = "\"" + before + escape + run + "\""
        short = r.choice(["\"y\"", "1", "{\"a\":[1]}", "\"" + "z" * r.randrange(0, 2 * WINDOW) + "\""])
        shape = r.choice(["[%s%s,%s]", "[%s%s,%s]", "{%s%s:%s}", "{%s\"k\":%s,\"z\":%s}", "[[%s%s,%s]]", "{\"a\":[%s%s,%s]}"])
        return (shape % (("\"n\":1," if shape[0] == "{" and shape[1] == "%" else "1,") * few, string, short)).encode()

    def around(self, start, size):
        """A string whose first byte stands at `start`, with escapes near the borders of windows and blocks."""
        r = self.random
        length = r.choice([r.randrange(1 + min(size, 40)), r.randrange(1 + size), WINDOW * r.randrange(0, 5) + r.randrange(-4, 5)])
        filler = r.choice(["x", "x", "x", "é", "안", "plain text "])
        width = len(filler.encode())
        out, place, end = [], start, start + max(0, length)
        while place < end:
            unit = r.choice([64, WINDOW, WINDOW, 2 * WINDOW])
            stop = min(end, (place // unit + 1) * unit + r.randrange(-9, 9))
            count = max(0, stop - place) // width
            escape = ""
            if r.random() < 0.4:
                escape = r.choice(BAD_ESCAPES) if r.random() < 0.03 else r.choice(GOOD_ESCAPES) * r.choice([1, 1, 1, 2, 33])
            out.append(filler * count + escape)
            place += max(1, count * width + len(escape.encode()))
        return "\"" + "".join(out) + "\""

    def value(self, size, depth):
        r = self.random
        if size < 8 or depth > 8 or r.random() < 0.1:
            return self.scalar(size)
        if r.random() < 0.2:
            return r.choice(self.pool)
        is_object = r.random() < 0.5
        out, used = [], 0
        while used < size and len(out) < 400:
            part = self.value(min(size - used, r.choice([10, 60, 600, size])), depth + 1)
            if is_object:
                name = r.choice(["\"a\"", "\"task_id\"", "\"\"", self.string(12), self.string(12)])
                part = self.blank() + name + self.blank() + ":" + self.blank() + part
            out.append(part + self.blank())
            used += len(part) + 2
            if r.random() < 0.05:
                break
        inner = ",".join(out)
        return "{" + inner + "}" if is_object else "[" + inner + "]"

    def scalar(self, size):
        r = self.random
        kind = r.random()
        if kind < 0.3:
            return r.choice(["true", "false", "null"])
        if kind < 0.55:
            return str(r.getrandbits(r.choice([4, 20, 64, 80]))) if r.random() < 0.6 else r.choice(NUMBERS)
        if kind < 0.56:
            return r.choice(BAD_VALUES)
        return self.string(size)

    def string(self, size):
        r = self.random
        pieces = PIECES + GOOD_ESCAPES if r.random() < 0.2 else PIECES
        length = r.randrange(1 + min(size, r.choice([12, 40, 400, 6_000])))
        few = [r.choice(pieces) for _ in range(r.randrange(1, 8))]
        out = "".join(few) * (length // max(1, sum(map(len, few))))
        if r.random() < 0.2:
            place = r.randrange(len(out) + 1)
            if "\\" not in out:
                out = out[:place] + r.choice(GOOD_ESCAPES if r.random() < 0.9 else BAD_ESCAPES) + out[place:]
        return "\"" + out + "\""

    def blank(self):
        r = self.random
        if r.random() < 0.85:
            return ""
        return "".join(r.choice(" \n\r\t") for _ in range(r.randrange(90 if r.random() < 0.1 else 4)))

    def damaged(self, data):
        r = self.random
        data = bytearray(data)
        for _ in range(r.choice([1, 1, 1, 2, 3])):
            place = r.choice([r.randrange(len(data) + 1), max(0, len(data) - r.randrange(1, 9)),
                              min(len(data), WINDOW * r.randrange(0, 1 + len(data) // WINDOW) + r.randrange(0, 9))])
            byte = r.choice(b"\"\\{}[]:,-+.eE019atfnu/ \n\x00\x1f\x7f\x80\xbf\xc0\xc3\xe0\xe2\xed\xf0\xf4\xff")
            what = r.randrange(5)
            if what == 0:
                data[place:place + 1] = bytes([byte])
            elif what == 1:
                data[place:place] = bytes([byte])
            elif what == 2:
                del data[place:place + 1]
            elif what == 3:
                data[place:place] = data[place:place + r.choice([1, 2, 70, 1100])]
            else:
                del data[len(data) - min(len(data), r.randrange(1, 9)):]
        return bytes(data)


def suite():
    """The texts of JSONTestSuite that the tests have."""
    for path in sorted((ROOT / "Tests/Unit/JSONWire/Data").rglob("*.json")):
        yield path.read_bytes()


def show(number, data, ours, theirs):
    FOUND.mkdir(parents=True, exist_ok=True)
    path = FOUND / f"{number}.json"
    path.write_bytes(data)
    print(f"text {number}, {len(data)} bytes, kept as {path}:\n  ours:   {ours}\n  Python: {'yes ' + theirs if theirs else 'no'}",
          file=sys.stderr)


def compare(program, options):
    child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    engines = child.stdout.readline().decode().split()
    texts, fixed = Texts(options.seed, options.size), suite()
    started, count, taken, size, largest, wrong = time.monotonic(), 0, 0, 0, 0, 0
    while count < options.texts and time.monotonic() - started < options.seconds and wrong < 20:
        batch = [next(fixed, None) or texts.one() for _ in range(min(BATCH, options.texts - count))]
        # The texts are written while the answers are read: neither side waits for the other for good.
        writer = threading.Thread(target=lambda: (child.stdin.write(
            b"".join(struct.pack("<I", len(data)) + data for data in batch)), child.stdin.flush()))
        writer.start()
        theirs = [judge(data) for data in batch]
        for data, theirs_one in zip(batch, theirs):
            ours = child.stdout.readline().decode().rstrip("\n")
            same = ours == "yes " + theirs_one if theirs_one else ours.startswith("no ")
            if not same:
                show(count, data, ours, theirs_one)
                wrong += 1
            count += 1
            taken += theirs_one is not None
            size += len(data)
            largest = max(largest, len(data))
        writer.join()
    child.stdin.close()
    if child.wait() != 0:
        sys.exit(f"{program} ended with {child.returncode}")
    print(f"{count} texts ({size / 1e6:.1f} MB, the largest {largest} bytes), {taken} of them in order, seed {options.seed}; "
          f"scanners: {', '.join(engines)}; {wrong} disagreements; {time.monotonic() - started:.0f} s")
    if count < options.texts and not wrong:
        print(f"ended by the bound of {options.seconds} s")
    return 1 if wrong or count == 0 else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / ".build/release/json-verdicts"))
    parser.add_argument("--texts", type=int, default=100_000, help="how many")
    parser.add_argument("--size", type=int, default=400_000, help="the largest, in bytes, about")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1_800, help="when to stop at the latest")
    options = parser.parse_args()
    result = []
    # Python's reader calls itself for each level: that takes a stack of its own.
    sys.setrecursionlimit(20_000)
    threading.stack_size(512 << 20)
    thread = threading.Thread(target=lambda: result.append(compare(options.program, options)))
    thread.start()
    thread.join()
    sys.exit(result[0] if result else 1)


if __name__ == "__main__":
    main()
