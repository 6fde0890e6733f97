"""More than the server can do: costly endpoints, bounded places, and what becomes of the rest."""

from harness import load, peers, rounds
from harness.goals import Row

ITEMS = 1500
CONNECTIONS = 256
#: What makes the endpoint costly: its status is found by some multiplications for each item.
STATUS = '"${' + " * ".join(["item.output.width"] + ["1"] * 15) + '}"'
BOUND = "max_concurrent_count: 8\n    max_queued_count: 64"


def start(shop, name, bound):
    """Our server with a bound on its callback listener, or without."""
    template = (peers.PEERS / "sluice" / "sluice.yml").read_text(encoding="utf-8")
    if bound:
        template = template.replace("    max_held_count", f"    {bound}\n    max_held_count", 1)
    path = shop.folder / f"{name}.template.yml"
    path.write_text(template, encoding="utf-8")
    return peers.start_sluice(shop, configuration=str(path), name=name, status=STATUS)


def offer(shop, server, **options):
    """Bulk bodies that are judged item by item and change nothing: costly, and always the same."""
    return load.run(shop, server, "bulk", url=server.at("port", "/judged"), items=ITEMS, tolerant=True,
                    timeout="10s", **options)


def goodput(result):
    """Successful answers per second."""
    return result["statuses"].get("200", 0) / max(1e-9, result["seconds"])


def share(result, status):
    """Which share of the answers had a status."""
    return result["statuses"].get(status, 0) / max(1, result["answers"])


def measure(shop, scale, times=(0.5, 1, 2, 4), bounds=(True, False)):
    """For each bound, the peak in a closed loop and then the offers, in turns."""
    found = {}
    for bound in bounds:
        name = "bounded" if bound else "unbounded"
        server = start(shop, f"sluice {name}", BOUND if bound else None)
        try:
            peak = offer(shop, server, connections=8, duration=f"{scale.overload_seconds}s")
            def one(factor, server=server, peak=peak):
                return offer(shop, server, connections=CONNECTIONS, duration=f"{scale.overload_seconds}s",
                             rate=max(1, int(goodput(peak) * factor)))
            results = rounds.interleaved(list(times), one, scale.overload_rounds, warm=False)
        finally:
            server.stop()
        found[name] = {"peak": goodput(peak), "offers": results}
    return found


def summary(found):
    """A line for each offer."""
    lines = []
    for name, part in found.items():
        for factor, results in part["offers"].items():
            if not results:
                continue
            lines.append({
                "bound": name, "offered": factor, "peak_per_second": part["peak"],
                "sent_share": rounds.of(results, lambda r: r["requests"] / max(1, r["requests"] + r["unsent"])),
                "goodput": rounds.of(results, lambda r: goodput(r) / part["peak"]),
                "p99_ms": rounds.of(results, lambda r: r["latency_ns"]["p99"] / 1e6),
                "shed": rounds.of(results, lambda r: share(r, "503")),
                "other": rounds.of(results, lambda r: max(0, 1 - share(r, "200") - share(r, "503"))),
                "lost": sum(r["lost"] + r["timeouts"] for r in results),
                "shed_silently": sum(r["shed_silently"] for r in results),
            })
    return lines


def rows(lines):
    """The row of the table: the largest offer with bounded places."""
    bounded = [line for line in lines if line["bound"] == "bounded"]
    if not bounded:
        return [Row("goodput under overload / peak", "≥ 0.95")]
    last = bounded[-1]
    remark = "every 503 with Retry-After" if last["shed_silently"] == 0 else "503 without Retry-After"
    return [
        Row(f"goodput at {last['offered']} times capacity, max_concurrent_count: 8 / peak", "≥ 0.95", last["goodput"],
            at_least=0.95, remark=remark),
        Row("the same, share that was shed", "", last["shed"]),
    ]
