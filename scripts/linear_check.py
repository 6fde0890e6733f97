#!/usr/bin/env python3
"""Checks that nothing grows faster than what it is given: forms, queries, parts, headers, JSON, bulk, expressions, configuration.

Each shape is given to the program `sluice` in three sizes, n, 2n and 4n, and its instructions are counted by callgrind, which
says the same from run to run. What starting the program takes cancels out: (I(4n) - I(2n)) / (I(2n) - I(n)) is 2 where the cost
is linear, about 2.2 for n log n, and 4 where it is quadratic. The bound is 2.8. A shape whose cost does not grow by more than a
tenth of the start is passed over: it has no part that could be told from noise.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATIO_MAX = 2.8
FORM = "application/x-www-form-urlencoded"
PART = "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n"


def body(kind, make):
    """A shape of a body: `make(n)` is its text."""
    def run(n, folder):
        file = folder / "body"
        file.write_bytes(make(n).encode("utf-8", "surrogateescape"))
        return ["render", "${body.none}", "--body", str(file), "-H", f"Content-Type: {kind}"]
    return run


def expression(make):
    """A shape of an expression."""
    return lambda n, folder: ["render", make(n)]


def configuration(make):
    """A shape of a configuration."""
    def run(n, folder):
        file = folder / "sluice.yml"
        file.write_text(make(n))
        return ["check", "-f", str(file)]
    return run


def fields(make):
    """Header fields of a sample request."""
    return lambda n, folder: ["render", "${header.none}"] + [word for i in range(n) for word in ("-H", make(i))]


def query(make):
    """Pairs of a sample request's query."""
    return lambda n, folder: ["render", "${query.none}"] + [word for i in range(n) for word in ("-q", make(i))]


def bulk(item):
    """A bulk callback of n items, handled as in the server."""
    def run(n, folder):
        (folder / "sluice.yml").write_text(
            "listener: { port: 8090, path: /many, bulk: true, item: '${body}', identify_by: '${item.id}' }\n"
            "workflow: { id: w, jobs: [ { id: w, type: wait, wait_for: k } ] }\n")
        (folder / "bulk.test.yml").write_text(
            "callbacks:\n  - endpoint: /many\n    body:\n" + "".join(f"      - {item(i)}\n" for i in range(n))
            + "      - { id: k }\noutput: { id: k }\n")
        return ["test", str(folder / "bulk.test.yml")]
    return run


