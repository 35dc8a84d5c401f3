"""What the clock has a person see to before and after a start, and what it ends by itself."""

from datetime import datetime

from jobcenter.orders import calling_off, ending, still_fine, timely
from jobcenter.worker.hands import Hands, foreseen


async def alert(hands: Hands, now: datetime) -> bool:
    """Raise what a person must see to before or after a start, and close what is past."""
    open_places = await hands.database.act(hands.who, timely.alert, now=now)
    await hands.database.act(hands.who, timely.ask_the_missing, now=now)
    await hands.database.act(hands.who, timely.hand_hours_to_leads, now=now)
    await hands.database.act(hands.who, ending.warn, now=now)
    await hands.database.act(hands.who, still_fine.ask_ahead, now=now)
    await hands.database.act(hands.who, still_fine.call_the_silent, now=now)
    called_off = await call_off(hands, now)
    await hands.database.act(hands.who, timely.close_past, now=now)
    return open_places > 0 or called_off


async def call_off(hands: Hands, now: datetime) -> bool:
    """End gigs that begin within the hour without the coach who must be there."""
    ended = 0
    for gig_id in await hands.database.read(hands.who, calling_off.unsupported, now=now):
        step = hands.database.act(hands.who, calling_off.call_off, gig_id=gig_id, now=now)
        ended += await foreseen(step)
    return ended > 0
