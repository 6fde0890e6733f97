"""Sixteen requests under way on every connection: what is left when the kernel's part is shared."""

from harness import rounds
from harness.goals import Row

from . import keep_alive

DEPTH = 16


def measure(shop, servers, scale):
    """Rounds over the floor, nginx and ours."""
    chosen = {name: servers[name] for name in ("floor", "nginx", "sluice") if name in servers}
    return keep_alive.measure(shop, chosen, scale, pipeline=DEPTH)


def rows(results):
    """The row of the table."""
    ours, floor = results.get("sluice delivered"), results.get("floor")
    both = bool(ours and floor)
    return [
        Row("pipelined ×16, delivered, loop thread, CPU / floor", "≤ 2.0",
            rounds.ratio(ours, floor, keep_alive.loop_cpu, keep_alive.cpu) if both else None, at_most=2.0),
        Row("the same with the run's own work, all threads / floor", "",
            rounds.ratio(ours, floor, keep_alive.cpu) if both else None),
    ]
