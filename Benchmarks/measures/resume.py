"""From a callback to the next request that its run sends."""

import json
import socket
import statistics
import time
import urllib.request

from harness import machine
from harness.goals import Row
from harness.servers import Server, free_port

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def started(shop):
    """Our server, and the listening socket of the service its runs ask."""
    service = socket.create_server(("127.0.0.1", 0))
    service.settimeout(10)
    ports = {"port": free_port(), "controller_port": free_port(), "trigger_port": free_port()}
    path = shop.written("sluice/resume.yml", "resume.yml", store="memory", threads=1,
                        service_port=service.getsockname()[1], **ports)
    # On all processors: what is measured is time and not cost.
    server = Server("sluice resume", [shop.sluice, "up", "-f", path], ports, folder=shop.folder,
                    cpus=machine.ALL_CPUS)
    return server, service


def measure(shop, scale):
    """Microseconds of every callback: sent here, until the request arrives here."""
    server, service = started(shop)
    try:
        items = {"items": [{"key": f"r{number}"} for number in range(scale.resumes)]}
        request = urllib.request.Request(server.at("trigger_port", "/start"), json.dumps(items).encode(),
                                         {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=30).close()
        return spread(callbacks(server, service, scale.resumes))
    finally:
        server.stop()
        service.close()


def callbacks(server, service, count):
    """Sends them one after another; the first is not counted, for it has to connect."""
    sender = socket.create_connection(("127.0.0.1", server.ports["port"]), 10)
    sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    asking, times = None, []
    for number in range(count):
        body = f'{{"id":"r{number}","text":"done"}}'
        head = f"POST /done HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        began = time.perf_counter()
        sender.sendall(f"{head}\r\n\r\n{body}".encode())
        if asking is None:
            asking, _ = service.accept()
            asking.settimeout(10)
            asking.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while b"\r\n\r\n{" not in (received := asking.recv(65536)):
            if not received:
                raise ConnectionError("the run's connection was closed")
        times.append((time.perf_counter() - began) * 1e6)
        asking.sendall(ANSWER)
        sender.recv(4096)
    return times[1:]


def spread(times):
    """The middle and the tail."""
    times.sort()
    return {"median": statistics.median(times), "min": times[0], "max": times[int(len(times) * 0.99)],
            "rounds": len(times)}


def rows(found):
    """One row; the largest value is the 99th of a hundred."""
    return [Row("from a callback to the run's next request (least to p99)", "", found, unit=" µs", digits=0)]
