"""Check format, lint, types, import directions and the house rules, in seconds.

The tools are there after `./jobcenter check` or `./jobcenter test`, not after `./jobcenter demo`.
"""

import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PYTHON = sys.executable
STEPS = {
    "types": [PYTHON, "-m", "mypy"],
    "imports": [str(Path(PYTHON).with_name("lint-imports")), "--no-logo"],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "house": [PYTHON, "-m", "pytest", "-q", "tests/test_house.py", "tests/house"],
}


def run(name: str, steps: Mapping[str, list[str]] = STEPS) -> bool:
    """Run one step, say how it went, and show what it wrote only when it failed."""
    began = time.perf_counter()
    step = subprocess.run(
        steps[name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    seconds = time.perf_counter() - began
    verdict = "FAILED" if step.returncode else "ok"
    sys.stdout.write(
        f"{name:8} {verdict:6} {seconds:.1f} s\n{step.stdout if step.returncode else ''}"
    )
    sys.stdout.flush()
    return step.returncode == 0


def main(arguments: list[str]) -> int:
    unknown = sorted(set(arguments) - set(STEPS))
    if unknown:
        sys.stderr.write(f"No such step: {', '.join(unknown)}. Steps: {', '.join(STEPS)}.\n")
        return 2
    with ThreadPoolExecutor() as side_by_side:
        passed = list(side_by_side.map(run, arguments or list(STEPS)))
    return 0 if all(passed) else 1
