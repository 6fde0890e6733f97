"""Delivered callbacks with a store on disk that commits before it answers."""

import shutil
import subprocess

from harness import load, peers, rounds
from harness.goals import Row
from harness.servers import Missing

from . import keep_alive

GOALS = {512: 1.0, 64: 1.1}


def start(shop):
    """Our server with a store; raises `Missing` where it cannot have one."""
    folder = shop.folder / "store"
    store = f"{{ path: {folder} }}"
    configuration = shop.written("sluice/sluice.yml", "durable-check.yml", store=store, threads=1, port=18001,
                                 controller_port=18002, trigger_port=18003)
    check = subprocess.run([shop.sluice, "check", "-f", configuration], capture_output=True, text=True, check=False)
    if check.returncode != 0:
        raise Missing("this build has no store on disk")
    return peers.start_sluice(shop, store=store, name="sluice durable")


def measure(shop, servers, scale):
    """Rounds beside nginx at both counts of connections."""
    server = start(shop)
    results = {}
    try:
        for connections in GOALS:
            def one(name, connections=connections):
                if name == "nginx":
                    return load.run(shop, servers["nginx"], connections=connections, duration=f"{scale.seconds}s")
                return load.run(shop, server, checked=True, connections=connections, count=scale.delivered // 2)
            results[connections] = rounds.interleaved(["nginx", "durable"], one, scale.rounds)
    finally:
        server.stop()
        shutil.rmtree(shop.folder / "store", ignore_errors=True)
    return results


def rows(results, missing=None):
    """A row for each count of connections."""
    found = []
    for connections, goal in GOALS.items():
        both = results and results[connections].get("durable") and results[connections].get("nginx")
        spread = rounds.ratio(results[connections]["durable"], results[connections]["nginx"],
                              keep_alive.cpu) if both else None
        found.append(Row(f"durable, delivered, {connections} connections, all threads / nginx", f"≤ {goal}", spread,
                         at_most=goal, missing=missing or "not measured"))
    return found
