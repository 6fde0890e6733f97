#!/usr/bin/env python3
"""Checks that nothing grows faster than what it is given: forms, queries, parts, headers, JSON, bulk, expressions, configuration,
and in a running server heads, paths and the search of the ledger.

Each shape is given to the program `sluice` in three sizes, n, 2n and 4n, and its instructions are counted by callgrind, which
says the same from run to run. What starting the program takes cancels out: (I(4n) - I(2n)) / (I(2n) - I(n)) is 2 where the cost
is linear, about 2.2 for n log n, and 4 where it is quadratic. The bound is 2.8. A shape whose cost does not grow by more than a
tenth of the start is passed over: it has no part that could be told from noise. A server also works while nothing is asked of it:
the least of two counts is taken.
"""

import argparse
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

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


def paths(n, folder):
    """One callback to the last of n endpoints, some with parameters, handled as in the server."""
    (folder / "sluice.yml").write_text(
        "listener:\n  port: 8090\n  callbacks:\n" + "".join(
            f"    - {{ path: '/p{i}{'/{id}' if i % 2 else ''}', identify_by: '${{body.id}}' }}\n" for i in range(n))
        + "    - { path: '/last/{rest:path}', identify_by: '${body.id}', result: '${path.rest}' }\n"
        + "workflow: { id: w, jobs: [ { id: w, type: wait, wait_for: k } ] }\n")
    (folder / "path.test.yml").write_text(
        "callbacks:\n  - { endpoint: /last/a/b, body: { id: k } }\noutput: a/b\n")
    return ["test", str(folder / "path.test.yml")]


