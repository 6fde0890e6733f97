#!/usr/bin/env python3
"""Measures keep-alive callbacks beside nginx `return 200`: CPU time of the server per request, in the same run.

Both servers run on one processor and get the same requests from wrk on the others, turn by turn, so that whatever
else the machine does hits both. Each callback has a key of its own and nobody waits for it: it is parsed, matched
against the waiter table and held (202). What is printed is the median over the rounds; clocks differ between machines,
the ratio less so.
"""

import argparse
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

WRK_SCRIPT = """
local threads = 0
function setup(thread)
    thread:set("id", threads)
    threads = threads + 1
end
function init(args)
    round, count = args[1], 0
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
end
function request()
    count = count + 1
    local key = string.format("%s-%02d-%09d", round, id, count)
    return wrk.format(nil, nil, nil, '{"task_id":"' .. key .. '","status":"completed","output":{"url":' ..
        '"https://cdn.example.com/images/finished/' .. key .. '.png","width":1024,"height":768,"bytes":2048000}}')
end
function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format("RESULT %d %d %d", summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""

SLUICE_CONFIG = """
server: {{ threads: 1 }}
executor: {{ threads: 1 }}
log: {{ level: warning }}
controller: {{ adapter: {{ type: http-server, host: 127.0.0.1, port: {controller} }} }}
listener:
  type: http-callback
  host: 127.0.0.1
  port: {port}
  path: /done
  identify_by: ${{body.task_id}}
  status: ${{body.status}}
  success_when: [completed]
  fail_when: [failed]
  result: ${{body.output}}
  max_held_count: 100000000
  max_held_size: 64GiB
  hold_for: 2s
"""

NGINX_CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ return 200; }} }}
}}
"""


def free_port():
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(port, process):
    """Waits until a port takes connections; gives up when its process ends."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"{process.args[-1]} ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nobody listens on port {port}")


def cpu_nanoseconds(pid):
    """What all threads of a process have spent on processors so far: its CPU clock (clock_getcpuclockid(3))."""
    return time.clock_gettime_ns((~pid << 3) | 2)


def measure(server, options, script, turn):
    """One turn against one server: CPU nanoseconds per request, and requests per second."""
    before = cpu_nanoseconds(server["process"].pid)
    output = subprocess.run(
        ["taskset", "-c", options.load_cpus, "wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s",
         "-s", script, server["url"], "--", f"{turn:03d}"],
        capture_output=True, text=True, check=True).stdout
    spent = cpu_nanoseconds(server["process"].pid) - before
    result = [line for line in output.splitlines() if line.startswith("RESULT")]
    requests, microseconds, errors = (int(word) for word in result[0].split()[1:])
    if errors or not requests:
        sys.exit(f"{server['name']}: {errors} errors in {requests} requests\n{output}")
    return spent / requests, requests / (microseconds / 1e6)


def start(folder, options):
    """Starts both servers on the one processor."""
    nginx_port, sluice_port, controller_port = free_port(), free_port(), free_port()
    nginx = folder / "nginx.conf"
    nginx.write_text(NGINX_CONFIG.format(folder=folder, port=nginx_port))
    sluice = folder / "sluice.yml"
    sluice.write_text(SLUICE_CONFIG.format(port=sluice_port, controller=controller_port))
    pin = ["taskset", "-c", options.server_cpu]
    servers = []
    for name, command, port in [
        ("nginx", ["nginx", "-p", str(folder), "-c", str(nginx)], nginx_port),
        ("sluice", [options.sluice, "up", "-f", str(sluice)], sluice_port),
    ]:
        log = open(folder / f"{name}.log", "w")
        process = subprocess.Popen(pin + command, stdout=log, stderr=log)
        servers.append({"name": name, "process": process, "url": f"http://127.0.0.1:{port}/done"})
        wait_until_listening(port, process)
    return servers


def report(servers, figures, options):
    """Prints the medians and how the two compare."""
    print(f"\n{os.cpu_count()} processors, server on {options.server_cpu}; {options.connections} connections; "
          f"median of {options.rounds} rounds of {options.seconds} s\n")
    print(f"{'server':10}{'CPU µs/request':>16}{'min':>8}{'max':>8}{'requests/s':>14}")
    medians = {}
    for server in servers:
        name = server["name"]
        costs = [cost / 1000 for cost, _ in figures[name]]
        rates = [rate for _, rate in figures[name]]
        medians[name] = statistics.median(costs)
        print(f"{name:10}{medians[name]:16.2f}{min(costs):8.2f}{max(costs):8.2f}{statistics.median(rates):14,.0f}")
    print(f"\nA callback of sluice costs {medians['sluice'] / medians['nginx']:.2f} times the CPU of nginx `return 200`.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of one turn")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--server-cpu", default="0")
    parser.add_argument("--load-cpus", default=f"1-{max(1, (os.cpu_count() or 2) - 1)}")
    parser.add_argument("--sluice", default=str(ROOT / ".build/release/sluice"))
    options = parser.parse_args()
    for tool in ["nginx", "wrk", "taskset"]:
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: make deps-bench")
    if (os.cpu_count() or 1) < 2:
        sys.exit("two processors are needed: one for the server, one for the load")
    if not pathlib.Path(options.sluice).exists():
        sys.exit(f"{options.sluice} is not built: make release")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        script = folder / "callbacks.lua"
        script.write_text(WRK_SCRIPT)
        servers = start(folder, options)
        try:
            figures = {server["name"]: [] for server in servers}
            for server in servers:
                measure(server, options, str(script), 0)  # warm, not counted
            for turn in range(1, options.rounds + 1):
                for server in servers:
                    cost, rate = measure(server, options, str(script), turn)
                    figures[server["name"]].append((cost, rate))
                    print(f"round {turn}  {server['name']:8}{cost / 1000:8.2f} µs{rate:12,.0f}/s", flush=True)
            report(servers, figures, options)
        finally:
            for server in servers:
                server["process"].send_signal(signal.SIGTERM)
                server["process"].wait(20)


if __name__ == "__main__":
    main()
