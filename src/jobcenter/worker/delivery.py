"""One notice on its way: claimed, put into words, sent outside any transaction, settled."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from jobcenter import access, outgoing
from jobcenter.access import hash_of
from jobcenter.orders import letters, linking
from jobcenter.orders.letters import Letter
from jobcenter.orders.news import write_mail, write_sms
from jobcenter.outgoing import DOUBT, Answer, Claim, Verdict
from jobcenter.senders import Message
from jobcenter.worker.hands import Hands

log = logging.getLogger(__name__)

UNWRITTEN = Answer(Verdict.LATER, problem="could not be written")
# Sending begins only while at least this share of the lease is left; else it is the next one's.
ENOUGH = 0.5


async def deliver(hands: Hands, *, notice_id: UUID, now: datetime) -> bool:
    """Deliver a notice that is due; False when there was nothing to do, or it is not ours to do."""
    began = monotonic()
    lease, paces = hands.config.lease, hands.config.gateway.paces
    held = await hands.database.act(
        hands.who, outgoing.claim, notice_id=notice_id, now=now, lease=lease, paces=paces
    )
    if held is None:
        return False
    # Whatever goes wrong on the way, what became of it is written down; after a crash, by a sweep.
    answer, wait = UNWRITTEN, None
    try:
        letter = await _letter(hands, held, now)
        if letter is None:
            await hands.database.act(hands.who, outgoing.drop, held=held, why="no longer true")
            return True
        message = _message(hands, letter, held, now)
        if monotonic() - began > lease.total_seconds() * ENOUGH:
            wait = timedelta()
            return False
        answer = DOUBT
        answer = await _send(hands, held, message)
    finally:
        await _settle(hands, held, answer, now, wait)
    if held.doubtful:
        await hands.database.act(hands.who, outgoing.enqueue_due, now=now, paces=paces)
    return True


async def _letter(hands: Hands, held: Claim, now: datetime) -> Letter | None:
    """Read how things stand, after the look at the client's record has been written down."""
    who = replace(hands.who, request_id=str(held.id))
    client_id = await hands.database.read(who, letters.client_read, held=held)
    if client_id:
        purpose = f"message:{held.kind}"
        await access.look(
            hands.database, who, clients=[client_id], what="contact", purpose=purpose, now=now
        )
    paths = hands.paths
    letter = await hands.database.read(who, letters.letter_of, held=held, paths=paths, now=now)
    if letter and letter.news.worker and client_id:
        party_id = await hands.database.read(who, letters.party_of, held=held)
        told = access.Told("orderer", f"party {party_id}", "first name", f"message:{held.kind}")
        await hands.database.act(who, access.disclose, clients=[client_id], told=told, now=now)
    if letter:
        await _open_link(hands, held, letter, now)
    return letter


async def _open_link(hands: Hands, held: Claim, letter: Letter, now: datetime) -> None:
    """See that the link in the message opens something: it is the same one each time."""
    database, who, paths = hands.database, hands.who, hands.paths
    if held.client_id and held.gig_id:
        await database.act(
            who,
            linking.open_link,
            gig_id=held.gig_id,
            token_hash=hash_of(paths.gig_token(held.gig_id, letter.link_number)),
            number=letter.link_number,
            now=now,
        )
    elif held.order_id:
        token = hash_of(paths.token("order", held.order_id))
        await database.act(
            who, letters.open_status_link, order_id=held.order_id, token_hash=token, now=now
        )


def _message(hands: Hands, letter: Letter, held: Claim, now: datetime) -> Message:
    in_short = held.way == "sms" or held.client_id is not None
    news = replace(letter.news, replies=hands.config.takes_replies)
    words = write_sms(news) if in_short else write_mail(news)
    return Message(
        to=letter.to,
        subject=words.subject or "Jobcenter",
        text=words.text,
        language=letter.news.language,
        reference=str(held.id),
        at=now,
    )


async def _send(hands: Hands, held: Claim, message: Message) -> Answer:
    send = hands.ways.sms if held.way == "sms" else hands.ways.mail
    return await send(message)


async def _settle(
    hands: Hands, held: Claim, answer: Answer, now: datetime, wait: timedelta | None
) -> None:
    """Write down what became of it; a claim that was dropped or lost meanwhile changes nothing."""
    settled = await hands.database.act(
        hands.who, outgoing.finish, held=held, answer=answer, now=now, wait=wait
    )
    if settled:
        log.info("notice %s by %s: %s", held.id, held.way, answer.verdict.value)