class Served:
    """A shape of what a server is sent: `settings(n)` is its configuration, `requests(n)` what is sent over one connection."""

    def __init__(self, settings, requests):
        self.settings, self.requests, self.connections = settings, requests, {}

    def count(self, program, n, folder):
        return min(self.once(program, n, folder) for _ in range(2))

    def once(self, program, n, folder):
        shutil.rmtree(folder / "store", ignore_errors=True)
        with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
            port, api = first.getsockname()[1], second.getsockname()[1]
        (folder / "served.yml").write_text(self.settings(n, port, api))
        out, log = folder / "callgrind.out", folder / "served.log"
        out.unlink(missing_ok=True)
        with open(log, "w") as errors:
            server = subprocess.Popen(
                ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(program), "up", "-f", "served.yml"],
                stdout=errors, stderr=errors, cwd=folder)
        try:
            end = time.monotonic() + 300
            while "Ready" not in log.read_text(errors="replace"):
                if server.poll() is not None or time.monotonic() > end:
                    sys.exit(f"the server does not start:\n{log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)
            self.connections = {}
            for to, request, status in self.requests(n):
                self.send({"port": port, "api": api}[to], request, status)
        finally:
            for connection in self.connections.values():
                connection.close()
            if server.poll() is None:
                server.send_signal(signal.SIGTERM)
            server.wait(300)
        return total(out, log.read_text(errors="replace"))

    def send(self, port, request, wanted):
        if port not in self.connections:
            self.connections[port] = socket.create_connection(("127.0.0.1", port), timeout=300)
        connection = self.connections[port]
        connection.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data or len(data) < data.index(b"\r\n\r\n") + 4 + self.length(data):
            piece = connection.recv(1 << 16)
            if not piece:
                break
            data += piece
        if not data.startswith(b"HTTP/1.1 %d" % wanted):
            sys.exit(f"{request[:100]!r} was answered {data[:300]!r}, and not {wanted}")

    @staticmethod
    def length(data):
        found = re.search(rb"(?i)content-length: (\d+)", data[:data.index(b"\r\n\r\n")])
        return int(found.group(1)) if found else 0


def post(path, body, fields=""):
    """The bytes of a request."""
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{fields}"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def get(path):
    """The bytes of a request without a body."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def endpoints(n, port, api):
    """A server with n endpoints, every other of which has a parameter."""
    return (f"store: memory\ncontroller: {{ port: {api} }}\nlistener:\n  port: {port}\n  callbacks:\n" + "".join(
        f"    - {{ path: '/p{i}{'/{id}' if i % 2 else ''}', identify_by: '${{body.id}}' }}\n" for i in range(n))
        + "workflow: { id: w, jobs: [ { id: w, type: wait, wait_for: k, endpoint: /p0 } ] }\n")


def one_endpoint(n, port, api):
    """A server with one endpoint."""
    return (f"store: memory\ncontroller: {{ port: {api} }}\nlistener: {{ port: {port}, path: /done, identify_by: '${{body.id}}' }}\n"
            "workflow: { id: w, jobs: [ { id: w, type: wait, wait_for: k } ] }\n")


def durable(n, port, api):
    """The same with a store on disk."""
    return one_endpoint(n, port, api).replace("store: memory", "store: { path: ./store }")


def many(count, make):
    """The same number of requests for every n."""
    return lambda n: [("port", make(n, i), 202) for i in range(count)]


def searches(n):
    """n callbacks that nobody waits for, then ten searches by a key."""
    yield from (("port", post("/done", f'{{"id":"k{i}"}}'), 202) for i in range(n))
    yield from (("api", get(f"/ledger?key=k{i}"), 200) for i in range(5))
    yield from (("api", get(f"/explain?key=none{i}"), 200) for i in range(5))


def nested(n, copies=100):
    """Lists in lists, n deep, and many beside each other, so that depth is what counts."""
    return "[" + ",".join(["[" * n + "]" * n] * copies) + "]"


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
    "JSON: depth": (100, body("application/json", nested)),
    "JSON: depth of objects": (100, body("application/json", lambda n: "[" + ",".join(['{"a":' * n + "1" + "}" * n] * 100) + "]")),
    "form: distinct names that are read": (1000, lambda n, folder: [
        "render", "${" + " + ".join(f"body.k{i * n // 10}" for i in range(10)) + "}", "--body",
        body(FORM, lambda n: "&".join(f"k{i}=1" for i in range(n)))(n, folder)[3], "-H", f"Content-Type: {FORM}"]),
    "form: distinct long names": (1000, body(FORM, lambda n: "&".join(f"{'k' * 100}{i}=1" for i in range(n)))),
    "form: names with brackets": (1000, body(FORM, lambda n: "&".join(f"a[{i}][b]=1" for i in range(n)))),
    "multipart: distinct names": (25, body("multipart/form-data; boundary=b",
                                           lambda n: "".join(PART % (f"k{i}", "", "x" * 2000) for i in range(n)) + "--b--")),
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
    "expression: depth": (12, expression(lambda n: ("${" + "(" * n + "1" + ")" * n + "}") * 50)),
    "expression: depth of calls": (12, expression(lambda n: ("${" + "not (" * n + "true" + ")" * n + "}") * 50)),
    "YAML: depth": (20, configuration(lambda n: JOBS + "    - {id: a, type: delay, duration: 1s}\n  output:\n"
                                      + ("    - " + "[" * n + "1" + "]" * n + "\n") * 50)),
    "YAML: many unknown keys": (1000, configuration(lambda n: "".join(f"some_unknown_key_{i}: 1\n" for i in range(n)))),
    "YAML: unknown keys of a job": (500, configuration(
        lambda n: JOBS + "    - id: a\n      type: delay\n      duration: 1s\n" + "".join(f"      durations{i}: 1\n" for i in range(n)))),
    "YAML: distinct keys of a map": (1000, configuration(
        lambda n: JOBS + "    - {id: a, type: delay, duration: 1s}\n  output:\n" + "".join(f"    k{i}: {i}\n" for i in range(n)))),
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
    "configuration: paths": (60, paths),
    "server: paths among endpoints": (100, Served(endpoints, lambda n: [
        ("port", post(f"/p{i}{f'/{i}' if i % 2 else ''}", f'{{"id":"k{i}"}}'), 202) for i in range(n)])),
    "server: paths that are not there": (100, Served(endpoints, lambda n: [
        ("port", post(f"/p{i}/x/y", "{}"), 404) for i in range(n)])),
    "server: fields of a head": (24, Served(one_endpoint, many(200, lambda n, i: post(
        "/done", f'{{"id":"k{i}"}}', "".join(f"X-{j}: 1\r\n" for j in range(n)))))),
    "server: a long field of a head": (3900, Served(one_endpoint, many(100, lambda n, i: post(
        "/done", f'{{"id":"k{i}"}}', f"X-Long: {'a' * n}\r\n")))),
    "server: a long target": (1900, Served(one_endpoint, many(200, lambda n, i: post("/done?" + "a=b&" * (n // 4), f'{{"id":"k{i}"}}')))),
    "server: search of the ledger": (500, Served(durable, searches)),
    "configuration: components": (60, configuration(
        lambda n: "components:\n" + "".join(f"  c{i}: {{type: http-client, endpoint: 'http://a.example/{i}'}}\n" for i in range(n)))),
}


def instructions(program, arguments, folder):
    out = folder / "callgrind.out"
    run = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(program)] + arguments,
                         capture_output=True, text=True, errors="replace", cwd=folder, timeout=600)
    if run.returncode < 0 or run.returncode > 2:
        sys.exit(f"{' '.join(arguments)[:200]} ended with {run.returncode}:\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}")
    return total(out, run.stdout[-2000:] + run.stderr[-2000:])


def total(out, told):
    """The instructions that callgrind has counted."""
    found = re.search(r"^(?:summary|totals): (\d+)", out.read_text() if out.exists() else "", re.M)
    if not found:
        sys.exit(f"callgrind has counted nothing:\n{told}")
    return int(found.group(1))


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
            counts = [run.count(program, size * factor, folder) if isinstance(run, Served)
                      else instructions(program, run(size * factor, folder), folder) for factor in (1, 2, 4)]
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
