"""Hearing a text message: whose it is, what is open, and that all that follows is done once."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jobcenter.database import Who
from jobcenter.orders import answering, hearing, still_fine
from jobcenter.orders.gigs import Via
from jobcenter.orders.hearing import Heard
from jobcenter.orders.meanings import Meaning, Question, Step
from jobcenter.people import closing
from jobcenter.people.closing import Contact
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

GATEWAY = Who(CITY, "gateway", name="gateway")
AINO = "+358455550100"
STOPPED = "SELECT client_id FROM client_contacts WHERE texts_stopped_at > $1"
SENT = "UPDATE notices SET state = 'sent', sent_at = due_at WHERE kind IN ('offer', 'still_fine')"


async def hear(cast: Cast, text: str, *, id_: str = "m-1", now: datetime = MONDAY) -> Heard:
    return await cast.database.act(
        GATEWAY, hearing.hear, message_id=id_, phone=AINO, text=text, now=now
    )


async def asked(
    cast: Cast, fresh: Fresh, client_id: UUID, *, start: datetime = TUESDAY_TEN
) -> UUID:
    """Offer a gig, as if its message had gone out."""
    order_id = await make.save_order(cast, make.order(start=start))
    gig = await steps.assign(cast, order_id, client_id, start=start)
    await fresh.owner(SENT)
    return gig.id


async def test_what_is_open_is_answered_and_what_was_not_sent_is_not(
    cast: Cast, fresh: Fresh
) -> None:
    order_id = await make.save_order(cast, make.order())
    gig = await steps.assign(cast, order_id, cast.aino)
    # The message waits: whatever she writes is about something else.
    assert (await hear(cast, "1", id_="early")).step is Step.CALL
    await fresh.owner(SENT)
    heard = await hear(cast, "1")
    assert (heard.step, heard.gig_id, heard.question, heard.unit_id, heard.settled) == (
        Step.ANSWER, gig.id, Question.OFFER, cast.kaneli, False,
    )  # fmt: skip
    # However often it comes, also with other words: what it meant at first it means.
    again = await asyncio.gather(*(hear(cast, "2") for _ in range(4)))
    assert {one.meaning for one in again} == {Meaning.YES}
    assert {one.reply_id for one in again} == {heard.reply_id}


async def test_a_shared_phone_answers_for_whoever_is_asked(cast: Cast, fresh: Fresh) -> None:
    await make.reach(cast, cast.eetu, "Eetu", "Eskola", AINO)
    gig_id = await asked(cast, fresh, cast.eetu)
    heard = await hear(cast, "joo")
    assert (heard.step, heard.client_id, heard.gig_id) == (Step.ANSWER, cast.eetu, gig_id)
    # Both are asked: nobody can tell who says yes.
    await asked(cast, fresh, cast.aino, start=TUESDAY_TEN + DAY)
    heard = await hear(cast, "joo", id_="m-2")
    assert heard.step is Step.WHICH
    await cast.database.act(GATEWAY, hearing.finish, heard=heard, step=Step.WHICH, now=MONDAY)
    assert await steps.told(fresh, "which_gig") == [cast.eetu, cast.aino]
    # STOP is the phone's: both are called from now on.
    heard = await hear(cast, "Stop", id_="m-3")
    await cast.database.act(GATEWAY, hearing.finish, heard=heard, step=Step.STOP, now=MONDAY)
    rows = await fresh.owner(
        "SELECT client_id, wants_calls FROM client_contacts WHERE texts_stopped_at IS NOT NULL"
    )
    # It says nothing of what they like better otherwise: that is as it was told to staff.
    assert {tuple(row) for row in rows} == {(cast.aino, False), (cast.eetu, False)}
    # A form that is kept for another reason does not end it.
    await make.reach(cast, cast.aino, "Aino", "Aalto-Salo", AINO)
    assert len(await fresh.owner(STOPPED, MONDAY - DAY)) == 2
    # Staff hear that messages are welcome again: no START is needed.
    aino = Contact(cast.aino, "Aino", "Aalto", AINO, None)
    await cast.database.act(cast.maija, closing.keep_contact, aino, texts_again=True)
    left = await fresh.owner(STOPPED, MONDAY - DAY)
    assert [row["client_id"] for row in left] == [cast.eetu]


async def test_what_follows_is_done_once_also_after_a_crash(cast: Cast, fresh: Fresh) -> None:
    heard = await hear(cast, "Olen vähän myöhässä")
    assert heard.step is Step.CALL
    # The process died here; the gateway brings it again, and it is taken up where it was.
    again = await hear(cast, "Olen vähän myöhässä")
    assert not again.settled
    for one in (again, again, heard):
        await cast.database.act(GATEWAY, hearing.finish, heard=one, step=one.step, now=MONDAY)
    assert await steps.todos(fresh) == ["reply"]
    assert await steps.told(fresh, "we_call") == [cast.aino]
    assert (await hear(cast, "Olen vähän myöhässä")).settled
    # Another one on the same day: another to-do, and not another message.
    more = await hear(cast, "Bussi ei tullut", id_="m-2")
    await cast.database.act(GATEWAY, hearing.finish, heard=more, step=more.step, now=MONDAY)
    assert await steps.todos(fresh) == ["reply", "reply"]
    assert await steps.told(fresh, "we_call") == [cast.aino]


@pytest.mark.parametrize(
    ("text", "hours", "step"),
    [
        ("1", 25, Step.TOO_LATE), ("2", 25, Step.KNOWN), ("ehkä", 25, Step.CALL),
        # After a day more nobody knows what a bare yes is about.
        ("1", 49, Step.CALL),
    ],
)  # fmt: skip
async def test_after_the_time_is_up(
    cast: Cast, fresh: Fresh, text: str, hours: int, step: Step
) -> None:
    gig_id = await asked(cast, fresh, cast.aino, start=TUESDAY_TEN + 7 * DAY)
    await cast.database.act(cast.worker, answering.expire, gig_id=gig_id, now=MONDAY + 24 * HOUR)
    assert (await hear(cast, text, now=MONDAY + hours * HOUR)).step is step


async def test_a_no_after_a_yes_is_for_a_person_unless_it_was_asked(
    cast: Cast, fresh: Fresh
) -> None:
    gig_id = await asked(cast, fresh, cast.aino)
    who = cast.client(cast.aino)
    await cast.database.act(who, answering.accept, gig_id=gig_id, via=Via.SMS, now=MONDAY)
    assert (await hear(cast, "1")).step is Step.KNOWN
    assert (await hear(cast, "2", id_="m-2")).step is Step.CALL
    four = MONDAY + timedelta(hours=7)
    assert await cast.database.act(cast.worker, still_fine.ask_ahead, now=four) == 1
    # The question is written, and has not gone out: she cannot have answered it.
    assert (await hear(cast, "2", id_="early", now=four)).step is Step.CALL
    await fresh.owner(SENT)
    heard = await hear(cast, "2", id_="m-3", now=four)
    assert (heard.step, heard.question) == (Step.ANSWER, Question.STILL_FINE)
