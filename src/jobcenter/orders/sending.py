"""What the order form and its pages do: send, reword and cancel, each in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid
from jobcenter.fields import phone_of, text_of
from jobcenter.orders import changing, drafts, placing
from jobcenter.orders.cancelling import Cancellation
from jobcenter.orders.letters import open_status_link
from jobcenter.orders.model import Order
from jobcenter.orders.occasions import Repeat
from jobcenter.orders.wishes import LONG_TEXT, SHORT_TEXT, TITLE, Wish
from jobcenter.orders.wordings import wording_faults
from jobcenter.people import newcomers

ONE_LINE = SHORT_TEXT
# What may be reworded, by field.
WORDS = changing.WORDS
# How long each text of an order may be, in characters.
LONGEST: Mapping[str, int] = {
    "title": TITLE,
    "description": LONG_TEXT,
    "contact_name": 200,
    "wear": SHORT_TEXT,
    "bring": SHORT_TEXT,
}
REQUIRED = {"title", "contact_name"}


async def send(
    session: AsyncSession,
    *,
    wish: Wish,
    repeat: Repeat | None,
    key: placing.Key,
    draft_id: UUID,
    owner: str,
    link_hash_of: Callable[[UUID], bytes],
    now: datetime,
    accepts: UUID | None = None,
) -> placing.Placed:
    """Place the wish once, open its status links, and put the draft away."""
    placed = await placing.place(
        session, wish=wish, repeat=repeat, key=key, now=now, accepts=accepts
    )
    who = asker(session)
    if who.party_id is None and who.actor_id:
        await newcomers.join(session, user_id=who.actor_id, party_id=placed.orders[0].party_id)
    if not placed.replayed:
        for order in placed.orders:
            await open_status_link(
                session, order_id=order.id, token_hash=link_hash_of(order.id), now=now
            )
    await drafts.drop(session, draft_id=draft_id, owner=owner)
    return placed


async def reword(
    session: AsyncSession,
    *,
    order_id: UUID,
    version: int,
    words: Mapping[str, str],
    places: int,
    now: datetime,
) -> Order:
    """Change an order's words and places, as strictly checked as when it was first sent."""
    faults: list[Fault] = []
    clean: dict[str, str | int] = {"places": places}
    for name, most in LONGEST.items():
        clean[name] = text_of(
            words[name], name, faults, most=most, required=name in REQUIRED, lines=most > ONE_LINE
        )
    clean["contact_phone"] = phone_of(
        words["contact_phone"], "contact_phone", faults, required=True
    )
    told = {name: str(clean[name]) for name in ("title", "description", "wear", "bring")}
    faults += wording_faults(**told)
    if faults:
        raise Invalid(*faults)
    return await changing.change(
        session, order_id=order_id, version=version, changes=clean, now=now
    )


async def cancel_as_shown(
    session: AsyncSession, *, order_id: UUID, reason: str, shown_cents: int, now: datetime
) -> Cancellation:
    """Cancel for the cost that was shown; when it has grown since, nothing is done."""
    return await changing.cancel(
        session, order_id=order_id, reason=reason, now=now, at_most=shown_cents
    )
