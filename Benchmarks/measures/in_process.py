"""What needs no socket: the programs `hot-path` and `runs`, and what they print as JSON."""

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
    """Both programs."""
    return {"hot_path": program(shop, shop.hot_path, *(["--smoke"] if scale.is_quick else [])),
            "runs": program(shop, shop.runs, *(["--quick"] if scale.is_quick else []))}


def run_rows(runs):
    """The executor's rows."""
    if not runs:
        return [Row("runs in the engine", "", missing="`runs` did not end well")]
    lost = sum(figure["median"] for name, figure in runs.items() if name.endswith("_lost"))
    lost += runs["bulk_started"]["median"] - runs["bulk_completed"]["median"]

    def row(name, what, goal="", **more):
        return Row(what, goal, runs[name], **more)

    def scaled(name, factor):
        return {key: value * factor if key in ("median", "min", "max") else value
                for key, value in runs[name].items()}

    started = int(runs["bulk_started"]["median"])
    return [
        row("three_cpu", "a run of three steps without I/O, CPU", "≤ 30 µs", at_most=30, unit=" µs", digits=1),
        Row("the same, live memory in its last step", "≤ 4 KB", scaled("middle_bytes", 1 / 1024), at_most=4,
            unit=" KB"),
        Row(f"a waiting run among {int(runs['parked']['median']):,}, live memory", "≤ 2 KB", scaled("waiting_bytes", 1 / 1024), at_most=2,
            unit=" KB"),
        Row(f"runs lost, of {started:,} from bulk starts and of all others", "0",
            {"median": lost, "min": lost, "max": lost}, at_most=0, digits=0),
        row("one_rate", "runs of 1 step per second", unit="/s", digits=0),
        row("three_rate", "runs of 3 steps per second", unit="/s", digits=0),
        row("twenty_rate", "runs of 20 steps per second", unit="/s", digits=0),
        Row("all workers / one worker, runs of 20 steps", "", {
            key: runs["twenty_rate"][key] / runs["twenty_rate_alone"]["median"] for key in ("median", "min", "max")}),
    ]


def hot_path_rows(hot_path):
    """The rows of the callback's way inside the process, as `hot-path --json` writes them under `goals`."""
    if not hot_path:
        return [Row("the hot path in process", "", missing="see `hot-path`, which prints its own table")]
    return [Row(row["measure"], row.get("goal", ""), row.get("spread"), at_most=row.get("at_most"),
                at_least=row.get("at_least"), unit=row.get("unit", ""), digits=row.get("digits", 2))
            for row in hot_path.get("goals", [])]
