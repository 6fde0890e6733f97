#!/usr/bin/env python3
"""Measures Sluice beside its peers, and prints what was reached of the goals.

Every server has one processor, the load the others. Rounds go in turns over the servers, so that whatever else the
machine does hits all of them; a ratio is taken inside a round, and the median of the rounds is given with the least and the
most. Costs are CPU time of the whole server process for a request. `make bench` builds what this needs.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from harness import goals, load, machine, peers
from harness.rounds import note
from harness.scale import Scale
from harness.servers import Missing
from measures import (churn, durable, durable_tail, engine_runs, footprint, hot_path, keep_alive, overload, pipelined,
                      reference_runs, resume, tail)

ROOT = Path(__file__).resolve().parent.parent


def start_all(shop):
    """The servers that can be started here, and why the others cannot."""
    servers, missing = {}, {}
    starts = [(name, start) for name, _, start in peers.PEER_LIST] + [("sluice", peers.start_sluice)]
    for name, start in starts:
        try:
            servers[name] = start(shop)
        except Missing as reason:
            missing[name] = str(reason)
            note(f"{name}: {reason}\n")
    return servers, missing


def measured(name, body):
    """What a measurement gives; a failure is told, and the others go on."""
    note(f"{name} ")
    began = time.monotonic()
    try:
        return body()
    except (load.LoadFailed, Missing, OSError, KeyError, RuntimeError) as error:
        note(f" failed: {error}")
        return None
    finally:
        note(f" {time.monotonic() - began:.0f} s\n")


def measure(shop, scale):
    """Everything, as one tree of figures and the rows made of it."""
    servers, missing = start_all(shop)
    figures, rows = {"missing": missing}, []
    try:
        if "sluice" not in servers:
            sys.exit(f"sluice cannot be measured: {missing['sluice']}")
        measured("a million waiters", lambda: load.prepare(shop, servers["sluice"], scale.waiters))
        found = measured("keep-alive", lambda: keep_alive.measure(shop, servers, scale)) or {}
        rows += keep_alive.rows(found, scale.waiters)
        figures["keep_alive"] = keep_alive.summary(found)
        figures["latency"] = {name: tail.typical(results) for name, results in found.items() if results}
        capacities = {ours: tail.capacity(found[name]) for ours, name in
                      (("nginx", "nginx"), ("sluice", "sluice delivered")) if found.get(name)}
        deep = measured("pipelined", lambda: pipelined.measure(shop, servers, scale)) or {}
        rows += pipelined.rows(deep)
        figures["pipelined"] = keep_alive.summary(deep)
        rows += durable_rows(shop, servers, scale, figures)
        rows += churn.rows(measured("churn", lambda: churn.measure(shop, servers, scale)) or {})
        tails = measured("p99 at 70 %", lambda: tail.measure(shop, servers, scale, capacities)) or {}
        rows += tail.rows(tails)
        figures["tail"] = {name: tail.typical(results) for name, results in tails.items() if results}
        rows += reference_runs.rows(measured("runs beside the reference",
                                             lambda: reference_runs.measure(servers, scale)) or {})
    finally:
        for server in servers.values():
            server.stop()
    rows += alone(shop, scale, figures)
    return figures, rows


def durable_rows(shop, servers, scale, figures):
    """What it takes to commit before answering."""
    found, tails = {}, {}
    try:
        with durable.started(shop, servers) as ours:
            found = measured("durable", lambda: durable.measure(ours, scale)) or {}
            at_64 = found.get(durable_tail.CONNECTIONS, {}).get("durable")
            if at_64:
                tails = measured("durable p99", lambda: durable_tail.measure(ours, scale, tail.capacity(at_64))) or {}
    except (Missing, OSError) as reason:
        note(f"durable: {reason}\n")
    figures["durable"] = {count: durable.summary(results) for count, results in found.items()}
    figures["durable_tail"] = durable_tail.summary(tails)
    return durable.rows(found) + durable_tail.rows(tails)


def alone(shop, scale, figures):
    """What needs no peer running beside it."""
    rows = []
    lines = overload.summary(measured("overload", lambda: overload.measure(
        shop, scale, times=(4,), bounds=(True,))) or {})
    rows += overload.rows(lines)
    figures["overload"] = lines
    weights = measured("footprint", lambda: footprint.measure(shop, scale))
    rows += footprint.rows(weights) if weights else []
    latency = measured("resume", lambda: resume.measure(shop, scale))
    rows += resume.rows(latency) if latency else []
    figures["hot_path"] = measured("hot path in process", lambda: hot_path.measure(shop, scale)) or {}
    rows += hot_path.rows(figures["hot_path"])
    figures["runs"] = measured("runs in process", lambda: engine_runs.measure(shop, scale))
    rows += engine_runs.rows(figures["runs"])
    return rows


def peer_table(lines, missing):
    """All servers beside each other."""
    floor = next((line["cpu_us"]["median"] for line in lines if line["name"] == "floor"), None)
    cells = []
    for line in lines:
        cost = line["cpu_us"]
        loop = line["loop_cpu_us"]
        cells.append([
            line["name"], f"{cost['median']:.2f}", f"{cost['min']:.2f} to {cost['max']:.2f}",
            f"{loop['median']:.2f}" if loop else "", f"{cost['median'] / floor:.2f}" if floor else "",
            f"{line['per_second']['median']:,.0f}", f"{line['load_cpu_us']['median']:.2f}", line["bottleneck"]])
    cells += [[name, "", "", "", "", "", "", reason] for name, reason in missing.items()]
    return goals.table(["server", "CPU µs", "least to most", "loop", "/ floor", "requests/s", "load's CPU µs",
                        "bottleneck"], cells)


def print_report(report, rows):
    """The tables, for a person."""
    about = report["machine"]
    print(f"\n{about['processors']} processors ({about['model']}), {about['memory']}, {about['system']}, kernel "
          f"{about['kernel']}{', virtual' if about['virtual'] else ''}; {about['busy_before'] * 100:.0f} % busy before; "
          f"commit {about['commit']}, {about['date']}, {report['seconds']:.0f} s\n")
    print("A callback of 194 bytes on 64 kept-alive connections:\n")
    print(peer_table(report["figures"]["keep_alive"], report["figures"]["missing"]))
    if report["figures"].get("durable"):
        print("\nCallbacks that are kept before they are answered, beside ours and nginx that keep nothing (medians):\n")
        print(goals.table(durable.HEAD, durable.cells(report["figures"]["durable"])))
    print("\nGoals (medians; a ratio is taken inside a round):\n")
    print(goals.table(["measure", "goal", "reached", "met", ""],
                      [[row.measure, row.goal, row.reached, row.verdict, row.remark] for row in rows]))


def main():
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute: fewer waiters, shorter rounds")
    parser.add_argument("--json", type=Path, default=ROOT / ".build" / "bench" / "bench.json", help="where figures go")
    options = parser.parse_args()
    if not shutil.which("taskset"):
        sys.exit("taskset is missing")
    if len(machine.REST) < 1:
        sys.exit("two processors are needed: one for the server, one for the load")
    began = time.monotonic()
    about = machine.describe(ROOT)
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        shop = peers.Workshop(ROOT, folder)
        figures, rows = measure(shop, Scale(options.quick))
    report = {"machine": about, "quick": options.quick, "seconds": time.monotonic() - began, "figures": figures,
              "rows": [row.json() for row in rows]}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    print_report(report, rows)
    print(f"\nAs JSON: {options.json}")


if __name__ == "__main__":
    main()
