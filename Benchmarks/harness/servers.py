"""Servers as child processes: started on one processor, watched through /proc, ended with everything they started."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


class Missing(Exception):
    """A server that cannot be measured here, and why."""


_given = set()
_running = []


def _stop_all():
    """Ends what still runs, however the benchmark ends."""
    for server in reversed(_running[:]):
        server.stop()


atexit.register(_stop_all)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def free_port():
    """A port of five digits that nobody listens on and no outgoing connection takes; never the same twice."""
    for port in range(18000 + len(_given) * 3, 32000):
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise Missing("no port is free")


class Server:
    """A running server.

    `beside` are servers that it needs: their work counts as its own, and they are stopped with it.
    """

    def __init__(self, name, command, ports, *, folder, cpus, environment=None, log=None, beside=()):
        self.name = name
        self.ports = ports
        self.beside = beside
        self.log_path = Path(folder) / f"{name.replace(' ', '-')}.log"
        self.log = open(log or self.log_path, "w", encoding="utf-8")
        try:
            self.process = subprocess.Popen(
                ["taskset", "-c", cpus, *command], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})}, start_new_session=True)
        except OSError as error:
            self.log.close()
            raise Missing(f"cannot be started: {error}") from error
        _running.append(self)
        try:
            self.wait_until_listening()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self):
        """Where callbacks go."""
        return f"http://127.0.0.1:{self.ports['port']}/done"

    def at(self, port, path):
        """The URL of a path at one of its ports."""
        return f"http://127.0.0.1:{self.ports[port]}{path}"

    def wait_until_listening(self):
        """Waits until all ports take connections."""
        deadline = time.monotonic() + 60
        for port in self.ports.values():
            while True:
                if self.process.poll() is not None:
                    raise Missing(f"ended with {self.process.returncode} before it listened: {self.last_line()}")
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise Missing(f"does not listen on port {port} after a minute") from None
                    time.sleep(0.02)

    def last_line(self):
        """The last line it said."""
        self.log.flush()
        try:
            lines = self.log_path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return ""
        return next((line for line in reversed(lines) if line.strip()), "")

    def tree(self):
        """The process, those beside it, and all their descendants."""
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    text = Path(f"/proc/{entry}/stat").read_text(encoding="utf-8", errors="replace")
                    parents[int(entry)] = int(text.rpartition(")")[2].split()[1])
                except (OSError, IndexError):
                    continue
        found = [self.process.pid, *(server.process.pid for server in self.beside)]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu_ns(self):
        """What the whole tree has spent on processors: the CPU clocks of its processes (clock_getcpuclockid(3))."""
        total = 0
        for pid in self.tree():
            try:
                total += time.clock_gettime_ns((~pid << 3) | 2)
            except OSError:
                continue
        return total

    def thread_cpu_ns(self):
        """What each thread of the process has spent, by its name without its number."""
        spent = {}
        folder = f"/proc/{self.process.pid}/task"
        for thread in os.listdir(folder):
            try:
                name = Path(f"{folder}/{thread}/comm").read_text(encoding="utf-8").strip().split("-")[0]
                nanoseconds = int(Path(f"{folder}/{thread}/schedstat").read_text(encoding="utf-8").split()[0])
            except (OSError, IndexError):
                continue
            spent[name] = spent.get(name, 0) + nanoseconds
        return spent

    def memory_bytes(self):
        """The memory of the process's own that is resident now."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").split("\n"):
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
        return 0

    def stop(self):
        """Ends it and everything it started."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        try:
            # The session is its own, so this ends nothing else.
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.log.close()
        if self in _running:
            _running.remove(self)
        for server in self.beside:
            server.stop()
