"""What the clock has a person see to before and after a start, and what it ends by itself."""

import logging
from datetime import datetime
from uuid import UUID

from jobcenter.orders import calling_off, ending, escalating, still_fine, timely
from jobcenter.worker.hands import Hands, foreseen

log = logging.getLogger(__name__)


async def alert(hands: Hands, now: datetime) -> bool:
    """Raise what a person must see to before or after a start, and close what is past.

    People come first: whatever fails further down, they have been seen to.
    """
    await hands.database.act(hands.who, timely.ask_the_missing, now=now)
    called_off = await call_off(hands, now)
    await hands.database.act(hands.who, still_fine.ask_ahead, now=now)
    await hands.database.act(hands.who, still_fine.call_the_silent, now=now)
    await hands.database.act(hands.who, ending.warn, now=now)
    await hands.database.act(hands.who, timely.hand_hours_to_leads, now=now)
    await hands.database.act(hands.who, timely.close_past, now=now)
    return called_off


async def escalate(hands: Hands, now: datetime) -> bool:
    """Take the next step for orders that nobody was found for and whose time grows short."""
    taken = 0
    for one in await hands.database.read(hands.who, escalating.due, now=now):
        step = hands.database.act(
            hands.who,
            escalating.escalate,
            order_id=one.order_id,
            step=one.step,
            next_start=await _ahead(hands, one.order_id, now) if one.nobody_yet else None,
            now=now,
        )
        taken += await foreseen(step)
    return taken > 0


async def _ahead(hands: Hands, order_id: UUID, now: datetime) -> datetime | None:
    """Return the day to offer instead; the alarm goes out without one when it cannot be found."""
    try:
        return await hands.ahead(hands.database, hands.who, order_id, now)
    except Exception:
        log.exception("no later day could be looked for: order %s", order_id)
        return None


async def call_off(hands: Hands, now: datetime) -> bool:
    """End gigs that begin within the hour without the coach who must be there."""
    ended = 0
    for gig_id in await hands.database.read(hands.who, calling_off.unsupported, now=now):
        step = hands.database.act(hands.who, calling_off.call_off, gig_id=gig_id, now=now)
        ended += await foreseen(step)
    return ended > 0
