"""The callback's way inside the process: instructions and allocations by callgrind, and the clock's word for it."""

import json
import re
import subprocess
import sys

from harness.goals import Row


def measure(shop, scale):
    """Counts always; times, and simdjson's beside ours, where there is time for them."""
    script = str(shop.root / "Benchmarks" / "hot_path.py")
    found = {"counts": written(shop, [sys.executable, script, "--program", shop.hot_path])}
    if scale.is_quick:
        return found
    found["dom"] = written(shop, [sys.executable, script, "--program", shop.hot_path, "--dom"])
    found["times"] = written(shop, [shop.hot_path])
    found["waiter_bytes"] = waiter_bytes(shop)
    return found


def waiter_bytes(shop):
    """What a waiter among a million takes in a process that has done nothing before: else memory is used again.

    Nothing where the program does not measure it alone.
    """
    try:
        said = subprocess.run([shop.hot_path, "--waiters", "1000000"], capture_output=True, text=True, check=True,
                              timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    # The last line: a program that does not know the option says it in between, of a process that is not new.
    weight = re.search(r"^a waiter takes (\d+) bytes where there are 1000000\n\Z", said, re.MULTILINE)
    return int(weight.group(1)) if weight else None


def written(shop, command):
    """The JSON that a program writes; nothing where it fails."""
    target = shop.folder / "hot-path.json"
    target.unlink(missing_ok=True)
    try:
        subprocess.run([*command, "--json", str(target)], capture_output=True, text=True, check=True, timeout=600)
        return json.loads(target.read_text(encoding="utf-8"))
    except (OSError, subprocess.SubprocessError, json.JSONDecodeError):
        return None


def one(value):
    """A figure that was counted, not measured in rounds."""
    return {"median": value, "min": value, "max": value}


def rows(found):
    """The rows of the table."""
    counts, times = found.get("counts"), found.get("times")
    why = "not in the quick form" if "times" not in found else "not measured"
    whole = counts and counts.get("whole")
    reference = counts and counts.get("reference")
    weight = found.get("waiter_bytes")
    return [
        Row("in process, 194 B, all stages: instructions / C reference", "≤ 1.15",
            one(whole["instructions"] / reference["instructions"]) if whole and reference else None, at_most=1.15),
        Row("the same, allocations", "≤ 1", one(whole["allocations"]) if whole else None, at_most=1.02),
        timed(times, "the same, time", "about 450 ns", why, lambda row: is_whole(row) and row["bytes"] < 1000),
        dom_row(found.get("dom"), why),
        timed(times, "bulk of 10,000, one item, validated and matched", "≤ 220 ns", why,
              lambda row: row["stage"].startswith("bulk"), at_most=220),
        timed(times, "match among 1,000,000 waiters, cold", "≤ 600 ns", why, is_cold, at_most=600),
        Row("a waiter among 1,000,000", "≤ 100 B", one(weight) if weight else None, at_most=100, unit=" B", digits=0,
            missing=why),
        scaling(times, why),
    ]


def is_whole(row):
    """All stages together."""
    return row["stage"] == "all together"


def is_cold(row, threads=1):
    """The match in random order among a million."""
    return row["stage"].startswith("match, in random") and row["waiters"] == 1_000_000 and row["threads"] == threads


def timed(times, measure_name, goal, why, chosen, **bounds):
    """A row of the program's own table."""
    row = next((row for row in times or [] if chosen(row)), None)
    return Row(measure_name, goal, row and row["nanoseconds"], unit=" ns", digits=0, missing=why, **bounds)


def dom_row(dom, why):
    """Our scanner's speed on 64 KB, divided by that of simdjson's `dom`."""
    row = next((row for row in dom or [] if row["bytes"] > 60_000), None)
    return Row("in process, 64 KB validated: speed / simdjson `dom`", "≥ 0.9",
               one(row["dom_nanoseconds"] / row["nanoseconds"]) if row else None, at_least=0.9, missing=why)


def scaling(times, why):
    """Two threads on one cold table."""
    single = next((row for row in times or [] if is_cold(row)), None)
    double = next((row for row in times or [] if is_cold(row, threads=2)), None)
    spread = None
    if single and double:
        spread = one(single["nanoseconds"]["median"] / double["nanoseconds"]["median"])
    return Row("two threads on one cold table of 1,000,000 / one", "≥ 1.5", spread, at_least=1.5, missing=why)
