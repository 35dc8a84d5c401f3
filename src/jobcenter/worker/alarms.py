"""What the clock has a person see to before and after a start, and what it ends by itself."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from jobcenter.orders import calling_off, ending, escalating, still_fine, timely
from jobcenter.worker.hands import Hands, foreseen

# Later days are looked for together for so many orders, and the nearest starts go first.
TOGETHER = 10

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
    due = await hands.database.read(hands.who, escalating.due, now=now)
    for at in range(0, len(due), TOGETHER):
        some = due[at : at + TOGETHER]
        later = await _ahead(hands, [one.order_id for one in some if one.nobody_yet], now)
        for one in some:
            step = hands.database.act(
                hands.who,
                escalating.escalate,
                order_id=one.order_id,
                step=one.step,
                next_start=later.get(one.order_id),
                now=now,
            )
            taken += await foreseen(step)
    return taken > 0


async def _ahead(hands: Hands, order_ids: Sequence[UUID], now: datetime) -> Mapping[UUID, datetime]:
    """Return the days to offer instead; alarms go out without one when none can be looked for."""
    try:
        return await hands.ahead(hands.database, hands.who, order_ids, now) if order_ids else {}
    except Exception:
        log.exception("no later day could be looked for: orders %s", order_ids)
        return {}


async def call_off(hands: Hands, now: datetime) -> bool:
    """End gigs that begin within the hour without the coach who must be there."""
    ended = 0
    for gig_id in await hands.database.read(hands.who, calling_off.unsupported, now=now):
        step = hands.database.act(hands.who, calling_off.call_off, gig_id=gig_id, now=now)
        ended += await foreseen(step)
    return ended > 0
