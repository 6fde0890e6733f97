"""Cost as the work grows: each curve is the CPU for a unit of work over one number that grows."""

import math

from harness import load, machine, peers
from harness.quiet import Quiet
from harness.rounds import note, spread

CONNECTIONS = (1, 10, 100, 1_000, 10_000)
WAITERS = (0, 1_000, 10_000, 100_000, 1_000_000)
ENDPOINTS = (1, 10, 100, 1_000, 10_000)
SIZES = (119, 194, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
ITEMS = (1, 10, 100, 1_000, 10_000, 100_000)
WORKFLOWS = (1, 10, 100, 1_000)
#: For how many seconds a server has to be quiet before a measurement that counts all its work, and after it.
PAUSE = 0.2
#: A unit may cost this many times what it costs at the least before a curve counts as worse than linear, or as not flat.
TOLERANCE = 1.5


class Curve:
    """One curve: the points, and how they are to be read."""

    def __init__(self, name, over, unit, is_flat=False):
        self.name, self.over, self.unit, self.is_flat = name, over, unit, is_flat
        self.points = []

    def add(self, x, results, per=1):
        """A point: CPU of the server for a request, divided by how many units of work it carries."""
        costs = [result["server_cpu_us"] / per for result in results]
        rates = [result["per_second"] * per for result in results]
        self.points.append({"x": x, "cpu_us": spread(costs), "per_second": spread(rates)})

    def verdict(self):
        """What is to be said of it: the largest slope between neighbours, and whether it is worse than it should be."""
        worst = 0.0
        for one, other in zip(self.points, self.points[1:]):
            if one["x"] > 0:
                growth = other["cpu_us"]["median"] / one["cpu_us"]["median"]
                worst = max(worst, math.log(growth) / math.log(other["x"] / one["x"]))
        least = min(point["cpu_us"]["median"] for point in self.points)
        last = self.points[-1]["cpu_us"]["median"]
        return {"worst_exponent": worst, "last_over_least": last / least,
                "is_worse_than_linear": worst > 1.1 and last / least > TOLERANCE,
                "is_flat": last / least <= TOLERANCE}

    def json(self):
        """The curve for programs."""
        return {"name": self.name, "over": self.over, "unit": self.unit, "is_flat_wanted": self.is_flat,
                "points": self.points, **self.verdict()}


def held(shop, server, scale, **options):
    """Callbacks that nobody waits for."""
    return [load.run(shop, server, duration=f"{scale.seconds}s", **options) for _ in range(scale.curve_rounds)]


def delivered(shop, server, scale, **options):
    """Callbacks that each meet a waiter."""
    return [load.run(shop, server, checked=True, **options) for _ in range(scale.curve_rounds)]


def with_server(shop, body, **settings):
    """Runs a body with a server of our own."""
    server = peers.start_sluice(shop, **settings)
    try:
        return body(server)
    finally:
        server.stop()


def connections(shop, scale):
    """1 to 10,000 connections, delivered."""
    curve = Curve("connections", "connections", "CPU µs for a delivered callback", is_flat=True)
    most = min(CONNECTIONS[-1], machine.raise_open_files() - 100)

    def body(server):
        for count in CONNECTIONS:
            wanted = max(scale.delivered // (6 if count == 1 else 1), 4 * count)
            curve.add(count, delivered(shop, server, scale, connections=min(count, most), count=wanted))
            note(".")
    with_server(shop, body)
    return curve


def waiters(shop, scale):
    """0 to 1,000,000 other waiters, delivered."""
    curve = Curve("waiters", "waiting runs", "CPU µs for a delivered callback", is_flat=True)

    def body(server):
        there = 0
        for count in WAITERS:
            if count > there:
                load.prepare(shop, server, count - there)
                there = count
            curve.add(count, delivered(shop, server, scale, count=scale.delivered))
            note(".")
    with_server(shop, body)
    return curve


def many(shop, *, endpoints=1, workflows=1, name):
    """Our server with many endpoints or workflows."""
    paths = "\n".join(
        f"      - {{ id: e{number}, path: /done{number}, identify_by: \"${{body.task_id}}\", result: \"${{body.output}}\" }}"
        for number in range(endpoints))
    starts = "\n".join(
        f"      - {{ path: /start{number}, workflow: w{number}, input: {{ key: \"${{body.key}}\" }} }}"
        for number in range(workflows))
    flows = "\n".join(
        f"  - {{ id: w{number}, jobs: [ {{ id: note, component: note, input: {{ key: \"${{input.key}}\" }} }} ] }}"
        for number in range(workflows))
    return peers.start_sluice(shop, configuration="sluice/many.yml", name=name, endpoints=paths, triggers=starts,
                              workflows=flows)


def endpoints(shop, scale):
    """1 to 10,000 endpoints; the callbacks go to the last one."""
    curve = Curve("endpoints", "callback endpoints", "CPU µs for a held callback", is_flat=True)
    for count in ENDPOINTS:
        server = many(shop, endpoints=count, name=f"sluice {count} endpoints")
        try:
            curve.add(count, held(shop, server, scale, url=server.at("port", f"/done{count - 1}")))
        finally:
            server.stop()
        note(".")
    return curve


def workflows(shop, scale):
    """1 to 1,000 workflows; the triggers start the last one."""
    curve = Curve("workflows", "workflows", "CPU µs for a trigger and its run", is_flat=True)
    for count in WORKFLOWS:
        server = many(shop, workflows=count, name=f"sluice {count} workflows")
        try:
            results = [load.run(shop, server, "trigger", url=server.at("trigger_port", f"/start{count - 1}"),
                                count=scale.delivered) for _ in range(scale.curve_rounds)]
            curve.add(count, results)
        finally:
            server.stop()
        note(".")
    return curve


def sizes(shop, scale):
    """Bodies of 119 bytes to 10 MB, delivered."""
    curve = Curve("body", "bytes of the body", "CPU µs for a delivered callback")

    def body(server):
        for size in SIZES:
            count = max(16, min(scale.delivered, int(1.5e9 / size) if scale.curve_rounds > 1 else int(3e8 / size)))
            curve.add(size, delivered(shop, server, scale, count=count, body_size=size,
                                      connections=min(64, max(4, count // 8))))
            note(".")
    with_server(shop, body)
    return curve


def items(shop, scale):
    """Bulk bodies of 1 to 100,000 callbacks, delivered; the cost is that of one callback, all its run does included.

    Without waiting for the runs it would depend on how many of them end before the last answer.
    """
    curve = Curve("bulk", "callbacks in a body", "CPU µs for one of them, delivered, and its run", is_flat=True)

    def body(server):
        for count in ITEMS:
            requests = max(4, min(scale.delivered, 4 * scale.delivered // count))
            results = [load.run(shop, server, "bulk", url=server.at("port", "/many"), checked=True, items=count,
                                count=requests, connections=min(64, requests), quiet=Quiet(PAUSE, PAUSE))
                       for _ in range(scale.curve_rounds)]
            curve.add(count, results, per=count)
            note(".")
    with_server(shop, body)
    return curve


ALL = (connections, waiters, endpoints, sizes, items, workflows)
