"""Match all open orders now, or an instance in a file, and say how good the plan is.

Without a file it proposes for the service's own orders and assigns nobody, as the worker does every
night. With one it reads an instance of gigmatch-1 and may write the plan.
"""

import argparse
import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from jobcenter.matching.engine import Outcome, Pace, Proving, Standing, decide, steps_of
from jobcenter.matching.gigmatch import read_instance, write_plan
from jobcenter.matching.rehearsal import rehearse
from jobcenter.matching.round import run_round
from jobcenter.matching.thinking.mind import Mind
from jobcenter.orders.proposals import Round
from jobcenter.start import Ground, ground

console = Console(highlight=False)
SECONDS = 60.0


def main(arguments: list[str]) -> int:
    given = _asked(arguments)
    if given.instance:
        return _match_file(given)
    with ground() as here:
        done = asyncio.run(_match(here))
    for line in told(done):
        console.print(line)
    return 0 if done.status == "done" else 1


def _asked(arguments: list[str]) -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="jobcenter match", description=__doc__)
    asked.add_argument("instance", nargs="?", type=Path, help="a file of gigmatch-1, plain or .gz")
    effort = asked.add_mutually_exclusive_group()
    effort.add_argument(
        "--seconds", type=float, help="how long to think; reading and compiling left out (60)"
    )
    effort.add_argument("--steps", type=int, help="how much to do: the same steps, the same plan")
    asked.add_argument("--seed", type=int, default=1, help="of the chance in the search (1)")
    asked.add_argument("-o", "--out", type=Path, help="where to write the plan")
    return asked.parse_args(arguments)


def _match_file(given: argparse.Namespace) -> int:
    instance = read_instance(given.instance)
    with console.status("Getting the loops ready; the first time this takes half a minute"):
        rehearse()
    began = time.perf_counter()
    done = decide(
        instance.problem,
        _pace(given, began),
        seed=given.seed,
        tell=lambda standing: console.print(_progress(standing, began)),
        prove=Proving.MEANWHILE if given.steps is None else Proving.TO_THE_END,
    )
    if given.out:
        write_plan(given.out, instance, done.plan, value=done.value, bound=done.bound)
    for line in outcome(done, time.perf_counter() - began):
        console.print(line)
    return 0


def _pace(given: argparse.Namespace, began: float) -> Pace:
    if given.steps is not None:
        return steps_of(given.steps)
    seconds = given.seconds or SECONDS
    return lambda _: (time.perf_counter() - began) / seconds


def _progress(standing: Standing, began: float) -> str:
    gap = 100 * (1 - standing.value / max(standing.bound, 1))
    return (
        f"{time.perf_counter() - began:7.1f} s  {standing.phase:7} value {standing.value}"
        f"  bound {standing.bound}  gap {gap:.3f} %"
    )


def outcome(done: Outcome, seconds: float) -> list[str]:
    """Return what matching an instance came to, line by line."""
    # Never rounded up.
    share = done.value * 100_000 // max(done.bound, 1) / 1000
    return [
        f"Value {done.value}, and no plan is worth more than {done.bound}",
        f"At least {share:.3f} % of the best possible plan",
        f"{len(done.plan.picks)} gigs, {len(done.plan.bookings)} visits, from {done.pairs} pairs",
        f"{done.steps} steps in {seconds:.1f} s",
    ]


async def _match(here: Ground) -> Round:
    database, mind = here.open(), Mind()
    bar = Progress(TextColumn("Matching"), BarColumn(), TimeElapsedColumn(), console=console)
    task = bar.add_task("Matching", total=100)
    try:
        with bar:
            return await run_round(
                database,
                here.operator,
                mind,
                kind="whole",
                now=datetime.now(UTC),
                horizon=timedelta(days=here.settings.horizon_days),
                seconds=here.settings.round_seconds,
                progress=lambda percent: bar.update(task, completed=percent),
            )
    finally:
        mind.close()
        await database.close()


def told(done: Round) -> list[str]:
    """Return what a round came to, line by line."""
    if done.status != "done":
        return ["The round failed; nothing was proposed. The log says why."]
    share = 100 * (done.value or 0) / done.bound if done.bound else 100.0
    reasons = sorted(done.unfilled.items(), key=lambda item: -int(str(item[1])))
    return [
        f"Orders {done.orders}, places {done.places}, places with proposals {done.proposed}",
        f"Coach visits that fit: {done.visits}",
        f"Changes to who was proposed before: {done.changed or 0}",
        "Places left empty: " + (", ".join(f"{why} {count}" for why, count in reasons) or "none"),
        f"At least {share:.2f} % of the best possible plan, in {done.seconds or 0:.1f} s",
    ]
