"""The same workflow of three steps without I/O, ours and the reference's, started in bulk over HTTP."""

import json
import time
import urllib.request

from harness import rounds
from harness.goals import Row

COUNTS = {"sluice": 20_000, "reference": 500}
PATHS = {"sluice": "/three", "reference": "/start"}


def asked(url, body=None):
    """The JSON of an answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def carry(name, server):
    """CPU microseconds of the server for one run, from the request to the end of the last run."""
    count = COUNTS[name]
    spent = server.cpu_ns()
    began = time.monotonic()
    answer = asked(server.at("trigger_port", PATHS[name]),
                   {"items": [{"list": ["keep", "drop", "keep"]}] * count})
    tasks = answer["tasks"] if isinstance(answer, dict) else answer
    last = tasks[-1]["task_id"]
    while asked(server.at("controller_port", f"/tasks/{last}"))["status"] != "completed":
        if time.monotonic() - began > 60:
            raise TimeoutError(f"{name}: runs do not end")
        time.sleep(0.02)
    return {"server_cpu_us": (server.cpu_ns() - spent) / count / 1000, "count": count}


def measure(servers, scale):
    """Rounds of both."""
    chosen = [name for name in ("sluice", "reference") if name in servers]
    return rounds.interleaved(chosen, lambda name: carry(name, servers[name]), scale.rounds)


def rows(results):
    """A run of each, and how they compare."""
    ours, theirs = results.get("sluice"), results.get("reference")
    def cpu(result):
        return result["server_cpu_us"]
    found = []
    if ours:
        found.append(Row("a run of three filter steps, started in bulk over HTTP, CPU", "", rounds.of(ours, cpu),
                         unit=" µs", digits=1))
    if theirs:
        found.append(Row("the same in the reference implementation", "", rounds.of(theirs, cpu), unit=" µs", digits=0))
    if ours and theirs:
        found.append(Row("the reference implementation's CPU for a run / ours", "", rounds.ratio(theirs, ours, cpu),
                         digits=0))
    return found
