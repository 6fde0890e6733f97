"""Rounds in turns, so that whatever else the machine does hits everybody, and what is made of them."""

import statistics
import sys


def interleaved(names, measure, rounds, *, warm=True):
    """Calls `measure(name)` for each name in turn, again and again; the first round does not count.

    Gives the results of each name. A name whose measurement fails is reported and left out.
    """
    results = {name: [] for name in names}
    for turn in range(rounds + (1 if warm else 0)):
        for name in list(results):
            try:
                figures = measure(name)
            except Exception as error:  # noqa: BLE001: whatever it is, the others are measured
                print(f"  {name} is left out: {error}", file=sys.stderr)
                del results[name]
                continue
            if turn > 0 or not warm:
                results[name].append(figures)
        note(".")
    note("\n")
    return results


def note(text):
    """Progress, for a person who waits."""
    print(text, end="", file=sys.stderr, flush=True)


def spread(values):
    """Median, least and most."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "rounds": len(values)}


def of(results, pick):
    """The spread of one figure over rounds; `pick` takes it out of a result."""
    return spread([pick(result) for result in results])


def ratio(above, below, pick_above, pick_below=None):
    """The spread of a ratio of two figures of the same round."""
    pick_below = pick_below or pick_above
    pairs = list(zip(above, below))
    return spread([pick_above(one) / max(1e-12, pick_below(other)) for one, other in pairs])
