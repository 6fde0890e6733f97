"""Latency at 70 % of what each server can do, in an open loop: it counts from the moment a request was due."""

import statistics

from harness import load, rounds
from harness.goals import Row

SHARE = 0.7


def measure(shop, servers, scale, capacities):
    """Rounds beside nginx; `capacities` are answers per second in a closed loop."""
    def one(name):
        rate = int(capacities[name] * SHARE)
        count = int(rate * scale.tail_seconds)
        return load.run(shop, servers[name], checked=name == "sluice", rate=rate, count=count)
    return rounds.interleaved([name for name in ("nginx", "sluice") if name in capacities], one, scale.rounds)


def capacity(results):
    """The median of answers per second."""
    return statistics.median(result["per_second"] for result in results)


def typical(results):
    """The latencies of the round whose p99 is the one in the middle."""
    found = sorted((result["latency_ns"] for result in results), key=lambda latency: latency["p99"])
    return found[len(found) // 2]


def rows(results):
    """The row of the table, and both tails."""
    ours, nginx = results.get("sluice"), results.get("nginx")
    if not (ours and nginx):
        return [Row("p99 at 70 % of capacity / nginx's", "≤ 1.5")]
    def p99(result):
        return result["latency_ns"]["p99"] / 1000
    return [
        Row("p99 at 70 % of capacity, delivered / nginx's", "≤ 1.5", rounds.ratio(ours, nginx, p99), at_most=1.5),
        Row("p99 at 70 % of capacity", "", rounds.of(ours, p99), unit=" µs", digits=0),
        Row("nginx's p99 at 70 % of its capacity", "", rounds.of(nginx, p99), unit=" µs", digits=0),
    ]
