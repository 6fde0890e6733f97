"""Delivered callbacks with a store on disk that commits before it answers: beside memory, nginx and receivers of few lines."""

import json
import subprocess
from contextlib import ExitStack, contextmanager

from harness import load, machine, peers, rounds
from harness.goals import Row
from harness.quiet import Quiet
from harness.rounds import note
from harness.servers import Missing

from . import keep_alive

#: CPU of a callback in nginx's, at counts of connections; None where there is no goal.
GOALS = {512: 1.0, 64: 1.1, 2048: None}
#: The receivers that keep each callback in a database, and how they are started.
RECEIVERS = {"FastAPI + SQLite": peers.start_fastapi_sqlite, "FastAPI + PostgreSQL": peers.start_fastapi_postgresql}
#: Where the receivers are beside us.
RECEIVERS_AT = 64
#: Work behind the answers: the thread that writes the database.
STORE_THREADS = ("store",)
#: A callback's way from the socket to the answer: the loop, and the log that is written before it.
CALLBACK_THREADS = ("loop", "log")
#: The store writes some of its notes a second after everything else: it is quiet when it was so for longer.
STORE_PAUSE = 1.2
PAUSE = 0.2


def store_cpu(result):
    """CPU of the store's thread."""
    return sum(result["thread_cpu_us"].get(name, 0) for name in STORE_THREADS)


def process_cpu(result):
    """CPU of all threads but the store's."""
    return result["server_cpu_us"] - store_cpu(result)


def callback_cpu(result):
    """CPU of the threads that take a callback, commit and answer it: without the run that goes on."""
    return sum(result["thread_cpu_us"].get(name, 0) for name in CALLBACK_THREADS)


class Servers:
    """Ours twice, with a store on disk and without, and nginx, each with what it takes to be quiet."""

    def __init__(self, shop, nginx, disk):
        self.shop, self.nginx, self.disk = shop, nginx, disk
        self.store = disk / "store"
        self.quick = Quiet(PAUSE, PAUSE)
        self.slow = Quiet(STORE_PAUSE, PAUSE, self.is_level)
        self.durable = peers.start_sluice(shop, store=f"{{ path: {self.store} }}", name="sluice durable")
        self.memory = peers.start_sluice(shop, name="sluice memory")

    def is_level(self):
        """Whether the store has all that the log has."""
        done = subprocess.run(["taskset", "-c", machine.LOAD_CPUS, self.shop.sluice, "store", "stats", "--json",
                               "--path", self.store], capture_output=True, text=True, check=True)
        stats = json.loads(done.stdout)
        return stats["complete_through"] + 1 >= stats["log"]["next_number"]

    def ours(self, name, **options):
        """Delivered callbacks to one of ours."""
        server, quiet = (self.durable, self.slow) if name == "durable" else (self.memory, self.quick)
        return load.run(self.shop, server, checked=True, quiet=quiet, **options)

    def stop(self):
        """Ends ours."""
        self.durable.stop()
        self.memory.stop()


@contextmanager
def started(shop, servers):
    """The servers, on a disk, as long as it takes."""
    with shop.disk() as disk:
        ours = Servers(shop, servers.get("nginx"), disk)
        try:
            yield ours
        finally:
            ours.stop()


def measure(ours, scale):
    """Rounds at each count of connections; the receivers are there at one of them."""
    results = {}
    for connections in scale.durable_connections:
        with ExitStack() as stack:
            receivers = start_receivers(ours, stack) if connections == RECEIVERS_AT else {}

            def one(name, connections=connections, receivers=receivers):
                if name in ("durable", "memory"):
                    return ours.ours(name, connections=connections, count=scale.durable)
                server = receivers.get(name, ours.nginx)
                return load.run(ours.shop, server, connections=connections, quiet=ours.quick,
                                duration=f"{scale.durable_seconds}s")

            names = (["nginx"] if ours.nginx else []) + ["memory", "durable", *receivers]
            # The servers stay the same: once they are warm they stay so.
            results[connections] = rounds.interleaved(names, one, scale.durable_rounds, warm=not results)
    return results


def start_receivers(ours, stack):
    """Those that can be started here; the stack stops them."""
    found = {}
    for name, start in RECEIVERS.items():
        try:
            found[name] = start(ours.shop, ours.disk)
        except Missing as reason:
            note(f"{name}: {reason}\n")
            continue
        stack.callback(found[name].stop)
    return found


def summary(found):
    """A line for each server, and for ours what each part of the threads took."""
    lines = keep_alive.summary(found)
    for line in lines:
        if line["name"] in ("durable", "memory"):
            results = found[line["name"]]
            line["callback_cpu_us"] = rounds.of(results, callback_cpu)
            line["store_cpu_us"] = rounds.of(results, store_cpu)
    return lines


HEAD = ["connections", "server", "CPU µs, all", "callback", "run", "store", "requests/s", "p99 µs"]


def cells(figures):
    """The lines of all counts of connections for a table under `HEAD`; medians."""
    found = []
    for connections, lines in figures.items():
        for line in lines:
            cpu = line["cpu_us"]["median"]
            parts = [line.get(name, {"median": None})["median"] for name in ("callback_cpu_us", "store_cpu_us")]
            shown = ["", "", ""]
            if None not in parts:
                shown = [f"{value:.2f}" for value in (parts[0], cpu - sum(parts), parts[1])]
            found.append([f"{int(connections):,}", line["name"], f"{cpu:.2f}", *shown,
                          f"{line['per_second']['median']:,.0f}", f"{line['p99_us']['median']:,.0f}"])
    return found


def rows(results):
    """The rows of the table."""
    found = []
    for connections, goal in GOALS.items():
        if connections in results or goal:
            found += rows_at(connections, goal, results.get(connections, {}))
    return found + receiver_rows(results.get(RECEIVERS_AT, {}))


def rows_at(connections, goal, results):
    """What a callback costs at a count of connections."""
    durable, memory, nginx = (results.get(name) or [] for name in ("durable", "memory", "nginx"))
    where = f"durable, {connections:,} connections"

    def beside(theirs, pick, pick_theirs):
        return rounds.ratio(durable, theirs, pick, pick_theirs) if durable and theirs else None

    return [
        Row(f"{where}, delivered: all threads but the store's, CPU / nginx", f"≤ {goal}" if goal else "",
            beside(nginx, process_cpu, keep_alive.cpu), at_most=goal),
        Row(f"{where}: without the run's own work (the loop's and the log's threads) / nginx", "",
            beside(nginx, callback_cpu, keep_alive.cpu)),
        Row(f"{where}: all threads but the store's / `store: memory`", "",
            beside(memory, process_cpu, keep_alive.cpu)),
        Row(f"{where}: the store's thread beside it, CPU", "≤ 2 µs",
            rounds.of(durable, store_cpu) if durable else None, at_most=2, unit=" µs"),
        Row(f"{where}: throughput / `store: memory`", "", beside(memory, keep_alive.rate, keep_alive.rate)),
    ]


def receiver_rows(results):
    """How many callbacks we take while a receiver of some forty lines takes one."""
    ours, found = results.get("durable"), []
    for name in RECEIVERS:
        theirs = results.get(name)
        where = f"durable, {RECEIVERS_AT} connections"
        found.append(Row(f"{where}: throughput / {name}, a commit for each", "≥ 20",
                         rounds.ratio(ours, theirs, keep_alive.rate) if ours and theirs else None, at_least=20,
                         digits=1))
        found.append(Row(f"{where}: CPU of {name} / ours, all threads", "",
                         rounds.ratio(theirs, ours, keep_alive.cpu) if ours and theirs else None, digits=1))
    return found