JOBS = "workflow:\n  id: w\n  jobs:\n"
SHAPES = {
    "form: equal names": (4000, body(FORM, lambda n: "a&" * n)),
    "form: distinct names": (2000, body(FORM, lambda n: "&".join(f"k{i}=1" for i in range(n)))),
    "form: one long name": (20000, body(FORM, lambda n: "a" * n)),
    "form: escapes": (10000, body(FORM, lambda n: "a=" + "%41" * n)),
    "form: percent signs": (20000, body(FORM, lambda n: "a=" + "%" * n)),
    "form: another encoding": (4000, body(FORM, lambda n: "charset=windows-1252&" + "a=%E9&" * n)),
    "form: a table's encoding": (4000, body(FORM + "; charset=gbk", lambda n: "a=" + "%C4%E3%FF" * n)),
    "text: invalid in its encoding": (8000, body("text/plain; charset=shift_jis", lambda n: "\x81\x80" * n)),
    "query: equal names": (1000, query(lambda i: "a=1")),
    "query: distinct names": (1000, query(lambda i: f"k{i}=1")),
    "headers: equal names": (1000, fields(lambda i: "X-A: 1")),
    "headers: distinct names": (1000, fields(lambda i: f"X-{i}: 1")),
    "media type: parameters": (4000, lambda n, folder: body("text/plain" + "; a=b" * n, lambda n: "x")(n, folder)),
    "multipart: boundaries that are none": (4000, body("multipart/form-data; boundary=b",
                                            lambda n: PART % ("a", "", "\r\n--x" * n) + "--b--")),
    "multipart: fields of a part": (2000, body("multipart/form-data; boundary=b",
                                    lambda n: PART % ("a", "".join(f"\r\nX-{i}: 1" for i in range(n)), "") + "--b--")),
    "multipart: one long name": (10000, body("multipart/form-data; boundary=b",
                                 lambda n: PART % ("a%22" * n, "", "") + "--b--")),
    "JSON: equal names": (2000, body("application/json", lambda n: "{" + ",".join(['"a":1'] * n) + "}")),
    "JSON: distinct names": (2000, body("application/json", lambda n: "{" + ",".join(f'"k{i}":1' for i in range(n)) + "}")),
    "JSON: escapes": (8000, body("application/json", lambda n: '["' + "\\u00e9" * n + '"]')),
    "JSON: strings with one escape": (4000, body("application/json", lambda n: "[" + ",".join(['"\\n"'] * n) + "]")),
    "JSON: long numbers": (8000, body("application/json", lambda n: "[" + "1" * n + "]")),
    "JSON: a list": (8000, body("application/json", lambda n: "[" + "1," * n + "1]")),
    "bulk: items held": (200, bulk(lambda i: f"{{ id: k{i} }}")),
    "bulk: items refused": (200, bulk(lambda i: f"{{ no: {i} }}")),
    "expression: alternatives": (1000, expression(lambda n: "${" + " | ".join(["body.a"] * n) + "}")),
    "expression: alternatives with hints": (800, expression(lambda n: "${" + " | ".join(["body.a as select/x"] * n) + "}")),
    "expression: operators": (2000, expression(lambda n: "${" + " + ".join(["1"] * n) + "}")),
    "expression: comparisons": (1000, expression(lambda n: "${" + " and ".join(["1 == 1"] * n) + "}")),
    "expression: spaces of a text": (10000, expression(lambda n: "${body.a | b" + " " * n + "c}")),
    "expression: escapes of a text": (4000, expression(lambda n: "${body.a | b" + "\\}" * n + "}")),
    "expression: a long path": (4000, expression(lambda n: "${body" + ".a" * n + "}")),
    "expression: slices": (2000, expression(lambda n: "${body" + "[0:1]" * n + "}")),
    "expression: many in one text": (1000, expression(lambda n: "${body.a as integer}" * n)),
    "expression: many that are wrong": (500, expression(lambda n: "${bod.a}" * n)),
    "YAML: unknown keys": (200, configuration(lambda n: "".join(f"k{i}: 1\n" for i in range(n)))),
    "YAML: findings in one line": (200, configuration(lambda n: "{" + ", ".join(f"k{i}: 1" for i in range(n)) + "}\n")),
    "YAML: list items": (200, configuration(lambda n: "workflow:\n  id: w\n  jobs: [{id: a, type: delay, duration: 1s}]\n  output:\n"
                                            + "".join(f"    - v{i}\n" for i in range(n)))),
    "YAML: anchors and aliases": (200, configuration(
        lambda n: JOBS + "    - {id: a, type: delay, duration: 1s}\n  output:\n" + "".join(
            f"    - &a{i} {i}\n    - *a{i}\n" for i in range(n)))),
    "YAML: one long text": (10000, configuration(lambda n: JOBS + "    - {id: a, type: delay, duration: 1s}\n  output: " + "x" * n + "\n")),
    "configuration: jobs": (60, configuration(
        lambda n: JOBS + "".join(f"    - {{id: j{i}, type: delay, duration: 1s}}\n" for i in range(n)))),
    "configuration: endpoints": (60, configuration(
        lambda n: "listener:\n  port: 8090\n  callbacks:\n" + "".join(
            f"    - {{path: /p{i}, identify_by: '${{body.id}}'}}\n" for i in range(n)))),
    "configuration: components": (60, configuration(
        lambda n: "components:\n" + "".join(f"  c{i}: {{type: http-client, endpoint: 'http://a.example/{i}'}}\n" for i in range(n)))),
}


def instructions(program, arguments, folder):
    out = folder / "callgrind.out"
    run = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(program)] + arguments,
                         capture_output=True, text=True, errors="replace", cwd=folder, timeout=600)
    total = re.search(r"^(?:summary|totals): (\d+)", out.read_text() if out.exists() else "", re.M)
    if run.returncode < 0 or run.returncode > 2 or not total:
        sys.exit(f"{' '.join(arguments)[:200]} ended with {run.returncode}:\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}")
    return int(total.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / ".build/release/sluice"))
    parser.add_argument("--only", default="", help="only shapes whose name holds this")
    parser.add_argument("--scale", type=float, default=1, help="sizes as multiples of the usual ones")
    options = parser.parse_args()
    for tool in ["valgrind", "objcopy"]:
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: make deps-count")
    failed = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # Debian 12's valgrind cannot read the debug information that Swift writes.
        program = folder / "sluice"
        subprocess.run(["objcopy", "--strip-debug", options.program, str(program)], check=True)
        start = instructions(program, ["render", "${body}"], folder)
        print(f"{'shape':38}{'n':>8}{'I(n)':>14}{'I(2n)':>14}{'I(4n)':>15}{'ratio':>8}")
        for shape, (size, run) in SHAPES.items():
            if options.only not in shape:
                continue
            size = max(1, int(size * options.scale))
            counts = [instructions(program, run(size * factor, folder), folder) for factor in (1, 2, 4)]
            first, second = counts[1] - counts[0], counts[2] - counts[1]
            is_small = second < start / 10
            ratio = second / first if first > 0 else 0
            print(f"{shape:38}{size:8}{counts[0]:14,}{counts[1]:14,}{counts[2]:15,}"
                  f"{'small' if is_small else format(ratio, '.2f'):>8}", flush=True)
            if not is_small and ratio > RATIO_MAX:
                failed.append(f"{shape}: {ratio:.2f} times for twice the growth, at most {RATIO_MAX}")
    for failure in failed:
        print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
