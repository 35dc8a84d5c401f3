"""A client's text message is heard: kept once, understood by what is open, and seen to.

`hear` says what follows, `web` or the gateway's next try has it done under the client's own name,
`finish` writes down what it came to and tells whoever must hear of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import NotFound
from jobcenter.notices import Notice, tell, todo
from jobcenter.orders import linking, still_fine
from jobcenter.orders.gigs import Gig, GigStatus
from jobcenter.orders.locking import locked_client
from jobcenter.orders.meanings import Meaning, Open, Question, Standing, Step, meaning_of, step_of
from jobcenter.orders.replies import Reply
from jobcenter.people import closing
from jobcenter.people.clients import Client, ClientContact
from jobcenter.times import local

# How long a word may still mean an offer that has gone, or repeat an answer.
LATELY = timedelta(days=1)
CALL_WITHIN = timedelta(hours=2)
S = GigStatus
ENDED_OPEN = (S.EXPIRED.value, S.CANCELLED.value, S.WITHDRAWN.value)
SAID = {S.CONFIRMED.value: Meaning.YES, S.DECLINED.value: Meaning.NO}


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that was kept, and what is to be done about it."""

    reply_id: UUID
    step: Step
    meaning: Meaning
    client_id: UUID | None
    unit_id: UUID | None
    gig_id: UUID | None
    question: Question | None
    settled: bool


async def hear(
    session: AsyncSession, *, message_id: str, phone: str, text: str, now: datetime
) -> Heard:
    """Keep a message and say what follows; one that came before is as it was then."""
    known = await _kept(session, message_id)
    if known:
        return await _as_heard(session, known)
    clients = await linking.clients_of(session, phone)
    standing = await _standing(session, clients, now)
    meaning = meaning_of(text)
    step = step_of(meaning, standing) if clients else Step.STRANGER
    one = standing.open[0] if step is Step.ANSWER else None
    client_id = one.client_id if one else await _likeliest(session, clients, standing)
    await session.execute(
        insert(Reply)
        .values(
            organiser_id=asker(session).organiser_id,
            id=uuid7(),
            message_id=message_id,
            client_id=client_id,
            gig_id=one.gig_id if one else None,
            question=one.question.value if one else None,
            meaning=meaning.value,
            step=step.value,
            closed_text=await _closed(session, client_id, text) if step is Step.CALL else None,
            heard_at=now,
        )
        .on_conflict_do_nothing()
    )
    kept = await _kept(session, message_id)
    if kept is None:
        raise NotFound
    return await _as_heard(session, kept)


async def _kept(session: AsyncSession, message_id: str) -> Reply | None:
    return await session.scalar(
        select(Reply)
        .where(Reply.organiser_id == asker(session).organiser_id)
        .where(Reply.message_id == message_id)
    )


async def _as_heard(session: AsyncSession, row: Reply) -> Heard:
    client = await session.get(Client, (row.organiser_id, row.client_id)) if row.client_id else None
    return Heard(
        reply_id=row.id,
        step=Step(row.step),
        meaning=Meaning(row.meaning),
        client_id=row.client_id,
        unit_id=client.unit_id if client else None,
        gig_id=row.gig_id,
        question=Question(row.question) if row.question else None,
        settled=row.settled_at is not None,
    )


async def _standing(session: AsyncSession, clients: Sequence[UUID], now: datetime) -> Standing:
    """Read what these clients have been asked by text message, and what they have said lately."""
    told = exists().where(
        Notice.organiser_id == Gig.organiser_id,
        Notice.gig_id == Gig.id,
        Notice.kind == "offer",
        Notice.state.in_(still_fine.REACHED),
    )
    asked = still_fine.asked(Notice.state.in_(still_fine.REACHED))
    lately = or_(Gig.answer_by > now - LATELY, Gig.answered_at > now - LATELY)
    found = await session.execute(
        select(Gig, asked)
        .where(Gig.organiser_id == asker(session).organiser_id, Gig.client_id.in_(clients))
        .where(or_(and_(told, lately), Gig.status == S.CONFIRMED.value))
        .where(func.upper(Gig.during) > now - LATELY)
        .order_by(func.lower(Gig.during), Gig.id)
    )
    rows = found.all()
    gigs = [gig for gig, _ in rows]
    return Standing(
        open=tuple(one for gig, was_asked in rows if (one := _open(gig, now, was_asked=was_asked))),
        lapsed=any(_is_lapsed(gig, now) for gig in gigs),
        said=frozenset().union(*(_said(gig, now) for gig in gigs)),
        coming=any(gig.status == S.CONFIRMED.value and now < gig.end for gig in gigs),
    )


def _open(gig: Gig, now: datetime, *, was_asked: bool) -> Open | None:
    if gig.status == S.ASSIGNED.value and now < gig.answer_by:
        return Open(gig.id, gig.client_id, Question.OFFER)
    unsaid = was_asked and gig.still_fine_at is None
    if gig.status == S.CONFIRMED.value and unsaid and now < gig.start:
        return Open(gig.id, gig.client_id, Question.STILL_FINE)
    return None


def _is_lapsed(gig: Gig, now: datetime) -> bool:
    unanswered = gig.answered_at is None and gig.answer_by > now - LATELY
    over = gig.status == S.ASSIGNED.value and gig.answer_by <= now
    return unanswered and (over or gig.status in ENDED_OPEN)


