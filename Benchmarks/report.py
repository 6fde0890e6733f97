#!/usr/bin/env python3
"""Makes docs/performance.md, its plots, and the three figures in README.md out of what `make bench` and `make bench-full` measured."""

import argparse
import json
import sys
from pathlib import Path

from harness import plots
from measures import durable

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
#: What a reader of the README is told: a sentence, and the rows whose medians stand in it.
TOLD = (
    ("A durable callback goes {} times as fast to the run that waits for it as through FastAPI and SQLite with a commit for each.",
     ("durable, 64 connections: throughput / FastAPI + SQLite, a commit for each",)),
    ("Matching a callback to one of 1,000,000 waiting runs and carrying that run on takes {} times the processor time of an nginx "
     "that only answers `return 200` (in memory).",
     ("the same with the run's own work, all threads / nginx",)),
    ("A waiting run takes {} of memory; from a start to the first answered callback it takes {}.",
     ("a waiting run among 100,000, live memory", "start to first answered callback, empty store")),
)


def machine_text(about):
    """The machine in one sentence."""
    return (f"{about['processors']} processors ({about['model']}{', a virtual machine' if about['virtual'] else ''}), "
            f"{about['memory']}, {about['system']}, kernel {about['kernel']}; before the measurement "
            f"{about['busy_before'] * 100:.0f} % of the processors' time went to other work (load "
            f"{about['load_before']}); state {about['commit']}, {about['date']}.")


