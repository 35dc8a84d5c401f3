"""An order form is sent: by somebody signed in it becomes orders, by a visitor it waits for a yes.

A visitor's form is kept as a draft of the address they gave; a link there brings them back to it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Changed, Fault, Invalid
from jobcenter.fields import phone_of, text_of
from jobcenter.notices import tell
from jobcenter.orders import changing, drafts, placing
from jobcenter.orders.letters import open_status_link
from jobcenter.orders.model import Order
from jobcenter.orders.occasions import Repeat
from jobcenter.orders.wishes import LONG_TEXT, SHORT_TEXT, TITLE, Wish
from jobcenter.orders.wordings import wording_faults
from jobcenter.people import newcomers, sessions

ONE_LINE = SHORT_TEXT
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
) -> placing.Placed:
    """Place the wish once, open its status links, and put the draft away."""
    placed = await placing.place(session, wish=wish, repeat=repeat, key=key, now=now)
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


async def ask_to_confirm(
    session: AsyncSession,
    *,
    newcomer: newcomers.Newcomer,
    fields: Mapping[str, object],
    mint: Callable[[UUID, datetime], bytes],
    now: datetime,
) -> None:
    """Keep a visitor's form for the owner of that address, and mail them a link to send it."""
    user_id = await newcomers.welcome(session, newcomer=newcomer)
    offered = await sessions.offer(session, email=newcomer.email, mint=mint, now=now)
    if offered is None:
        return
    ready = {**fields, drafts.READY: "1"}
    await drafts.save(session, draft_id=uuid7(), owner=f"user:{user_id}", fields=ready, now=now)
    version = int(offered.expires_at.timestamp())
    await tell(session, kind="signin", user_id=user_id, way="mail", version=version, now=now)


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
) -> changing.Cancellation:
    """Cancel for the cost that was shown; when it has grown since, nothing is done."""
    cost = await changing.cost_of_cancelling(session, order_id=order_id, now=now)
    if cost.cost_cents > shown_cents:
        raise Changed("Cancelling costs more by now. Please look at the newest amount.")
    return await changing.cancel(session, order_id=order_id, reason=reason, now=now)