def _said(gig: Gig, now: datetime) -> frozenset[Meaning]:
    meaning = SAID.get(gig.status)
    answered = gig.answered_at is not None and gig.answered_at > now - LATELY
    fine = gig.still_fine_at is not None and gig.still_fine_at > now - LATELY
    return frozenset({meaning}) if meaning and (answered or fine) else frozenset()


async def _likeliest(
    session: AsyncSession, clients: Sequence[UUID], standing: Standing
) -> UUID | None:
    """Return whose message it is: of several with one phone, whoever was written to last."""
    if len(clients) < 2:
        return clients[0] if clients else None
    if standing.open:
        return standing.open[0].client_id
    last = await session.scalar(
        select(Notice.client_id)
        .where(Notice.organiser_id == asker(session).organiser_id, Notice.client_id.in_(clients))
        .order_by(Notice.written_at.desc())
        .limit(1)
    )
    return last or clients[0]


async def _closed(session: AsyncSession, client_id: UUID | None, text: str) -> bytes | None:
    if client_id is None:
        return None
    await locked_client(session, client_id)
    return (await closing.key_for(session, client_id)).close(closing.REPLY, text)


async def finish(
    session: AsyncSession, *, heard: Heard, step: Step, now: datetime, text: str = ""
) -> None:
    """Write down what a message came to, and tell the client or the unit; once.

    Its words are kept too when it only now turns out that a person must read them.
    """
    settled = await session.scalar(
        update(Reply)
        .where(Reply.organiser_id == asker(session).organiser_id, Reply.id == heard.reply_id)
        .where(Reply.settled_at.is_(None))
        .values(settled_at=now, step=step.value)
        .returning(Reply.id)
        .execution_options(synchronize_session=False)
    )
    if settled is None or heard.client_id is None:
        return
    if step is Step.CALL and heard.step is not Step.CALL:
        await _keep_words(session, heard, text)
    if step is Step.WHICH:
        await _ask_which(session, heard, now)
    elif step is Step.CALL:
        await _have_called(session, heard, now)
    elif step in {Step.STOP, Step.START}:
        await _stop_or_start(session, heard.client_id, step, now)
    elif kind := _answer_to(heard, step):
        await tell(
            session, kind=kind, now=now, client_id=heard.client_id, gig_id=heard.gig_id,
            version=_minute(now), urgent=True,
        )  # fmt: skip


async def _keep_words(session: AsyncSession, heard: Heard, text: str) -> None:
    await session.execute(
        update(Reply)
        .where(Reply.organiser_id == asker(session).organiser_id, Reply.id == heard.reply_id)
        .values(closed_text=await _closed(session, heard.client_id, text))
        .execution_options(synchronize_session=False)
    )


def _answer_to(heard: Heard, step: Step) -> str | None:
    """Return what the client hears back; a yes to an offer has its own message."""
    if step is Step.TOO_LATE:
        return "too_late"
    if step is not Step.ANSWER:
        return None
    if heard.meaning is Meaning.NO:
        return "heard_no"
    return "heard_fine" if heard.question is Question.STILL_FINE else None


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60


async def _ask_which(session: AsyncSession, heard: Heard, now: datetime) -> None:
    """Send the link of each gig that may be meant; whoever has them already is called."""
    standing = await _standing(session, await _sharing(session, heard.client_id), now)
    asked = await session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(Notice.organiser_id == asker(session).organiser_id, Notice.kind == "which_gig")
        .where(Notice.gig_id.in_([one.gig_id for one in standing.open]))
    )
    if asked or not standing.open:
        await _have_called(session, heard, now)
        return
    for one in standing.open:
        await tell(
            session, kind="which_gig", now=now, client_id=one.client_id, gig_id=one.gig_id,
            urgent=True,
        )  # fmt: skip


async def _have_called(session: AsyncSession, heard: Heard, now: datetime) -> None:
    await todo(
        session,
        kind="reply",
        due_at=now + CALL_WITHIN,
        now=now,
        mark=str(heard.reply_id),
        client_id=heard.client_id,
    )
    # Once a day is enough to say that a person reads it.
    await tell(
        session, kind="we_call", now=now, client_id=heard.client_id,
        version=local(now).date().toordinal(), urgent=True,
    )  # fmt: skip


async def _sharing(session: AsyncSession, client_id: UUID | None) -> Sequence[UUID]:
    """Return everybody with the same number as this client."""
    own = select(ClientContact.phone_index).where(
        ClientContact.organiser_id == asker(session).organiser_id,
        ClientContact.client_id == client_id,
    )
    found = await session.scalars(
        select(ClientContact.client_id)
        .where(ClientContact.organiser_id == asker(session).organiser_id)
        .where(ClientContact.phone_index == own.scalar_subquery())
    )
    return found.all()


async def _stop_or_start(session: AsyncSession, client_id: UUID, step: Step, now: datetime) -> None:
    """Text this number no more, and call instead; or text it again."""
    stops = step is Step.STOP
    await session.execute(
        update(ClientContact)
        .where(ClientContact.organiser_id == asker(session).organiser_id)
        .where(ClientContact.client_id.in_(await _sharing(session, client_id)))
        .values(texts_stopped_at=now if stops else None)
        .execution_options(synchronize_session=False)
    )
    await tell(
        session, kind="texts_stopped" if stops else "texts_started", now=now,
        client_id=client_id, version=_minute(now), urgent=True,
    )  # fmt: skip
    if stops:
        # Their unit must know that it now calls.
        mark = f"{client_id}:{local(now).date().isoformat()}"
        await todo(
            session, kind="texts_stopped", due_at=now + LATELY, now=now, mark=mark,
            client_id=client_id,
        )  # fmt: skip
