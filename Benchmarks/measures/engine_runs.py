"""Runs in the engine, without a socket: what the program `runs` measures."""

import json
import subprocess

from harness.goals import Row


def program(shop, path, *words):
    """The JSON a program writes, or nothing where it cannot write any."""
    target = shop.folder / "in-process.json"
    target.unlink(missing_ok=True)
    try:
        subprocess.run([path, *words, "--json", str(target)], check=True, capture_output=True, timeout=300)
        return json.loads(target.read_text(encoding="utf-8"))
    except (OSError, subprocess.SubprocessError, json.JSONDecodeError):
        return None


def measure(shop, scale):
    """The figures of `runs`, a tenth of them in the quick form."""
    return program(shop, shop.runs, *(["--quick"] if scale.is_quick else []))


def rows(runs):
    """The rows of the table."""
    if not runs:
        return [Row("runs in the engine", "", missing="`runs` did not end well")]
    lost = sum(figure["median"] for name, figure in runs.items() if name.endswith("_lost"))
    lost += runs["bulk_started"]["median"] - runs["bulk_completed"]["median"]

    def single(name, what, goal="", **more):
        return Row(what, goal, runs[name], **more)

    def scaled(name, factor):
        return {key: value * factor if key in ("median", "min", "max") else value
                for key, value in runs[name].items()}

    started = int(runs["bulk_started"]["median"])
    return [
        single("three_cpu", "a run of three steps without I/O, CPU", "≤ 30 µs", at_most=30, unit=" µs", digits=1),
        Row("the same, live memory in its last step", "≤ 4 KB", scaled("middle_bytes", 1 / 1024), at_most=4,
            unit=" KB"),
        Row(f"a waiting run among {int(runs['parked']['median']):,}, live memory", "≤ 2 KB",
            scaled("waiting_bytes", 1 / 1024), at_most=2, unit=" KB"),
        Row(f"runs lost, of {started:,} from bulk starts and of all others", "0",
            {"median": lost, "min": lost, "max": lost}, at_most=0, digits=0),
        single("one_rate", "runs of 1 step per second", unit="/s", digits=0),
        single("three_rate", "runs of 3 steps per second", unit="/s", digits=0),
        single("twenty_rate", "runs of 20 steps per second", unit="/s", digits=0),
        Row("all workers / one worker, runs of 20 steps", "", {
            key: runs["twenty_rate"][key] / runs["twenty_rate_alone"]["median"] for key in ("median", "min", "max")}),
    ]
