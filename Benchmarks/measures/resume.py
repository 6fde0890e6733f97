"""From a callback to the next request that its run sends."""

import json
import selectors
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
    times = []
    with selectors.DefaultSelector() as ready:
        ready.register(service, selectors.EVENT_READ)
        for number in range(count):
            body = f'{{"id":"r{number}","text":"done"}}'
            request = ("POST /done HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n{body}")
            began = time.perf_counter()
            sender.sendall(request.encode())
            asking = asked(ready, service)
            times.append((time.perf_counter() - began) * 1e6)
            asking.sendall(ANSWER)
            sender.recv(4096)
    return times[1:]


def asked(ready, service):
    """The connection on which the run's request has come; there may be several, for the client need not take the same."""
    text = {}
    while True:
        found = ready.select(10)
        if not found:
            raise TimeoutError("a run did not send its request")
        for key, _ in found:
            if key.fileobj is service:
                connection, _ = service.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                ready.register(connection, selectors.EVENT_READ)
                continue
            received = key.fileobj.recv(65536)
            if not received:
                ready.unregister(key.fileobj)
                continue
            text[key.fileobj] = text.get(key.fileobj, b"") + received
            if b"\r\n\r\n{" in text[key.fileobj]:
                return key.fileobj


def spread(times):
    """The middle and the tail."""
    times.sort()
    return {"median": statistics.median(times), "min": times[0], "max": times[int(len(times) * 0.99)],
            "rounds": len(times)}


def rows(found):
    """One row; the largest value is the 99th of a hundred."""
    return [Row("from a callback to the run's next request (least to p99)", "", found, unit=" µs", digits=0)]
