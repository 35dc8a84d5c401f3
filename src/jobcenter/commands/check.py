"""Check format, lint, types, import directions and the house rules, in seconds.

The tools are there after `./jobcenter check` or `./jobcenter test`, not after `./jobcenter demo`.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PYTHON = sys.executable
STEPS = {
    "types": [PYTHON, "-m", "mypy"],
    "imports": [str(Path(PYTHON).with_name("lint-imports"))],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "house": [PYTHON, "-m", "pytest", "-q", "tests/test_house.py", "tests/house"],
}


@dataclass(frozen=True, slots=True)
class Running:
    """A step that was started; its output waits in a file, as a pipe could fill up."""

    name: str
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    began: float

    def finish(self) -> bool:
        """Wait, say how it went, and show what it wrote only when it failed."""
        passed = self.process.wait() == 0
        seconds = time.perf_counter() - self.began
        sys.stdout.write(f"{self.name:8} {'ok' if passed else 'FAILED'}  {seconds:.1f} s\n")
        if not passed:
            self.output.seek(0)
            sys.stdout.write(self.output.read().decode(errors="replace"))
        sys.stdout.flush()
        return passed


def start(name: str) -> Running:
    output = tempfile.TemporaryFile()
    process = subprocess.Popen(STEPS[name], stdout=output, stderr=subprocess.STDOUT)
    return Running(name, process, output, time.perf_counter())


def run_all(names: Iterable[str]) -> bool:
    """Run the steps side by side and give whether all passed."""
    running = [start(name) for name in names]
    return all([step.finish() for step in running])


def main(arguments: list[str]) -> int:
    unknown = sorted(set(arguments) - set(STEPS))
    if unknown:
        sys.stderr.write(f"No such step: {', '.join(unknown)}. Steps: {', '.join(STEPS)}.\n")
        return 2
    return 0 if run_all(arguments or STEPS) else 1
