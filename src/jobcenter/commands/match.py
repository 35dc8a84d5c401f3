"""Run one whole round of the matcher now, and say what it came to.

It proposes and assigns nobody. The worker does the same every night and whenever it is asked.
"""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from jobcenter.matching.round import run_round
from jobcenter.matching.thinking.mind import Mind
from jobcenter.orders.proposals import Round
from jobcenter.start import Ground, ground

console = Console(highlight=False)


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="jobcenter match", description=__doc__).parse_args(arguments)
    with ground() as here:
        done = asyncio.run(_match(here))
    for line in told(done):
        console.print(line)
    return 0 if done.status == "done" else 1


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
        "Places left empty: " + (", ".join(f"{why} {count}" for why, count in reasons) or "none"),
        f"At least {share:.2f} % of the best possible plan, in {done.seconds or 0:.1f} s",
    ]
