"""Plots as SVG, without any library."""

import math
from html import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 76, 150, 44, 56
COLOURS = ["#0b6e99", "#d9541e", "#4d8c2b", "#8a4fbf", "#b8860b", "#7a7a7a", "#c2185b", "#2b2b2b"]
TEXT = 'font-family="sans-serif" font-size="12" fill="#222"'


class Axis:
    """From a value to a place on the paper."""

    def __init__(self, values, start, end, is_log):
        self.is_log = is_log
        low, high = min(values), max(values)
        if is_log:
            low, high = 10 ** math.floor(math.log10(low) + 1e-9), 10 ** math.ceil(math.log10(high) - 1e-9)
            high = max(high, low * 10)
        else:
            low, high = 0, nice(high)
        self.low, self.high, self.start, self.end = low, high, start, end

    def place(self, value):
        """Where a value stands."""
        if self.is_log:
            share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * share

    def ticks(self):
        """The values that are named."""
        if self.is_log:
            count = round(math.log10(self.high / self.low))
            return [self.low * 10 ** power for power in range(count + 1)]
        return [self.high * part / 5 for part in range(6)]


def nice(value):
    """The next round number."""
    if value <= 0:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value)


def short(value):
    """A number as people write it at an axis."""
    for limit, letter in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:g}"


def frame(title, body):
    """The paper with its title."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="{escape(title)}">\n<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'
            f'<text x="{LEFT}" y="24" {TEXT} font-weight="bold">{escape(title)}</text>\n{body}\n</svg>\n')


def grid(x_axis, y_axis, x_label, y_label, x_names=None):
    """Lines and names of both axes."""
    parts = []
    for value in y_axis.ticks():
        y = y_axis.place(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
                     f'<text x="{LEFT - 8}" y="{y + 4:.1f}" {TEXT} text-anchor="end">{short(value)}</text>')
    for value in x_axis.ticks():
        x = x_axis.place(value)
        name = (x_names or {}).get(value, short(value))
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#eee"/>'
                     f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" {TEXT} text-anchor="middle">{name}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" {TEXT} text-anchor="middle">'
                 f'{escape(x_label)}</text>')
    parts.append(f'<text transform="translate(20 {middle}) rotate(-90)" {TEXT} text-anchor="middle">'
                 f'{escape(y_label)}</text>')
    return "\n".join(parts)


def lines(title, series, x_label, y_label, *, log_x=True, log_y=False, x_names=None):
    """One line a series, with the name of each beside the paper; `series` maps names to lists of (x, y)."""
    points = [point for found in series.values() for point in found]
    x_axis = Axis([x for x, _ in points], LEFT, WIDTH - RIGHT, log_x)
    y_axis = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP, log_y)
    parts = [grid(x_axis, y_axis, x_label, y_label, x_names)]
    for index, (name, found) in enumerate(series.items()):
        colour = COLOURS[index % len(COLOURS)]
        path = " ".join(f"{x_axis.place(x):.1f},{y_axis.place(y):.1f}" for x, y in found)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(found) < 30:
            parts += [f'<circle cx="{x_axis.place(x):.1f}" cy="{y_axis.place(y):.1f}" r="3" fill="{colour}"/>'
                      for x, y in found]
        y = TOP + 14 + 18 * index
        parts.append(f'<rect x="{WIDTH - RIGHT + 12}" y="{y - 9}" width="12" height="4" fill="{colour}"/>'
                     f'<text x="{WIDTH - RIGHT + 30}" y="{y - 3}" {TEXT}>{escape(name)}</text>')
    return frame(title, "\n".join(parts))


def bars(title, values, x_label):
    """A bar for each name, on a logarithmic scale; `values` maps names to numbers."""
    left = 150
    axis = Axis(list(values.values()), left, WIDTH - 90, True)
    step = (HEIGHT - TOP - BOTTOM) / max(1, len(values))
    parts = []
    for tick in axis.ticks():
        x = axis.place(tick)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>'
                     f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" {TEXT} text-anchor="middle">{short(tick)}</text>')
    for index, (name, value) in enumerate(values.items()):
        y = TOP + step * index + step * 0.15
        colour = COLOURS[0] if name.startswith("sluice") else "#9ab8c4"
        parts.append(f'<rect x="{left}" y="{y:.1f}" width="{axis.place(value) - left:.1f}" '
                     f'height="{step * 0.7:.1f}" fill="{colour}"/>'
                     f'<text x="{left - 8}" y="{y + step * 0.45:.1f}" {TEXT} text-anchor="end">{escape(name)}</text>'
                     f'<text x="{axis.place(value) + 6:.1f}" y="{y + step * 0.45:.1f}" {TEXT}>{value:.3g}</text>')
    parts.append(f'<text x="{(left + WIDTH) / 2}" y="{HEIGHT - 14}" {TEXT} text-anchor="middle">'
                 f'{escape(x_label)}</text>')
    return frame(title, "\n".join(parts))


def percentiles(title, histograms):
    """Latency over the share of requests that are slower; `histograms` maps names to buckets of (ns, count)."""
    series = {}
    for name, buckets in histograms.items():
        total, seen, found = sum(count for _, count in buckets), 0, []
        for bound, count in buckets:
            seen += count
            slower = 1 - seen / total
            if slower > 0.5 / total:
                found.append((1 / slower, bound / 1000))
        series[name] = [point for point in found if point[0] <= 10_000]
    names = {1: "0 %", 10: "90 %", 100: "99 %", 1_000: "99.9 %", 10_000: "99.99 %"}
    return lines(title, series, "share of the requests that are no slower", "µs", log_y=True, x_names=names)
