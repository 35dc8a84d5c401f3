"""Asks the worker for a whole round, shows how far it is, and says what it came to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Database, OrganiserId, Who, asker
from jobcenter.errors import JobcenterError
from jobcenter.matching.rules import RULES, SUPPORT
from jobcenter.matching.thinking.nobody import ELSEWHERE
from jobcenter.orders.proposals import Round
from jobcenter.orders.proposing import MACHINE, ask_round

LOOK_EVERY = 0.2
# The words of a rule that was broken, by its code.
BROKEN = {
    **{rule.code: rule.broken for rule in RULES},
    SUPPORT[0]: SUPPORT[2],
    ELSEWHERE: "Somebody would fit, but they or their coach are needed more elsewhere.",
}


class RoundFailed(JobcenterError):
    """The round did not end well; the worker's log in var/logs tells why."""


@dataclass(frozen=True, slots=True)
class Progressing:
    """How far a round is, and everything it came to once it is done."""

    status: str
    progress: int
    orders: int
    places: int
    proposed: int
    visits: int
    stale: int
    changed: int
    value: int
    bound: int
    unfilled: dict[str, int]
    seconds: float


def machine(organiser_id: OrganiserId) -> Who:
    """Return who asks for the demo's round: nobody in particular."""
    return Who(organiser_id, MACHINE, name="demo")


async def read_round(session: AsyncSession, *, round_id: UUID) -> Progressing:
    """Return how far a round is."""
    found = select(Round).where(
        Round.organiser_id == asker(session).organiser_id, Round.id == round_id
    )
    row = (await session.scalars(found)).one()
    return Progressing(
        status=row.status,
        progress=row.progress,
        orders=row.orders,
        places=row.places,
        proposed=row.proposed,
        visits=row.visits,
        stale=row.stale,
        changed=row.changed,
        value=row.value or 0,
        bound=row.bound or 0,
        unfilled={code: int(str(count)) for code, count in row.unfilled.items()},
        seconds=row.seconds or 0.0,
    )


async def run_round(
    database: Database,
    who: Who,
    *,
    now: datetime,
    patience: float,
    console: Console,
    meanwhile: Callable[[], object],
) -> Progressing:
    """Ask for a whole round, as POST /api/rounds does, and show its progress until it is done."""
    asked = await database.act(who, ask_round, kind="whole", now=now)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=40),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    waited = 0.0
    with Progress(*columns, console=console) as bar:
        shown = bar.add_task("Matching round", total=100)
        while waited < patience:
            state = await database.read(who, read_round, round_id=asked.id)
            bar.update(shown, completed=state.progress)
            if state.status == "done":
                return state
            if state.status == "failed":
                raise RoundFailed
            meanwhile()
            await asyncio.sleep(LOOK_EVERY)
            waited += LOOK_EVERY
    raise RoundFailed("The round took longer than {patience} seconds.", patience=int(patience))


def summary(state: Progressing) -> list[str]:
    """Return what the round came to, a line a figure."""
    lines = [
        f"{state.orders:8} open orders",
        f"{state.places:8} places to fill in them",
        f"{state.proposed:8} places with a proposal for a coordinator",
        f"{state.visits:8} coach visits that fit, travel included",
        f"{sum(state.unfilled.values()):8} places that stay empty in the joint plan:",
    ]
    for code, count in sorted(state.unfilled.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"{count:12} {BROKEN.get(code, code)}")
    lines.append(f"{state.changed:8} changes to who was proposed before")
    if state.stale:
        lines.append(f"{state.stale:8} looked at again: changed while the round thought")
    lines.append(f"{state.seconds:8.1f} seconds of thinking")
    if state.bound:
        lines.append(f"{share(state):7.2f}% of the proven optimum, at least")
    return lines


def share(state: Progressing) -> float:
    """Return the plan's share of the bound in per cent, never rounded up."""
    return (state.value * 10_000 // state.bound) / 100
