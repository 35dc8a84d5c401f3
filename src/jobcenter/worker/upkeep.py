"""Keeps data up: planned changes take effect, and business ids are looked up in the register."""

from datetime import datetime

from jobcenter.companies import look_up
from jobcenter.errors import Unreachable
from jobcenter.lists import planned
from jobcenter.people import registered
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
    waiting = await hands.database.read(hands.who, registered.unchecked, now=now)
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
