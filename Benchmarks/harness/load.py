"""One measurement: sluice-load against a server, with the server's CPU time taken round the measured part."""

import json
import subprocess

from . import machine


class LoadFailed(Exception):
    """The load did not come to its end as it should."""


def run(shop, server, scenario="callback", *, url=None, checked=False, tolerant=False, quiet=None, limit=180,
        **options):
    """Sends a load and gives what sluice-load and /proc say of it.

    `checked` starts a waiting run for every callback before, and looks at every run afterwards. Further options are those
    of sluice-load, with _ for -. Where the answers are not all as they should be it fails, unless it is `tolerant`. With
    `quiet` the server is quiet before the measurement, and its CPU is counted until it is quiet again.
    """
    command = ["taskset", "-c", machine.LOAD_CPUS, shop.load, scenario, "--url", url or server.url, "--steps", "--json"]
    if checked:
        command += ["--start", server.at("trigger_port", "/waiting"), "--controller", server.at("controller_port", "")]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:
        try:
            figures = stepped(process, server, quiet, limit)
        finally:
            if process.poll() is None:
                process.kill()
    if figures is None or not (tolerant or figures["clean"]):
        trouble = figures["first_trouble"] if figures else process.returncode
        raise LoadFailed(f"{server.name}, {scenario}: {trouble}")
    return figures


def stepped(process, server, quiet, limit):
    """Goes through the steps of a load, and reads the server's clocks between them."""
    if process.stdout.readline() != "ready\n":
        raise LoadFailed(f"{server.name}: {process.stderr.read().strip()}")
    if quiet:
        quiet.wait_before(server)
    threads, spent = server.thread_cpu_ns(), server.cpu_ns()
    process.stdin.write("\n")
    process.stdin.flush()
    done = process.stdout.readline()
    busy = server.cpu_ns() - spent
    if quiet and done == "done\n":
        quiet.wait_after(server)
    spent = server.cpu_ns() - spent
    threads = {name: value - threads.get(name, 0) for name, value in server.thread_cpu_ns().items()}
    if done != "done\n":
        raise LoadFailed(f"{server.name}: the load ended early")
    text, _ = process.communicate("\n", timeout=limit)
    if not text:
        return None
    figures = json.loads(text)
    answers = max(1, figures["answers"])
    figures["server_cpu_us"] = spent / answers / 1000
    figures["thread_cpu_us"] = {name: value / answers / 1000 for name, value in threads.items() if value > 0}
    figures["server_busy"] = busy / 1e9 / max(1e-9, figures["seconds"])
    figures["own_cpu_us"] = figures["own_cpu_seconds"] * 1e6 / answers
    figures["own_busy"] = figures["own_cpu_seconds"] / max(1e-9, figures["seconds"])
    return figures


def prepare(shop, server, count):
    """Starts runs that wait, which no load will end."""
    command = [shop.load, "prepare", "--start", server.at("trigger_port", "/waiting"),
               "--controller", server.at("controller_port", ""), "--count", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        raise LoadFailed(done.stderr.strip())
