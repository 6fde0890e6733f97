"""Rows of the table of goals: what is measured, the goal, what was reached."""


class Row:
    """One line of the table."""

    def __init__(self, measure, goal, spread=None, *, at_most=None, at_least=None, unit="", digits=2, remark="",
                 missing=None):
        self.measure = measure
        self.goal = goal
        self.spread = spread
        self.bound = (at_most, at_least)
        self.unit = unit
        self.digits = digits
        self.remark = remark
        self.missing = missing

    @property
    def verdict(self):
        """`yes`, `no`, or nothing where there is no goal or no figure."""
        at_most, at_least = self.bound
        if self.spread is None or (at_most is None and at_least is None):
            return ""
        median = self.spread["median"]
        missed = (at_most is not None and median > at_most) or (at_least is not None and median < at_least)
        return "no" if missed else "yes"

    @property
    def reached(self):
        """The median, and the least and the most in brackets."""
        if self.spread is None:
            return self.missing or "not measured"
        text = self.number(self.spread["median"]) + self.unit
        if self.spread["min"] != self.spread["max"]:
            text += f" ({self.number(self.spread['min'])} to {self.number(self.spread['max'])})"
        return text

    def number(self, value):
        """A figure with as many digits as it is worth."""
        return f"{value:,.{self.digits}f}"

    def json(self):
        """The row for programs."""
        return {"measure": self.measure, "goal": self.goal, "reached": self.reached, "spread": self.spread,
                "met": {"yes": True, "no": False}.get(self.verdict), "unit": self.unit, "remark": self.remark}


def table(head, rows):
    """Lines of columns as wide as their widest cell."""
    cells = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths)] + lines[1:])
