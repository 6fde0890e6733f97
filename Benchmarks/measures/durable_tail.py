"""What committing adds to latency, beside the least that the disk takes: one append and fdatasync after the other."""

import json
import subprocess

from harness import machine, rounds
from harness.goals import Row

from . import tail

CONNECTIONS = 64
#: What is appended: as many bytes as a callback's body has.
APPENDED_BYTES = 194


def bare(ours, seconds):
    """Appends and syncs for some seconds, on the disk and the processor that the store has."""
    command = ["taskset", "-c", machine.SERVER_CPU, ours.shop.compiled("append"), str(ours.disk / "append"),
               str(APPENDED_BYTES), str(seconds)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)


def measure(ours, scale, capacity):
    """Rounds of ours without a store, with it, and of bare appends; `capacity` is the durable one's in a closed loop."""
    rate = int(capacity * tail.SHARE)
    count = int(rate * scale.durable_tail_seconds)

    def one(name):
        if name == "bare":
            return bare(ours, scale.durable_seconds)
        return ours.ours(name, connections=CONNECTIONS, rate=rate, count=count)

    return rounds.interleaved(["memory", "durable", "bare"], one, scale.durable_rounds, warm=False)


def p99(result):
    """The latency that one of a hundred requests exceeds."""
    return result["latency_ns"]["p99"] / 1000


def bare_p99(result):
    """The time that one of a hundred appends exceeds."""
    return result["p99_ns"] / 1000


def summary(results):
    """Latencies of ours, and what was appended."""
    found = {name: tail.typical(of) for name, of in results.items() if of and name != "bare"}
    return {"latency": found, "bare": results.get("bare")}


def rows(results):
    """The row with the goal, and what it is made of."""
    memory, durable, appended = (results.get(name) for name in ("memory", "durable", "bare"))
    added, goal = "durable p99 less memory p99, 70 % of the durable capacity / p99 of a bare append + fdatasync", "≤ 5"
    if not (memory and durable and appended):
        return [Row(added, goal)]
    differences = [p99(one) - p99(other) for one, other in zip(durable, memory)]
    return [
        Row(added, goal, rounds.spread([more / bare_p99(least) for more, least in zip(differences, appended)]), at_most=5),
        Row("durable p99 at that rate", "", rounds.of(durable, p99), unit=" µs", digits=0),
        Row("memory p99 at that rate", "", rounds.of(memory, p99), unit=" µs", digits=0),
        Row("bare append + fdatasync, p99", "", rounds.of(appended, bare_p99), unit=" µs", digits=0),
        Row("bare append + fdatasync, median", "", rounds.of(appended, lambda found: found["p50_ns"] / 1000),
            unit=" µs", digits=0),
        Row("bare append + fdatasync, in a loop", "", rounds.of(appended, lambda found: found["per_second"]),
            unit="/s", digits=0),
    ]
