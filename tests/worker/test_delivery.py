"""Messages go out once: by a real gateway and a real mail server, with a clock that is moved."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.policy import default
from uuid import UUID

from jobcenter import access, breaker, outgoing
from jobcenter.notices import tell
from jobcenter.orders import answering
from jobcenter.orders.gigs import Via
from jobcenter.people.clients import ClientConsent
from jobcenter.worker.ticks import run_due
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.web.surfer import Clock, sign_in, surfer
from tests.worker.conftest import BASE, SECRET, Works

MINUTE = timedelta(minutes=1)
EVENING = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


async def test_an_offer_becomes_the_agreed_message_with_a_link_that_opens(works: Works) -> None:
    gig_id = await works.offer(works.cast.eetu)
    await works.run(MONDAY)
    token = access.derived_token(SECRET, "gig", gig_id)
    assert [(each["to"], each["text"]) for each in works.sms.received()] == [
        (
            "+358455550101",
            f"Jobcenter: uusi keikka ti 24.11. klo 10–13. Katso ja vastaa: {BASE}/o/{token}",
        )
    ]
    links = await works.fresh.owner("SELECT gig_id FROM links WHERE token_hash = $1",
                                    access.hash_of(token))  # fmt: skip
    assert [link["gig_id"] for link in links] == [gig_id]
    looks = await works.fresh.owner("SELECT client_id, what, purpose, role FROM looks")
    assert [tuple(look) for look in looks] == [
        (works.cast.eetu, "contact", "message:offer", "worker")
    ]


async def test_nothing_is_sent_twice(works: Works) -> None:
    await works.offer(works.cast.eetu)
    for _ in range(3):
        await works.run(MONDAY)
    assert len(works.sms.asked()) == 1
    assert await works.states() == {"sent": 1}


async def test_the_text_is_that_of_now(works: Works) -> None:
    """A client who agreed to the full text after the offer was written gets the full text."""
    await works.offer(works.cast.eetu)
    await make.save(
        works.cast,
        ClientConsent(
            organiser_id=CITY, client_id=works.cast.eetu, purpose="full_sms", text_version="1",
            given_at=MONDAY, how="face_to_face", recorded_by=key("maija"),
        ),
    )  # fmt: skip
    await works.run(MONDAY)
    assert "Tiskaus, Kallio, palkka 34,50" in works.sms.received()[0]["text"]


async def test_what_is_no_longer_true_is_not_told(works: Works) -> None:
    gig_id = await works.offer(works.cast.eetu)
    await works.cast.database.act(
        works.cast.maija, answering.withdraw, gig_id=gig_id, via=Via.PHONE, now=MONDAY
    )
    await works.run(MONDAY + MINUTE)
    assert works.sms.asked() == []
    assert await works.states() == {"dropped": 1}


async def test_a_yes_thanks_the_client_and_tells_the_orderer_a_first_name(works: Works) -> None:
    gig_id = await works.offer(works.cast.eetu)
    await works.run(MONDAY)
    await works.cast.database.act(
        works.cast.maija, answering.accept, gig_id=gig_id, via=Via.PHONE, now=MONDAY + MINUTE
    )
    await works.run(MONDAY + MINUTE)
    assert works.sms.received()[1]["text"].startswith(
        "Jobcenter: kiitos, keikka ti 24.11. klo 10–13 on sinun."
    )
    mail = message_from_string(works.mail.received()[0]["mail"], policy=default)
    text = str(mail.get_content())
    assert mail["To"] == "sari@keittio.example"
    assert "Eetu tulee teille ti 24.11. klo 10–13" in text
    assert "Eskola" not in text
    looks = await works.fresh.owner("SELECT client_id FROM looks WHERE purpose = 'message:found'")
    assert [look["client_id"] for look in looks] == [works.cast.eetu]
    assert f"{BASE}/status/" in text


async def test_a_slow_evening_waits_for_the_morning(works: Works, cast: Cast) -> None:
    await works.offer(cast.eetu)
    works.sms.mode("500")
    await works.run(EVENING - 2 * MINUTE)
    works.sms.mode("ok")
    await works.run(EVENING + MINUTE)
    assert works.sms.received() == []
    await works.run(EVENING + timedelta(hours=11, minutes=1))
    found = await works.fresh.owner("SELECT kind, state FROM notices ORDER BY kind")
    # The answer time ran out in the evening; the orderer hears, honestly, that nobody has come.
    assert [tuple(row) for row in found] == [
        ("offer", "dropped"), ("unfilled", "sent"), ("unfilled", "sent"),
    ]  # fmt: skip
    assert "fill" in await works.todos()


async def board(works: Works, now: datetime) -> str:
    """Return what the coordinator's board shows."""
    async with surfer(works.cast.database, Clock(now)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, works.cast, works.cast.maija, now)
        return (await browser.get("/board")).text


