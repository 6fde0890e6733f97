"""A new connection for every callback."""

from harness import load, rounds
from harness.goals import Row

from . import keep_alive


def measure(shop, servers, scale):
    """Rounds beside nginx."""
    def one(name):
        if name == "sluice":
            return load.run(shop, servers["sluice"], "churn", checked=True, count=scale.churn)
        return load.run(shop, servers[name], "churn", count=scale.churn)
    return rounds.interleaved([name for name in ("nginx", "sluice") if name in servers], one, scale.rounds)


def rows(results):
    """Connections per second, and the CPU of one."""
    both = results.get("sluice") and results.get("nginx")
    return [
        Row("new connections per second, each with a delivered callback / nginx", "≥ 0.95",
            rounds.ratio(results["sluice"], results["nginx"], keep_alive.rate) if both else None, at_least=0.95),
        Row("the same, CPU of the loop thread / nginx", "",
            rounds.ratio(results["sluice"], results["nginx"], keep_alive.loop_cpu, keep_alive.cpu) if both else None),
    ]
