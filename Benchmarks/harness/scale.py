"""How much is measured: the whole, or what fits into a minute."""


class Scale:
    """Counts and seconds of every measurement."""

    def __init__(self, is_quick):
        self.is_quick = is_quick
        self.rounds = 5
        self.seconds = 0.2 if is_quick else 1
        self.delivered = 10_000 if is_quick else 60_000
        self.waiters = 100_000 if is_quick else 1_000_000
        self.durable = 3_000 if is_quick else 12_000
        self.durable_seconds = 0.2 if is_quick else 0.5
        self.durable_tail_seconds = 0.3 if is_quick else 1
        self.durable_rounds = 1 if is_quick else 5
        self.durable_connections = (64, 512) if is_quick else (64, 512, 2048)
        self.churn = 2_000 if is_quick else 15_000
        self.tail_seconds = 0.3 if is_quick else 1.5
        self.overload_seconds = 0.5 if is_quick else 2
        self.overload_rounds = 1 if is_quick else 5
        self.idle = 2_000 if is_quick else 10_000
        self.resumes = 200 if is_quick else 2_000
        self.curve_rounds = 1 if is_quick else 3
