#!/usr/bin/env python3
"""Counts what a callback of 194 bytes takes in process, stage by stage: instructions (callgrind) and allocations.

Both counts are the same from run to run, where clocks are not. They are compared with the committed ones
(HotPath/baseline.json): `--check` fails when one grew by more than 3 %, or when a callback allocates more than once.
`--write` commits to the present ones. All stages are the server's own code; `read`, `match` and `decide` each include the one before.
`engine` is what the loop does with a request from a read to the written answer, with a handler that answers at once; `whole` is the
parser, the callback service and the answer without a connection. The last stage is the work of `whole` in C (Benchmarks/CReference). `--dom` measures the JSON
scanner beside simdjson's.
"""

import argparse
import json
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASELINE = ROOT / "Benchmarks/HotPath/baseline.json"
STAGES = ["http", "scan", "read", "match", "decide", "answer", "engine", "whole", "reference"]
# What is counted: a stage's turns; for the engine all that the C callback of a read does (its thunk, so that it matches once).
COUNTED = {"engine": "*streamDidRead*To"}
GROWTH_MAX = 1.03
CALLBACKS = 3000


def count(program, stage, folder):
    """Instructions and allocations of one callback in a stage."""
    out = folder / f"callgrind.{stage}"
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--collect-atstart=no", f"--toggle-collect={COUNTED.get(stage, '*countedTurns*')}",
         f"--callgrind-out-file={out}", str(program), "--stage", stage, "--count", str(CALLBACKS)],
        capture_output=True, text=True)
    said = re.search(r"allocations_hundredths (\d+)", run.stdout)
    total = re.search(r"^(?:summary|totals): (\d+)", out.read_text() if out.exists() else "", re.M)
    if run.returncode or not said or not total:
        sys.exit(f"counting {stage} failed:\n{run.stdout}\n{run.stderr}")
    return {"instructions": round(int(total.group(1)) / CALLBACKS), "allocations": int(said.group(1)) / 100}


def table(counted, baseline):
    """The counts beside those that are committed."""
    print(f"{'stage':12}{'instructions':>14}{'committed':>12}{'growth':>9}{'allocations':>13}{'committed':>11}")
    for stage, now in counted.items():
        before = baseline.get(stage)
        growth = f"{(now['instructions'] / before['instructions'] - 1) * 100:+.1f} %" if before else "-"
        print(f"{stage:12}{now['instructions']:14,}{before['instructions'] if before else 0:12,}{growth:>9}"
              f"{now['allocations']:13.2f}{before['allocations'] if before else 0:11.2f}")
    ratio = counted["whole"]["instructions"] / counted["reference"]["instructions"]
    print(f"\nThe whole way takes {ratio:.2f} times the instructions of the same in C.")


def complaints(counted, baseline):
    """What has grown too much."""
    found = []
    for stage, now in counted.items():
        before = baseline.get(stage)
        if before is None:
            found.append(f"{stage} is not in {BASELINE.name}")
            continue
        for what in ["instructions", "allocations"]:
            if now[what] > before[what] * GROWTH_MAX:
                found.append(f"{stage}: {what} grew from {before[what]} to {now[what]}")
    # Not exactly 1: an index grows now and then.
    if counted["whole"]["allocations"] > 1.02:
        found.append(f"a callback allocates {counted['whole']['allocations']} times")
    return found


def beside_dom(program, folder):
    """Our scanner beside simdjson's `dom` on the same texts: median of five rounds, turn by turn."""
    dom = folder / "dom"
    subprocess.run(["g++", "-O2", "-std=c++17", str(ROOT / "Benchmarks/simdjson_dom.cpp"), "-lsimdjson", "-o", str(dom)],
                   check=True)
    rows = []
    print(f"{'bytes':>8}{'ours ns':>10}{'dom ns':>10}{'speed beside dom':>18}")
    for size in [194, 2048, 65536]:
        text = folder / f"body.{size}"
        subprocess.run([str(program), "--body", str(size), str(text)], check=True)
        commands = {"ours": [str(program), "--scan", str(text)], "dom": [str(dom), str(text)]}
        times = {name: [] for name in commands}
        for _ in range(5):
            for name, command in commands.items():
                times[name].append(int(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
        ours, theirs = (statistics.median(times[name]) for name in ["ours", "dom"])
        print(f"{size:8}{ours:10,.0f}{theirs:10,.0f}{theirs / ours:18.2f}")
        rows.append({"bytes": size, "nanoseconds": ours, "dom_nanoseconds": theirs})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a count grew by more than 3 %%")
    parser.add_argument("--write", action="store_true", help="make the present counts the committed ones")
    parser.add_argument("--json", help="write the counts to a file")
    parser.add_argument("--dom", action="store_true", help="measure beside simdjson instead (libsimdjson-dev, g++)")
    parser.add_argument("--program", default=str(ROOT / ".build/release/hot-path"))
    options = parser.parse_args()
    if options.dom:
        with tempfile.TemporaryDirectory() as name:
            rows = beside_dom(pathlib.Path(options.program), pathlib.Path(name))
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps(rows, indent=2) + "\n")
        return
    for tool in ["valgrind", "objcopy"]:
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: make deps-bench")
    if platform.machine() != "x86_64":
        print("the committed counts are those of x86-64: nothing to compare here")
        return
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # Debian 12's valgrind cannot read the debug information that Swift writes.
        program = folder / "hot-path"
        subprocess.run(["objcopy", "--strip-debug", options.program, str(program)], check=True)
        counted = {stage: count(program, stage, folder) for stage in STAGES}
    table(counted, baseline)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(counted, indent=2) + "\n")
    if options.write:
        BASELINE.write_text(json.dumps(counted, indent=2) + "\n")
    found = complaints(counted, baseline) if options.check else []
    for complaint in found:
        print(f"FAILED: {complaint}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
