"""Play weeks of orders, answers, silence and illness against the real actions, and report figures.

It makes up a city in a database of its own, which is gone afterwards. The same arguments play the
same weeks. Compare policies: how many a coordinator approves at once, how many are asked at once.
"""

import argparse
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from jobcenter.seed.town import SIZES
from jobcenter.simulation.board import Policy
from jobcenter.simulation.play import Run
from jobcenter.simulation.running import in_a_new_city

console = Console(highlight=False)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter simulate", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--days", type=int, help="instead of weeks")
    parser.add_argument("--approve", type=int, default=3, help="how many on an approved list (3)")
    parser.add_argument("--ask", type=int, default=1, help="how many are asked at once (1)")
    parser.add_argument("--looks", type=int, default=8, help="looks at the board a day (8)")
    chosen = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    policy = Policy(chosen.approve, chosen.ask, _hours(chosen.looks))
    run = Run(chosen.size, chosen.seed, policy, chosen.days or 7 * chosen.weeks)
    with tempfile.TemporaryDirectory(prefix="jobcenter-simulation-") as place:
        figures = in_a_new_city(Path(place), run, console)
    console.print(f"{run.days} days of the {run.size} city, seed {run.seed}: {policy.words}")
    console.print("\n".join(figures.lines), soft_wrap=True)
    return 0


def _hours(looks: int) -> Sequence[int]:
    """Spread so many looks at the board over a working day."""
    every = range(8, 16)
    return tuple(every[:: max(1, len(every) // max(1, looks))])[: max(1, looks)]
