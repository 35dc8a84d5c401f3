"""One round of the matcher over the demo's city at three dates: seconds, and how good the plan is.

The bound is proven: no plan can be worth more. The same city gives the same plan on any machine.
"""

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.city import city, server
from jobcenter.database import OrganiserId, Who
from jobcenter.matching.check import breaches, value
from jobcenter.matching.loading.facts import Facts
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.loading.reading import read
from jobcenter.matching.round import HORIZON
from jobcenter.matching.solver import solve
from jobcenter.orders.proposing import MACHINE
from jobcenter.start import Ground

MORNINGS = (
    datetime(2026, 11, 23, 6, tzinfo=UTC),
    datetime(2027, 3, 22, 6, tzinfo=UTC),
    datetime(2027, 6, 14, 5, tzinfo=UTC),
)


class BrokenPlan(Exception):
    """A plan that breaks a rule, or is not worth what it says, is not worth measuring."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one round came to, and how long its parts took."""

    morning: datetime
    orders: int
    places: int
    picks: int
    value: int
    bound: int
    reading: float
    thinking: float
    processor: float


def main() -> None:
    rounds = []
    with server() as (dsn, home):
        for morning in MORNINGS:
            with city(dsn, home, size="city", now=morning) as here:
                rounds.append(asyncio.run(_measure(here, morning)))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.\n")
    print("\n".join(_table(rounds)))


async def _measure(here: Ground, morning: datetime) -> Measured:
    database = here.open()
    who = Who(OrganiserId(here.settings.organiser), MACHINE)
    began = time.perf_counter()
    try:
        facts = await database.read(who, read, now=morning, until=morning + HORIZON)
    finally:
        await database.close()
    return _thought(facts, morning, time.perf_counter() - began)


def _thought(facts: Facts, morning: datetime, reading: float) -> Measured:
    began, began_processor = time.perf_counter(), time.process_time()
    problem = lay_out(facts).problem
    result = solve(problem)
    thinking, processor = time.perf_counter() - began, time.process_time() - began_processor
    broken = breaches(problem, result.plan)
    if broken or value(problem, result.plan) != result.value:
        raise BrokenPlan(f"{morning:%Y-%m-%d}: {broken}")
    return Measured(
        morning=morning,
        orders=len(facts.orders),
        places=sum(len(order.free_places) for order in facts.orders),
        picks=len(result.plan.picks),
        value=result.value,
        bound=result.bound,
        reading=reading,
        thinking=thinking,
        processor=processor,
    )


def _table(rounds: list[Measured]) -> list[str]:
    names = ("morning", "orders", "places", "filled", "value", "bound", "at least")
    lines = [f"| {' | '.join((*names, 'read s', 'think s', 'processor s'))} |", f"|{'---|' * 10}"]
    for one in rounds:
        # Never rounded up.
        share = one.value * 10_000 // one.bound / 100
        lines.append(
            f"| {one.morning:%Y-%m-%d} | {one.orders} | {one.places} | {one.picks}"
            f" | {one.value} | {one.bound} | {share:.2f} % | {one.reading:.1f}"
            f" | {one.thinking:.1f} | {one.processor:.1f} |"
        )
    return lines


if __name__ == "__main__":
    main()
