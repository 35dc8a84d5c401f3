"""The joint matcher over files of gigmatch-1: value, proven bound, and what they took.

    .venv/bin/python -m benchmarks.joint SECONDS FILE [FILE ...]

Seconds are of the processor, not of the clock, so that neighbours on the machine disturb less. The
loops are compiled, or read from `var/kernels`, before the first one is measured.
"""

import os
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.instances import town, write
from jobcenter.matching.engine import Outcome, Pace, Proving, decide, steps_of
from jobcenter.matching.gigmatch import read_instance


def main() -> None:
    seconds, *files = sys.argv[1:]
    began = time.process_time()
    _warm()
    print(f"Loops ready after {time.process_time() - began:.1f} s of processor.\n")
    names = ("file", "pairs", "value", "bound", "at least", "steps", "processor s", "clock s", "MB")
    print(f"| {' | '.join(names)} |\n|{'---|' * len(names)}")
    for file in files:
        problem = read_instance(Path(file)).problem
        began, clock = time.process_time(), time.perf_counter()
        done = decide(problem, _pace(float(seconds)), prove=Proving.MEANWHILE)
        print(_row(file, done, time.process_time() - began, time.perf_counter() - clock))
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.")


def _pace(seconds: float) -> Pace:
    began = time.process_time()
    return lambda _: (time.process_time() - began) / seconds


def _warm() -> None:
    with TemporaryDirectory() as folder:
        small = Path(folder) / "small.json"
        write(town(1, clients=300, orders=200, coaches=6), small)
        decide(read_instance(small).problem, steps_of(60000))


def _row(file: str, done: Outcome, processor: float, clock: float) -> str:
    # Never rounded up.
    share = done.value * 100_000 // done.bound / 1000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"| {Path(file).name} | {done.pairs} | {done.value} | {done.bound} | {share:.3f} % |"
        f" {done.steps} | {processor:.1f} | {clock:.1f} | {memory} |"
    )


if __name__ == "__main__":
    main()
