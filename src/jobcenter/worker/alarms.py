"""What the clock has a person see to before and after a start, and what it ends by itself."""

from datetime import datetime

from jobcenter.orders import calling_off, ending, escalating, still_fine, timely
from jobcenter.worker.hands import Hands, foreseen


async def alert(hands: Hands, now: datetime) -> bool:
    """Raise what a person must see to before or after a start, and close what is past."""
    open_places = await escalate(hands, now)
    await hands.database.act(hands.who, timely.ask_the_missing, now=now)
    await hands.database.act(hands.who, timely.hand_hours_to_leads, now=now)
    await hands.database.act(hands.who, ending.warn, now=now)
    await hands.database.act(hands.who, still_fine.ask_ahead, now=now)
    await hands.database.act(hands.who, still_fine.call_the_silent, now=now)
    called_off = await call_off(hands, now)
    await hands.database.act(hands.who, timely.close_past, now=now)
    return open_places or called_off


async def escalate(hands: Hands, now: datetime) -> bool:
    """Take the next step for orders that nobody was found for and whose time grows short."""
    taken = 0
    for one in await hands.database.read(hands.who, escalating.due, now=now):
        ahead = None
        if one.nobody_yet:
            ahead = await hands.ahead(hands.database, hands.who, one.order_id, now)
        step = hands.database.act(
            hands.who,
            escalating.escalate,
            order_id=one.order_id,
            step=one.step,
            next_start=ahead,
            now=now,
        )
        taken += await foreseen(step)
    return taken > 0


async def call_off(hands: Hands, now: datetime) -> bool:
    """End gigs that begin within the hour without the coach who must be there."""
    ended = 0
    for gig_id in await hands.database.read(hands.who, calling_off.unsupported, now=now):
        step = hands.database.act(hands.who, calling_off.call_off, gig_id=gig_id, now=now)
        ended += await foreseen(step)
    return ended > 0
