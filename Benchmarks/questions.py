#!/usr/bin/env python3
"""Measures whether questions keep runs waiting: how long after a start a run's first request leaves while clients list and filter runs.

    Benchmarks/questions.py [--runs 1000000] [--clients 4] [--starts 400] [--rounds 2]

A store is filled with ended runs. Then runs are started one after the other, each of which sends one request to a service; the
time from the start's first byte to the request's arrival is taken, in rounds without and with clients that ask without pause.
The goal is a ratio of the medians of at most 3. `make bench-questions` builds what this needs.
"""

import argparse
import http.client
import json
import multiprocessing
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from harness import machine
from harness.servers import Missing, Server, free_port

ROOT = Path(__file__).resolve().parent.parent
RATIO_MAX = 3
# What people ask: the newest of a state, of a workflow, and what nothing matches, for which all runs are looked at.
QUESTIONS = ["/tasks?status=failed&limit=50", "/tasks?workflow_id=videos&limit=50", "/tasks?session_id=nobody",
             "/tasks?status=failed&workflow_id=nothing"]
PATIENCE = 60

CONFIGURATION = """\
store: {{ path: "{folder}/store" }}
controller: {{ port: {api} }}
components:
  service: {{ type: http-client, endpoint: "http://127.0.0.1:{service}/job", body: {{ sent: "${{input.sent}}" }} }}
workflow: {{ id: first, jobs: [ {{ id: ask, component: service, input: "${{input}}" }} ] }}
"""


def serve(port, arrivals):
    """A service that puts down how long after its run's start each request came, in nanoseconds."""
    with socket.create_server(("127.0.0.1", port), backlog=64) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection, arrivals), daemon=True).start()


def answer(connection, arrivals):
    """Answers the requests of one connection."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    data = b""
    while True:
        piece = connection.recv(65536)
        if not piece:
            return
        now = time.monotonic_ns()
        data += piece
        while b"\r\n\r\n" in data:
            head, rest = data.split(b"\r\n\r\n", 1)
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length:")), 0)
            if len(rest) < length:
                break
            arrivals.put(now - int(json.loads(rest[:length])["sent"]))
            data = rest[length:]
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


def ask(port, number, end, asked):
    """A client that asks one thing after the other until it is told to end; puts down how often each status came."""
    counts = {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    while not end.is_set():
        connection.request("GET", QUESTIONS[number % len(QUESTIONS)])
        response = connection.getresponse()
        response.read()
        counts[response.status] = counts.get(response.status, 0) + 1
        number += 1
    asked.put(counts)


def start_runs(port, count, arrivals):
    """Starts runs one after the other; gives for each how many milliseconds later its request arrived."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    times = []
    for _ in range(count):
        body = json.dumps({"workflow_id": "first", "input": {"sent": str(time.monotonic_ns())}, "wait_for_completion": False})
        connection.request("POST", "/workflows/runs", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise Missing(f"a run was not started: {response.status} {text[:200]}")
        times.append(arrivals.get(timeout=PATIENCE) / 1e6)
    return times


def figures(times):
    """Median and 99th percentile in milliseconds."""
    ordered = sorted(times)
    return {"median_ms": statistics.median(ordered), "p99_ms": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
            "starts": len(ordered)}


def measure(options, folder):
    """All rounds; gives the figures without and with clients, and what the clients were answered."""
    store = Path(folder) / "store"
    began = time.monotonic()
    subprocess.run([options.store_program, "--fill", str(store), str(options.runs)], check=True)
    size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
    print(f"{options.runs:,} ended runs, {size / 1e6:,.0f} MB, written in {time.monotonic() - began:.0f} s", flush=True)
    api, service = free_port(), free_port()
    (Path(folder) / "sluice.yml").write_text(CONFIGURATION.format(folder=folder, api=api, service=service), encoding="utf-8")
    arrivals = multiprocessing.Queue()
    receiver = multiprocessing.Process(target=serve, args=(service, arrivals), daemon=True)
    receiver.start()
    server = Server("sluice", [options.sluice, "up", "-f", f"{folder}/sluice.yml"], {"port": api}, folder=folder,
                    cpus=machine.ALL_CPUS)
    times, statuses = {False: [], True: []}, {}
    try:
        start_runs(api, 20, arrivals)
        for _ in range(options.rounds):
            for is_asked in (False, True):
                end, asked = multiprocessing.Event(), multiprocessing.Queue()
                clients = [multiprocessing.Process(target=ask, args=(api, number, end, asked), daemon=True)
                           for number in range(options.clients if is_asked else 0)]
                for client in clients:
                    client.start()
                if clients:
                    time.sleep(1)  # until all of them ask
                times[is_asked] += start_runs(api, options.starts // options.rounds, arrivals)
                end.set()
                for _ in clients:
                    for status, count in asked.get(timeout=PATIENCE).items():
                        statuses[status] = statuses.get(status, 0) + count
    finally:
        server.stop()
        receiver.terminate()
    return figures(times[False]), figures(times[True]), statuses


def main():
    """Reads the command line, measures, prints; 1 where the goal is not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000, help="ended runs in the store")
    parser.add_argument("--clients", type=int, default=4, help="clients that ask without pause")
    parser.add_argument("--starts", type=int, default=400, help="runs that are started, in each of the two states")
    parser.add_argument("--rounds", type=int, default=2, help="rounds in turns")
    parser.add_argument("--sluice", default=str(ROOT / ".build/release/sluice"))
    parser.add_argument("--store-program", default=str(ROOT / ".build/release/store"))
    parser.add_argument("--json", type=Path, default=ROOT / ".build" / "bench" / "questions.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        try:
            alone, asked, statuses = measure(options, folder)
        except Missing as missing:
            sys.exit(str(missing))
    ratio = asked["median_ms"] / alone["median_ms"]
    for name, found in (("without questions", alone), (f"with {options.clients} clients", asked)):
        print(f"{name:20} median {found['median_ms']:8.2f} ms   p99 {found['p99_ms']:8.2f} ms   of {found['starts']} starts")
    print(f"answers to questions  {', '.join(f'{count} of {status}' for status, count in sorted(statuses.items()))}")
    print(f"ratio of the medians {ratio:.2f}, of the 99th percentiles {asked['p99_ms'] / alone['p99_ms']:.2f}; goal: {RATIO_MAX}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({"machine": machine.describe(ROOT), "runs": options.runs, "clients": options.clients,
                                        "without": alone, "with": asked, "statuses": statuses, "ratio": ratio}, indent=1),
                            encoding="utf-8")
    sys.exit(0 if ratio <= RATIO_MAX else 1)


if __name__ == "__main__":
    main()
