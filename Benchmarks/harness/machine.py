"""The machine as a reader of figures wants to know it."""

import os
import platform
import subprocess
import time

FIRST, *REST = sorted(os.sched_getaffinity(0))
SERVER_CPU = str(FIRST)
LOAD_CPUS = ",".join(str(cpu) for cpu in REST) or str(FIRST)
ALL_CPUS = ",".join(str(cpu) for cpu in [FIRST, *REST])


def field(path, name):
    """The value of the first line `name: value` of a file; empty where there is none."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            key, _, value = line.partition(":")
            if key.strip() == name:
                return value.strip()
    return ""


def describe(root):
    """Processors, kernel, memory, load, and which state of the sources was measured."""
    commit = subprocess.run(["git", "-C", str(root), "rev-parse", "--short", "HEAD"],
                            capture_output=True, text=True, check=False).stdout.strip()
    return {
        "processors": len(REST) + 1,
        "model": field("/proc/cpuinfo", "model name"),
        "megahertz": field("/proc/cpuinfo", "cpu MHz"),
        "memory": field("/proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "system": distribution(),
        "virtual": "hypervisor" in field("/proc/cpuinfo", "flags").split(),
        "load_before": round(os.getloadavg()[0], 2),
        "busy_before": round(busy_share(0.5), 3),
        "commit": commit,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def distribution():
    """The system's name by os-release(5)."""
    with open("/etc/os-release", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("PRETTY_NAME="):
                return line.split("=", 1)[1].strip().strip('"')
    return ""


def busy_share(seconds):
    """Which share of all processors was busy during some seconds: what others do on the machine."""
    def ticks():
        with open("/proc/stat", encoding="utf-8") as lines:
            numbers = [int(word) for word in lines.readline().split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]
    before = ticks()
    time.sleep(seconds)
    after = ticks()
    return 1 - (after[1] - before[1]) / max(1, after[0] - before[0])


def raise_open_files():
    """Lets this process and its children open as many files as the system allows."""
    import resource
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
