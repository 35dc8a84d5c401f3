"""What a client earns elsewhere, as they told their adviser: it counts against the same limit."""

import re
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import benefits
from jobcenter.benefits import EarningsPeriod
from jobcenter.database import asker
from jobcenter.effects import Rule
from jobcenter.errors import CaseIsClosed, Fault, Invalid, NotFound
from jobcenter.intake.keeping import ADVISES
from jobcenter.intake.papers import MOST_LIMIT_CENTS
from jobcenter.intake.told import Told, euros, refuse
from jobcenter.orders.locking import locked_client
from jobcenter.orders.proposals import Change
from jobcenter.people.upkeep import note_upkeep
from jobcenter.reference.benefits import BENEFITS
from jobcenter.times import local

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
LEAST_REASON = 10
PASSED = Fault(
    "reason",
    "reason_too_short",
    "With this the limit is passed. Please write why that may be so, in at least ten letters.",
)


async def tell(session: AsyncSession, *, client_id: UUID, told: Told, now: datetime) -> None:
    """Write down what they earn elsewhere in a month; past the limit only with a reason."""
    client = await locked_client(session, client_id)
    if client.unit_id not in asker(session).unit_ids:
        raise NotFound
    asker(session).require(client.unit_id, ADVISES)
    if client.closed_on:
        raise CaseIsClosed
    benefit, month, cents = _asked(told)
    for rule in await _limits(session, client_id, benefit, month):
        period = await benefits.locked_period(session, rule, client_id, month)
        period.ceiling_cents = rule.amount_cents
        period.told_cents, period.told_on = cents, local(now).date()
        _allow(period, asker(session).actor_id, told.text("reason").strip())
    client.version += 1
    note_upkeep(session, "client", client_id, "earnings", now=now, version=client.version)
    session.add(
        Change(organiser_id=client.organiser_id, kind="client_changed", client_id=client_id, at=now)
    )
    await session.flush()


def _asked(told: Told) -> tuple[str, date, int]:
    faults: list[Fault] = []
    benefit = told.text("benefit")
    if benefit not in BENEFITS:
        faults.append(Fault("benefit", "unknown", "Please choose a benefit."))
    found = MONTH.fullmatch(told.text("month").strip())
    if found is None:
        faults.append(Fault("month", "unknown", "Please write a month such as 2026-11."))
    cents = euros(told, "elsewhere", faults) or 0
    if cents > MOST_LIMIT_CENTS:
        faults.append(Fault("elsewhere", "too_much", "Please check the amount."))
    refuse(faults)
    assert found is not None
    return benefit, date(int(found[1]), int(found[2]), 1), cents


async def _limits(session: AsyncSession, client_id: UUID, benefit: str, month: date) -> list[Rule]:
    """Return the limits of the benefit that hold in that month; none is told at its field."""
    rules = await benefits.rules_for(session, client_id, month)
    limits = [
        rule
        for each in rules
        for rule in each
        if rule.benefit == benefit and rule.kind != "TAPER" and rule.valid_from <= month
        if rule.valid_to is None or month < rule.valid_to
    ]
    if not limits:
        raise Invalid(
            Fault("benefit", "no_limit", "In this month this benefit has no limit for them.")
        )
    return limits


def _allow(period: EarningsPeriod, by: UUID | None, reason: str) -> None:
    """Let a limit be passed by what was told only with the adviser's reason, as by a gig."""
    total = period.committed_cents + period.told_cents
    is_passed = period.ceiling_cents is not None and total > period.ceiling_cents
    if not is_passed or period.choice_at is not None or period.override_by is not None:
        return
    if len(reason) < LEAST_REASON:
        raise Invalid(PASSED)
    period.override_by, period.override_reason = by, reason[:500]