def markdown_table(head, rows):
    """A table of Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def goal_cells(rows):
    """The rows of goals as cells."""
    words = {True: "yes", False: "**no**", None: ""}
    return [[row["measure"], row["goal"], row["reached"] + (f"; {row['remark']}" if row["remark"] else ""),
             words[row["met"]]] for row in rows]


def peer_cells(lines, missing):
    """The servers as cells."""
    cells = []
    for line in lines:
        cost, loop = line["cpu_us"], line["loop_cpu_us"]
        cells.append([line["name"], f"{cost['median']:.2f}", f"{cost['min']:.2f} to {cost['max']:.2f}",
                      f"{loop['median']:.2f}" if loop else "", f"{line['per_second']['median']:,.0f}",
                      f"{line['p99_us']['median']:,.0f}", f"{line['load_cpu_us']['median']:.2f}", line["bottleneck"]])
    return cells + [[name, reason, "", "", "", "", "", ""] for name, reason in missing.items()]


def draw(name, text):
    """Writes a plot."""
    folder = ROOT / "docs" / "plots"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text(text, encoding="utf-8")


def draw_bench(bench):
    """The plots of `make bench`."""
    lines = bench["figures"]["keep_alive"]
    draw("peers", plots.bars("CPU of the server for a 194-byte callback, 64 connections",
                             {line["name"]: line["cpu_us"]["median"] for line in lines}, "µs, logarithmic"))
    tails = {name: [tuple(pair) for pair in found["buckets"]] for name, found in bench["figures"]["tail"].items()}
    if tails:
        draw("latency", plots.percentiles("Latency at 70 % of each server's capacity, open loop", tails))
    committing = bench["figures"].get("durable_tail", {}).get("latency")
    if committing:
        draw("latency-durable", plots.percentiles(
            "Latency with and without a commit, open loop",
            {name: [tuple(pair) for pair in found["buckets"]] for name, found in committing.items()}))


def draw_full(full):
    """The plots of `make bench-full`."""
    for curve in full["curves"]:
        # Zero has no place on a logarithmic axis: it stands where a tenth would.
        points = [(point["x"] or 0.1, point) for point in curve["points"]]
        cost = {"sluice": [(x, point["cpu_us"]["median"]) for x, point in points]}
        draw(f"cost-{curve['name']}", plots.lines(
            f"{curve['unit']}, over {curve['over']}", cost, curve["over"], "µs", log_y=not curve["is_flat_wanted"],
            x_names={0.1: "0"}))
        if curve["name"] == "connections":
            rate = {"delivered": [(x, point["per_second"]["median"]) for x, point in points]}
            draw("throughput-connections", plots.lines(
                "Throughput over connections", rate, "connections", "callbacks per second"))
    if full["overload"]:
        series = {}
        for line in full["overload"]:
            series.setdefault(line["bound"], []).append((line["offered"], line["goodput"]["median"]))
        draw("overload", plots.lines("Goodput under overload", series, "offered / peak", "goodput / peak", log_x=False))


def curve_section(curve):
    """One curve as text."""
    rows = [[f"{point['x']:,}", f"{point['cpu_us']['median']:.2f}",
             f"{point['cpu_us']['min']:.2f} to {point['cpu_us']['max']:.2f}", f"{point['per_second']['median']:,.0f}"]
            for point in curve["points"]]
    if curve["is_worse_than_linear"]:
        said = f"**Worse than linear** between two points (power {curve['worst_exponent']:.2f})."
    elif curve["is_flat_wanted"]:
        said = ("Flat: " if curve["is_flat"] else "**Not flat**: ") + (
            f"the last point costs {curve['last_over_least']:.2f} times the least.")
    else:
        said = f"At most linear (power {curve['worst_exponent']:.2f})."
    return (f"### Over {curve['over']}\n\n{curve['unit']}. {said}\n\n![Cost over {curve['over']}]"
            f"(plots/cost-{curve['name']}.svg)\n\n"
            + markdown_table([curve["over"], "µs", "least to most", "per second"], rows))


def durable_section(figures):
    """What it takes to keep a callback before it is answered."""
    text = ("## Kept before it is answered\n\nCallbacks that meet a waiter, with a store on disk that commits before each answer "
            "(*durable*), with `store: memory`, beside nginx that keeps nothing, and beside receivers of some forty lines "
            "that do an INSERT and a commit for each (`Benchmarks/peers/fastapi-*`); PostgreSQL's processes count as the "
            "receiver's. *Callback* is the way from the socket to the answer with the log's commit in between (the threads "
            "`loop` and `log-writer`), *run* is the run that goes on and ends, *store* is the thread that writes the database "
            "behind all that. The server is quiet before a measurement, and what it does afterwards for these callbacks "
            "counts too.\n\n" + markdown_table(durable.HEAD, durable.cells(figures["durable"])))
    if figures.get("durable_tail", {}).get("latency"):
        text += ("\n\nLatency at 70 % of what the durable one can do on 64 connections, both at the same rate.\n\n"
                 "![Latency with and without a commit](plots/latency-durable.svg)")
    return text


def overload_section(lines):
    """What becomes of overload."""
    rows = [[line["bound"], f"{line['offered']} times", f"{line['goodput']['median']:.2f}",
             f"{line['p99_ms']['median']:,.0f} ms", f"{line['shed']['median'] * 100:.0f} %", line["lost"],
             line["shed_silently"]] for line in lines]
    return ("## Overload\n\nBulk bodies to an endpoint that is costly to judge, offered in an open loop on 256 connections, with "
            "`max_concurrent_count: 8` and `max_queued_count: 64`, and without a bound.\n\n"
            "![Goodput under overload](plots/overload.svg)\n\n" + markdown_table(
                ["places", "offered", "goodput / peak", "p99 of the accepted", "shed", "lost",
                 "503 without Retry-After"], rows))


def caution(bench):
    """What a reader has to know of figures that were not taken as they should be."""
    said = []
    if bench["quick"]:
        said.append("taken with `QUICK=1`, which has shorter rounds and fewer waiters")
    if bench["machine"]["busy_before"] > 0.2:
        said.append("taken on a machine that was busy with other work: trust the ratios of CPU time, not throughput, "
                    "latency or scaling")
    return f"**These figures were {', and '.join(said)}.** " if said else ""


def page(bench, full, notes):
    """docs/performance.md."""
    parts = [
        f"# Performance\n\n{caution(bench)}Made by `make bench-report` from what `make bench` and `make bench-full` measured; the notes at "
        "the end are in `Benchmarks/notes.md`.\n\n" + machine_text(bench["machine"]),
        "## Goals\n\n`make bench` prints this table. A ratio is taken inside a round; what is given is the median of the "
        "rounds, with the least and the most.\n\n" + markdown_table(
            ["measure", "goal", "reached", "met"], goal_cells(bench["rows"])),
        "## Beside others\n\nA callback of 194 bytes on 64 kept-alive connections; each server on one processor with equal "
        "settings, the load on the others. Ours meets a waiter among as many as the table above says (delivered), or "
        "nobody (held); *loop* is the part of the thread that serves connections. The others parse what their kind of server "
        "would, and have no waiters.\n\n![CPU beside others](plots/peers.svg)\n\n" + markdown_table(
            ["server", "CPU µs", "least to most", "loop", "requests/s", "p99 µs", "load's CPU µs", "bottleneck"],
            peer_cells(bench["figures"]["keep_alive"], bench["figures"]["missing"])),
    ]
    if bench["figures"]["tail"]:
        parts.append("## Latency\n\nIn an open loop: a request's time begins when it was due, not when it was sent.\n\n"
                     "![Latency](plots/latency.svg)")
    if bench["figures"].get("durable"):
        parts.append(durable_section(bench["figures"]))
    if full:
        parts.append("## Cost as the work grows\n\n`make bench-full` prints these. " + machine_text(full["machine"]))
        parts += [curve_section(curve) for curve in full["curves"]]
        if any(curve["name"] == "connections" for curve in full["curves"]):
            parts.append("![Throughput over connections](plots/throughput-connections.svg)")
        if full["overload"]:
            parts.append(overload_section(full["overload"]))
    return "\n\n".join(parts + [notes.strip()]) + "\n"


def update_readme(bench):
    """Puts the figures that a reader is told between the marks."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        sys.exit("README.md has no marks for the figures")
    reached = {row["measure"]: row["reached"].split(" (")[0] for row in bench["rows"]}
    told = "\n".join("- " + sentence.format(*(reached.get(row, "?") for row in rows)) for sentence, rows in TOLD)
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    path.write_text(f"{head}{BEGIN}\n{told}\n\n{caution(bench)}{machine_text(bench['machine'])}\n{END}{tail}", encoding="utf-8")


def main():
    """Reads what was measured, writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT / ".build" / "bench" / "bench.json")
    parser.add_argument("--full", type=Path, default=ROOT / ".build" / "bench" / "bench-full.json")
    options = parser.parse_args()
    if not options.bench.exists():
        sys.exit(f"{options.bench} is not there: make bench")
    bench = json.loads(options.bench.read_text(encoding="utf-8"))
    full = json.loads(options.full.read_text(encoding="utf-8")) if options.full.exists() else None
    draw_bench(bench)
    if full:
        draw_full(full)
    notes = (ROOT / "Benchmarks" / "notes.md").read_text(encoding="utf-8")
    (ROOT / "docs" / "performance.md").write_text(page(bench, full, notes), encoding="utf-8")
    update_readme(bench)


if __name__ == "__main__":
    main()
