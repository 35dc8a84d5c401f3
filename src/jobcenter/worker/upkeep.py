"""Keeps data up from elsewhere and from earlier: planned changes, the register, calendars."""

from datetime import datetime
from uuid import UUID

from jobcenter.calendars.apart import read_apart
from jobcenter.calendars.expanding import Span, Unread
from jobcenter.calendars.fetching import fetch
from jobcenter.companies import look_up
from jobcenter.errors import Unreachable
from jobcenter.lists import planned
from jobcenter.orders import busy_times
from jobcenter.orders.queries import parties
from jobcenter.people import calendars, registered
from jobcenter.worker.hands import Hands


async def change_lists(hands: Hands, now: datetime) -> bool:
    """Let the organiser's changes hold whose day has come."""
    return await planned.take_effect(hands.database, hands.who, now=now) > 0


async def ask_register(hands: Hands, now: datetime) -> bool:
    """Ask about each business id that waits; a silence ends the turn, and orders go on."""
    register = hands.config.register
    if not register.url:
        return False
    asked = False
    waiting = await hands.database.read(hands.who, parties.to_look_up, now=now)
    for party_id, business_id in waiting:
        assert business_id is not None
        try:
            company = await look_up(register, business_id)
        except Unreachable:
            await hands.database.act(
                hands.who, registered.miss, party_id=party_id, business_id=business_id, now=now
            )
            break
        await hands.database.act(
            hands.who, registered.keep, party_id=party_id, business_id=business_id,
            company=company, now=now,
        )  # fmt: skip
        asked = True
    return asked


async def ask_for_calendars(hands: Hands, now: datetime) -> bool:
    """Ask for each coach's calendar that is due, one job a coach."""
    await hands.database.act(hands.who, busy_times.ask_for_due, now=now)
    return True


async def read_calendar(hands: Hands, *, coach_id: UUID, now: datetime) -> None:
    """Read a coach's calendar and keep when they are busy; a failure keeps the last times."""
    found = await hands.database.read(hands.who, calendars.address_of, coach_id=coach_id)
    if found is None:
        return
    address, given_at = found
    try:
        spans = await _spans(hands, coach_id, address, now)
    except Unread as trouble:
        await hands.database.act(
            hands.who, busy_times.miss_times, coach_id=coach_id, given_at=given_at,
            trouble=trouble.code, now=now,
        )  # fmt: skip
        return
    await hands.database.act(
        hands.who, busy_times.keep_times, coach_id=coach_id, given_at=given_at,
        spans=spans, now=now,
    )  # fmt: skip


async def _spans(hands: Hands, coach_id: UUID, address: str, now: datetime) -> list[Span]:
    """Nothing is held while others take their time: neither a connection nor a lock."""
    text = await fetch(address, hands.config.calendars)
    ours = await hands.database.read(hands.who, busy_times.visits_ahead, coach_id=coach_id, now=now)
    return await read_apart(text, *busy_times.window(now), ours=ours)
