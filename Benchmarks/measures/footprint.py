"""What an idle connection weighs, and how long a start takes."""

import socket
import subprocess
import time

from harness import machine, peers
from harness.goals import Row
from harness.rounds import spread
from harness.servers import free_port

BODY = b'{"results":[{"task_id":"nobody","status":"completed"}]}'
REQUEST = (b"POST /judged HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
           + str(len(BODY)).encode() + b"\r\n\r\n" + BODY)


def idle_connections(shop, count):
    """Bytes of the process's own memory for each kept-alive connection that has had an answer."""
    machine.raise_open_files()
    server = peers.start_sluice(shop, name="sluice idle")
    connections = []
    try:
        for _ in range(64):
            asked(server.ports["port"]).close()
        before = server.memory_bytes()
        for _ in range(count):
            connections.append(asked(server.ports["port"]))
        return (server.memory_bytes() - before) / count
    finally:
        for connection in connections:
            connection.close()
        server.stop()


def asked(port):
    """A connection on which one request was answered."""
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.sendall(REQUEST)
    answer = connection.recv(4096)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"an idle connection was answered {answer[:80]!r}")
    return connection


def start_ms(shop):
    """Milliseconds from the start of the process to the first answer to a callback, with an empty store."""
    ports = {"port": free_port(), "controller_port": free_port(), "trigger_port": free_port()}
    path = shop.written("sluice/sluice.yml", "start.yml", store="memory", threads=1, **ports)
    began = time.perf_counter()
    with subprocess.Popen([shop.sluice, "up", "-f", path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                try:
                    asked(ports["port"]).close()
                    return (time.perf_counter() - began) * 1000
                except ConnectionRefusedError:
                    if process.poll() is not None or time.perf_counter() - began > 20:
                        raise
                    time.sleep(0.0002)
        finally:
            process.terminate()


def measure(shop, scale):
    """Both."""
    count = min(scale.idle, machine.raise_open_files() - 200)
    return {"idle_bytes": spread([idle_connections(shop, count)]), "idle_count": count,
            "start_ms": spread([start_ms(shop) for _ in range(max(5, scale.rounds))])}


def rows(found):
    """The rows of the table."""
    kilobytes = {name: value / 1024 if name != "rounds" else value for name, value in found["idle_bytes"].items()}
    return [
        Row(f"{found['idle_count']:,} idle connections, each", "≤ 4 KB", kilobytes, at_most=4, unit=" KB"),
        Row("start to first answered callback, empty store", "≤ 50 ms", found["start_ms"], at_most=50, unit=" ms",
            digits=1),
    ]