async def test_a_gateway_that_is_down_is_knocked_on_gently_then_all_goes_out(works: Works) -> None:
    """F28: down for half an hour; orders go on, a banner shows, nothing is lost or doubled."""
    works.sms.mode("500")
    await works.crowd(12)
    for minute in range(30):
        await works.run(MONDAY + minute * MINUTE)
    down = await works.cast.database.read(works.cast.worker, breaker.gateway_down)
    assert down == {"sms": MONDAY}
    assert "Text messages have not gone out since" in await board(works, MONDAY + 30 * MINUTE)
    assert len(works.sms.asked()) <= 31
    assert await works.states() == {"pending": 12}
    works.sms.mode("ok")
    await works.run(MONDAY + 31 * MINUTE)
    assert len(works.sms.references()) == len(set(works.sms.references())) == 12
    assert await works.states() == {"sent": 12}
    assert await works.cast.database.read(works.cast.worker, breaker.gateway_down) == {}
    assert "have not gone out" not in await board(works, MONDAY + 31 * MINUTE)


async def test_no_more_go_out_in_a_minute_than_the_gateway_takes(works: Works) -> None:
    """F28: what waited through an outage goes oldest first, at the gateway's pace."""
    gateway = replace(works.hands.config.gateway, per_minute=5)
    paced = replace(works.hands, config=replace(works.hands.config, gateway=gateway))
    gigs = await works.crowd(12)
    for minute in range(3):
        await run_due(paced, MONDAY + minute * MINUTE)
        assert await works.states() == {"sent": min(5 * (minute + 1), 12)} | (
            {"pending": 12 - 5 * (minute + 1)} if minute < 2 else {}
        )
    rows = await works.fresh.owner("SELECT gig_id FROM notices ORDER BY sent_at, id")
    assert {row["gig_id"] for row in rows[:5]} == set(gigs[:5])
    claims = [
        works.cast.database.act(
            works.cast.worker, outgoing.claim, notice_id=notice_id, now=MONDAY + 9 * MINUTE,
            paces={"sms": 5},
        )
        for notice_id in await _waiting_anew(works, 8)
    ]  # fmt: skip
    assert sum(held is not None for held in await asyncio.gather(*claims)) == 5


async def _waiting_anew(works: Works, count: int) -> list[UUID]:
    rows = await works.fresh.owner(
        f"UPDATE notices SET state = 'pending', due_at = '{MONDAY}' WHERE id IN"
        f" (SELECT id FROM notices ORDER BY id LIMIT {count}) RETURNING id"
    )
    return [row["id"] for row in rows]


async def test_messages_that_are_late_are_told_to_staff_once_until_they_have_gone(
    works: Works,
) -> None:
    """I10: the way is open, and still nothing goes."""
    await works.offer(works.cast.eetu)
    told = [
        await works.cast.database.act(
            works.cast.worker, outgoing.tell_late, now=MONDAY + minutes * MINUTE
        )
        for minutes in (9, 11, 12)
    ]
    assert told == [False, True, False]
    assert "Messages wait that should have gone out" in await board(works, MONDAY + 12 * MINUTE)
    await works.run(MONDAY + 13 * MINUTE)
    (row,) = await works.fresh.owner("SELECT kind, done_at FROM todos")
    assert (row["kind"], row["done_at"]) == ("messages_late", MONDAY + 13 * MINUTE)


async def test_a_long_outage_becomes_a_list_of_calls_that_clears_itself(works: Works) -> None:
    """Story 12: tried after 1, 5, 15 and 60 minutes, then people call; nothing is sent twice."""
    works.sms.mode("500")
    await works.crowd(2)
    for minutes in (0, 1, 6, 21, 80):
        await works.run(MONDAY + minutes * MINUTE)
    assert await works.todos() == []
    await works.run(MONDAY + 81 * MINUTE)
    assert await works.todos() == ["undelivered", "undelivered"]
    works.sms.mode("ok")
    await works.run(MONDAY + 142 * MINUTE)
    open_todos = await works.fresh.owner("SELECT id FROM todos WHERE done_at IS NULL")
    assert open_todos == []
    assert len(works.sms.references()) == len(set(works.sms.references())) == 2


async def test_an_offer_that_expired_while_the_gateway_was_down_is_not_sent(works: Works) -> None:
    works.sms.mode("500")
    await works.offer(works.cast.eetu)
    await works.run(MONDAY)
    works.sms.mode("ok")
    await works.run(MONDAY + timedelta(hours=25))
    assert works.sms.received() == []
    rows = await works.fresh.owner("SELECT status FROM gigs")
    assert [row["status"] for row in rows] == ["expired"]


