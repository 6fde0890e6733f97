"""Waits until a server has nothing more to do, so that a measurement counts its own work, all of it and nothing else."""

import time

LOOK_SECONDS = 0.05
#: A server that does nothing still has timers: this share of a processor is nothing.
IDLE_SHARE = 0.03


def wait(server, seconds, limit=60):
    """Returns when the server has done nothing for so long."""
    began = since = time.monotonic()
    spent = server.cpu_ns()
    while time.monotonic() - since < seconds:
        time.sleep(LOOK_SECONDS)
        now = server.cpu_ns()
        if now - spent > IDLE_SHARE * LOOK_SECONDS * 1e9:
            since = time.monotonic()
        if since - began > limit:
            raise TimeoutError(f"{server.name} is still busy after {limit} s")
        spent = now


class Quiet:
    """How a load waits for its server: before what is measured, and after it.

    `before` and `after` are for how many seconds the server has to have done nothing. `is_level`, where there is one, is asked
    in the end whether all work is done, for a server may also wait for its disk.
    """

    def __init__(self, before, after, is_level=None):
        self.before, self.after, self.is_level = before, after, is_level

    def wait_before(self, server):
        """Lets the server work off what the preparation brought."""
        wait(server, self.before)

    def wait_after(self, server, limit=60):
        """Lets the server work off what the load brought."""
        deadline = time.monotonic() + limit
        wait(server, self.after)
        while self.is_level and not self.is_level():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{server.name} is still behind after {limit} s")
            wait(server, self.after)
