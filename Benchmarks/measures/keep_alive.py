"""Callbacks over kept-alive connections: all peers, and ours delivered to waiters among a million."""

from harness import load, rounds
from harness.goals import Row


def cpu(result):
    """CPU of the whole server for a request."""
    return result["server_cpu_us"]


def loop_cpu(result):
    """CPU of the loop threads for a request: the callback's way from the socket to the answer."""
    return result["thread_cpu_us"].get("loop", 0)


def run_cpu(result):
    """CPU of the other threads: the run that goes on."""
    return result["server_cpu_us"] - loop_cpu(result)


def rate(result):
    """Answers per second."""
    return result["per_second"]


def measure(shop, servers, scale, *, connections=64, pipeline=1):
    """Interleaved rounds over all servers; ours is measured held, delivered, and with heads that differ."""
    deep = {"pipeline": pipeline} if pipeline > 1 else {}

    def one(name):
        if name == "sluice delivered":
            return load.run(shop, servers["sluice"], checked=True, connections=connections,
                            count=scale.delivered, **deep)
        if name == "sluice, heads differ":
            return load.run(shop, servers["sluice"], checked=True, connections=connections, count=scale.delivered,
                            header="X-Delivery: {key}", **deep)
        server = servers["sluice"] if name == "sluice held" else servers[name]
        return load.run(shop, server, connections=connections, duration=f"{scale.seconds}s", **deep)

    names = [name for name in servers if name != "sluice"] + ["sluice held", "sluice delivered"]
    if pipeline == 1:
        names.append("sluice, heads differ")
    return rounds.interleaved(names, one, scale.rounds)


def summary(results):
    """A line for each server: CPU, throughput, latency, and who was the bottleneck."""
    lines = []
    for name, found in results.items():
        if not found:
            continue
        busy = rounds.of(found, lambda result: result["server_busy"])["median"]
        own = rounds.of(found, lambda result: result["own_busy"])["median"]
        lines.append({
            "name": name, "cpu_us": rounds.of(found, cpu), "per_second": rounds.of(found, rate),
            "loop_cpu_us": rounds.of(found, loop_cpu) if name.startswith("sluice") else None,
            "p99_us": rounds.of(found, lambda result: result["latency_ns"]["p99"] / 1000),
            "load_cpu_us": rounds.of(found, lambda result: result["own_cpu_us"]),
            "server_busy": busy, "load_busy": own,
            "bottleneck": bottleneck(busy, own),
        })
    return lines


def bottleneck(busy, own):
    """Who could do no more: by the share of its processors' time that each spent."""
    if max(busy, own) < 0.85:
        return "others on this machine"
    return "server" if busy >= own else "load"


def rows(results, waiters):
    """The rows of the table that these rounds answer."""
    ours, held = results.get("sluice delivered"), results.get("sluice held")
    if not ours:
        return [Row("keep-alive 194 B callback delivered", "", missing="not measured")]
    where = f"delivered, {waiters:,} waiters"
    found = [
        against(f"keep-alive callback {where}, loop thread, CPU / floor", "≤ 1.25", ours, results.get("floor"),
                loop_cpu, at_most=1.25),
        against("the same / nginx `return 200`", "≤ 0.90", ours, results.get("nginx"), loop_cpu, at_most=0.90),
        against("the same with the run's own work, all threads / floor", "", ours, results.get("floor"), cpu),
        against("the same with the run's own work, all threads / nginx", "", ours, results.get("nginx"), cpu),
        against("the same, loop thread, with a head that differs each time / floor", "",
                results.get("sluice, heads differ"), results.get("floor"), loop_cpu),
        Row("the run's own work for a callback, CPU", "", rounds.of(ours, run_cpu), unit=" µs"),
        Row("load generator's CPU / server's, delivered", "< 1",
            rounds.ratio(ours, ours, lambda result: result["own_cpu_us"], cpu), at_most=1),
    ]
    if held:
        found.insert(4, against("keep-alive callback held (no run), all threads / nginx", "", held,
                                results.get("nginx"), cpu))
    reference = results.get("reference")
    found.append(Row("throughput / reference implementation", "≥ 40",
                     rounds.ratio(ours, reference, rate) if reference else None, at_least=40, digits=1,
                     missing="reference not installed"))
    found.append(Row("CPU of the reference implementation / ours, all threads", "≥ 50",
                     rounds.ratio(reference, ours, cpu) if reference else None, at_least=50, digits=1,
                     missing="reference not installed"))
    return found


def against(measure_name, goal, ours, theirs, pick, **bounds):
    """A row of our figure divided by the whole CPU of another server."""
    return Row(measure_name, goal, rounds.ratio(ours, theirs, pick, cpu) if ours and theirs else None,
               missing="peer not installed", **bounds)
