"""How a gig went, in three faces and one strength: told by the client and by the orderer.

The orderer's words reach the worker's coach, who may pass them on; the client's never reach the
orderer. Nothing in it ranks anybody: the matcher has no access to this table.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.envelopes import PersonsKey
from jobcenter.errors import Fault, Invalid, NotAllowed, NotFound, WrongMoment
from jobcenter.notices import tell
from jobcenter.orders.gigs import WORKED, Gig, GigStatus
from jobcenter.orders.locking import is_known, locked_gig
from jobcenter.orders.model import Order
from jobcenter.orders.todos import see_to_gig
from jobcenter.orders.told import LONGEST, Feedback, Voice
from jobcenter.people import choices, closing
from jobcenter.people.clients import Client
from jobcenter.times import day_bounds, local, next_workday

GOOD, ALL_RIGHT, HARD = 3, 2, 1
FACES = (GOOD, ALL_RIGHT, HARD)
# A hard day is talked about by noon of the next working day.
TALK_BY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Said:
    """A face, and perhaps a strength and a few words; None where nothing was asked."""

    face: int
    strength: str | None = None
    words: str | None = None


async def give(session: AsyncSession, *, gig_id: UUID, said: Said, now: datetime) -> None:
    """Keep what the client or the orderer says; said again it replaces what nobody has read yet."""
    gig, order, client = await locked_gig(session, gig_id)
    voice = _voice(session, order, client)
    if GigStatus(gig.status) not in WORKED:
        raise WrongMoment("You can tell how it went once the work is done.")
    check(said, (await choices.strengths(session, now=now)).helps())
    key = await closing.key_for(session, client.id)
    values = {
        "face": said.face,
        "told_at": now,
        "told_by": asker(session).actor_id,
        **_told(said, voice, key),
    }
    kept = await session.scalar(
        insert(Feedback)
        .values(
            organiser_id=gig.organiser_id,
            gig_id=gig.id,
            told_from=voice.value,
            client_id=client.id,
            party_id=order.party_id if voice is Voice.ORDERER else None,
            **values,
        )
        .on_conflict_do_update(
            index_elements=["organiser_id", "gig_id", "told_from"],
            set_=values,
            where=Feedback.read_at.is_(None),
        )
        .returning(Feedback.gig_id)
    )
    if kept and said.face == HARD:
        await _have_a_talk(session, gig, client, voice, now)


def _told(said: Said, voice: Voice, key: PersonsKey) -> dict[str, object]:
    """Return what is written beside the face: a face alone leaves what was told before it.

    An orderer does not get to read their words again, so a blank of theirs takes nothing back.
    """
    told: dict[str, object] = {}
    may_clear = voice is Voice.CLIENT
    if said.strength or (may_clear and said.strength is not None):
        told["strength"] = said.strength or None
    if said.words is not None and (said.words.strip() or may_clear):
        words = said.words.strip()
        told["closed_words"] = key.close("feedback:words", words) if words else None
    return told


def _voice(session: AsyncSession, order: Order, client: Client) -> Voice:
    """The client, or whoever comes for the orderer: also by the link to how the order stands."""
    who = asker(session)
    if who.client_id is not None and who.client_id == client.id:
        return Voice.CLIENT
    if who.client_id is None and who.party_id is not None and who.party_id == order.party_id:
        return Voice.ORDERER
    raise NotFound


def check(said: Said, strengths: Collection[str]) -> None:
    """Refuse what is none of the three faces, no strength of ours, or a long story."""
    if said.face not in FACES:
        raise Invalid(Fault("face", "unknown", "Please choose one of the three faces."))
    if said.strength and said.strength not in strengths:
        raise Invalid(Fault("strength", "unknown", "Please choose one from the list."))
    if len(said.words or "") > LONGEST:
        raise Invalid(Fault("words", "too_long", "Please tell it in fewer words."))


async def _have_a_talk(
    session: AsyncSession, gig: Gig, client: Client, voice: Voice, now: datetime
) -> None:
    due = day_bounds(next_workday(local(now).date()))[0] + TALK_BY
    kind = "hard_gig" if voice is Voice.CLIENT else "hard_for_orderer"
    await see_to_gig(session, gig, kind=kind, due_at=due, now=now, unit_id=client.unit_id)


async def read(
    session: AsyncSession, *, gig_id: UUID, told_from: str, pass_on: bool, now: datetime
) -> None:
    """Note that a coach has read it, and pass an orderer's words on to the client if they say so.

    What was passed on stays passed on.
    """
    who = asker(session)
    gig, _, client = await locked_gig(session, gig_id)
    row = await session.get(Feedback, (who.organiser_id, gig_id, told_from), with_for_update=True)
    if row is None or not await is_known(session, client):
        raise NotFound
    if not who.may_in(client.unit_id, "coach", "lead"):
        raise NotAllowed
    if row.read_at is None:
        row.read_at, row.read_by = now, who.actor_id
    if pass_on and row.passed_at is None and told_from == Voice.ORDERER.value:
        row.passed_at, row.passed_by = now, who.actor_id
        await tell(session, kind="thanks", now=now, client_id=client.id, gig_id=gig.id)
    await session.flush()