async def test_a_message_of_unknown_fate_goes_once_more_with_the_same_reference(
    works: Works,
) -> None:
    """F29: the gateway took it and fell silent."""
    works.sms.mode("lost")
    await works.offer(works.cast.eetu)
    await works.run(MONDAY)
    works.sms.mode("ok")
    for minute in range(1, 5):
        await works.run(MONDAY + minute * MINUTE)
    asked = works.sms.asked()
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert await works.states() == {"sent": 1}


async def test_a_second_doubt_ends_it_and_a_person_calls(works: Works) -> None:
    works.sms.mode("lost")
    await works.offer(works.cast.eetu)
    for minute in range(5):
        await works.run(MONDAY + minute * MINUTE)
    assert len(works.sms.asked()) == 2
    assert await works.states() == {"unknown": 1}
    assert await works.todos() == ["undelivered"]


async def test_of_those_in_doubt_only_one_is_on_its_way(works: Works) -> None:
    await works.crowd(4)
    await works.fresh.owner("UPDATE notices SET problem = 'unknown'")
    rows = await works.fresh.owner("SELECT id FROM notices")
    claims = await asyncio.gather(
        *(
            works.cast.database.act(
                works.cast.worker, outgoing.claim, notice_id=row["id"], now=MONDAY
            )
            for row in rows
        )
    )
    assert sum(claim is not None for claim in claims) == 1
    due = await works.cast.database.read(works.cast.worker, outgoing.due, now=MONDAY)
    assert due == []


async def test_an_error_in_a_200_is_a_failure_that_ends_after_eight_tries(works: Works) -> None:
    """F29, F33: what can never be delivered stops, and a person sees to it."""
    works.sms.mode("error")
    far = MONDAY + timedelta(days=3, hours=1)
    await works.offer(works.cast.eetu, start=far)
    await works.cast.database.act(
        works.cast.worker, tell, kind="cancelled", now=MONDAY, client_id=works.cast.aino,
        gig_id=key("nothing"), urgent=True,
    )  # fmt: skip
    for quarter in range(60):
        await works.run(MONDAY + quarter * 15 * MINUTE)
    tries = await works.fresh.owner("SELECT state, tries FROM notices WHERE kind = 'offer'")
    assert [tuple(row) for row in tries] == [("failed", 8)]
    assert "undelivered" in await works.todos()


async def test_a_wrong_number_is_told_at_once(works: Works) -> None:
    works.sms.mode("400")
    await works.offer(works.cast.eetu)
    await works.run(MONDAY)
    assert await works.states() == {"failed": 1}
    assert await works.todos() == ["undelivered"]


async def test_mail_that_is_greylisted_comes_again_and_an_unknown_address_does_not(
    works: Works,
) -> None:
    """F30."""
    works.mail.mode("451")
    order_id = await make.save_order(works.cast, make.order())
    for kind in ("order_received", "order_changed"):
        await works.cast.database.act(
            works.cast.worker, tell, kind=kind, now=MONDAY, user_id=key("sari"), way="mail",
            order_id=order_id,
        )  # fmt: skip
    await works.run(MONDAY)
    assert await works.states() == {"pending": 2}
    works.mail.mode("ok")
    await works.run(MONDAY + MINUTE)
    assert await works.states() == {"sent": 2}
    works.mail.mode("550")
    await works.cast.database.act(
        works.cast.worker, tell, kind="unfilled", now=MONDAY, user_id=key("sari"), way="mail",
        order_id=order_id,
    )  # fmt: skip
    await works.run(MONDAY + 2 * MINUTE)
    assert await works.states() == {"sent": 2, "failed": 1}
    assert await works.todos() == ["undelivered"]


async def test_what_is_typed_as_a_template_is_worked_out_in_no_mail(works: Works) -> None:
    """Row 19 of the list of bad inputs: what a mail tells of what people type is told as typed."""
    typed = "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} {task}"
    await works.fresh.owner(f"UPDATE task_types SET name_fi = '{typed}', name_en = '{typed}'")
    await works.fresh.owner(f"UPDATE organisers SET contact_name = '{typed}'")
    order = make.order()
    order.placed_by = key("sari")
    order.title = order.description = order.contact_name = typed
    order_id = await make.save_order(works.cast, order)
    await works.cast.database.act(
        works.cast.worker, tell, kind="order_received", way="mail", user_id=key("sari"),
        order_id=order_id, now=MONDAY,
    )  # fmt: skip
    await works.run(MONDAY)
    [mail] = [message_from_string(each["mail"], policy=default) for each in works.mail.received()]
    assert mail.get_content().count(typed) == 2
    assert not re.search(r"(?<![\w-])49(?![\w-])", f"{mail['subject']} {mail.get_content()}")
