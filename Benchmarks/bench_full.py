#!/usr/bin/env python3
"""Measures how the cost of a callback grows with everything it could grow with, and what becomes of overload.

Each curve is bounded in time. `make bench-full` builds what this needs; it takes about a quarter of an hour.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from harness import goals, load, machine, peers
from harness.rounds import note
from harness.scale import Scale
from harness.servers import Missing
from measures import curves, overload

ROOT = Path(__file__).resolve().parent.parent


def measure(shop, scale, wanted):
    """All curves that are wanted; one that fails is told and left out."""
    found = []
    for make in curves.ALL:
        if wanted and make.__name__ not in wanted:
            continue
        began = time.monotonic()
        note(f"{make.__name__} ")
        try:
            found.append(make(shop, scale))
        except (load.LoadFailed, Missing, OSError) as error:
            note(f" failed: {error}")
        note(f" {time.monotonic() - began:.0f} s\n")
    return found


def print_curve(curve):
    """The points of a curve, and what is to be said of it."""
    verdict = curve.verdict()
    print(f"\n{curve.unit}, over {curve.over}:\n")
    print(goals.table([curve.over, "CPU µs", "least to most", "per second"], [
        [f"{point['x']:,}", f"{point['cpu_us']['median']:.2f}",
         f"{point['cpu_us']['min']:.2f} to {point['cpu_us']['max']:.2f}", f"{point['per_second']['median']:,.0f}"]
        for point in curve.points]))
    if verdict["is_worse_than_linear"]:
        print(f"WORSE THAN LINEAR: the cost grows with the power {verdict['worst_exponent']:.2f} between two points")
    elif curve.is_flat and not verdict["is_flat"]:
        print(f"not flat: the last point costs {verdict['last_over_least']:.2f} times the least")
    else:
        print("flat" if curve.is_flat else f"at most linear (power {verdict['worst_exponent']:.2f})")


def print_overload(lines):
    """What became of each offer."""
    print("\nOffers of bulk bodies to a costly endpoint, with max_concurrent_count: 8 and without:\n")
    print(goals.table(["bound", "offered / peak", "goodput / peak", "p99 of the accepted", "shed", "neither", "lost",
                       "503 without Retry-After"], [
        [line["bound"], line["offered"], f"{line['goodput']['median']:.2f}", f"{line['p99_ms']['median']:,.0f} ms",
         f"{line['shed']['median'] * 100:.0f} %", f"{line['other']['median'] * 100:.0f} %", line["lost"],
         line["shed_silently"]] for line in lines]))


def main():
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [make.__name__ for make in curves.ALL]
    parser.add_argument("--quick", action="store_true", help="shorter rounds, one of each")
    parser.add_argument("--only", action="append", choices=names + ["overload"], help="one part; repeatable")
    parser.add_argument("--json", type=Path, default=ROOT / ".build" / "bench" / "bench-full.json",
                        help="where figures go")
    options = parser.parse_args()
    if len(machine.REST) < 1:
        sys.exit("two processors are needed: one for the server, one for the load")
    began, about, scale = time.monotonic(), machine.describe(ROOT), Scale(options.quick)
    lines = []
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        shop = peers.Workshop(ROOT, folder)
        found = measure(shop, scale, options.only)
        if not options.only or "overload" in options.only:
            note("overload ")
            lines = overload.summary(overload.measure(shop, scale))
    report = {"machine": about, "quick": options.quick, "seconds": time.monotonic() - began,
              "curves": [curve.json() for curve in found], "overload": lines}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    for curve in found:
        print_curve(curve)
    if lines:
        print_overload(lines)
    print(f"\nAs JSON: {options.json}")


if __name__ == "__main__":
    main()
