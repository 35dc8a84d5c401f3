"""Story 4, the client does not answer: one reminder by daylight, then the next person."""

from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.policy import default

from tests import make
from tests.cast import MONDAY
from tests.stories.stage import Stage

EETU_PHONE = "+358455550101"
# Wednesday 2026-11-25, 10:00 in Helsinki.
WEDNESDAY_TEN = datetime(2026, 11, 25, 8, tzinfo=UTC)
TUESDAY_EIGHT = datetime(2026, 11, 24, 6, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 11, 24, 7, tzinfo=UTC)


async def test_story_4_client_does_not_answer(stage: Stage) -> None:
    cast = stage.cast
    stage.clock.now = MONDAY
    order_id = await make.save_order(cast, make.order(start=WEDNESDAY_TEN))
    await make.save(cast, make.change(order_id))
    await stage.run()
    assert (await stage.ask(cast.maija, order_id, cast.eetu)).status_code == 303
    await stage.run()
    assert len(stage.texts_to(EETU_PHONE)) == 1

    # Half of the time is 21:00, which is quiet; the reminder comes at eight in the morning.
    await stage.at(MONDAY + timedelta(hours=12))
    assert len(stage.texts_to(EETU_PHONE)) == 1
    await stage.at(TUESDAY_EIGHT - timedelta(minutes=1))
    assert len(stage.texts_to(EETU_PHONE)) == 1
    await stage.at(TUESDAY_EIGHT)
    assert len(stage.texts_to(EETU_PHONE)) == 2

    # At nine the offer has gone; the link says so kindly, and a late yes books nothing.
    stage.clock.now = TUESDAY_NINE - timedelta(minutes=5)
    phone = await stage.phone_of(EETU_PHONE)
    page = await phone.get("/gig")
    await stage.at(TUESDAY_NINE)
    late = await phone.send_shown(page, "/gig/yes")
    assert late.status_code == 409
    gone = await (await stage.phone_of(EETU_PHONE)).get("/gig")
    assert gone.status_code == 200
    assert "Tämä keikka meni jo" in gone.text
    assert "09 310" in gone.text
    rows = await stage.works.fresh.owner("SELECT status FROM gigs")
    assert [row["status"] for row in rows] == ["expired"]

    # The next ones are there for the coordinator.
    maija = await stage.signed_in(cast.maija)
    assert "Venla Virta" in (await maija.get(f"/board/orders/{order_id}")).text


async def test_story_4_four_hours_left_and_nobody_comes(stage: Stage) -> None:
    cast = stage.cast
    stage.clock.now = MONDAY
    order_id = await make.save_order(cast, make.order(start=WEDNESDAY_TEN))
    await make.save(cast, make.change(order_id))
    await stage.run()
    assert (await stage.ask(cast.maija, order_id, cast.eetu)).status_code == 303
    await stage.at(TUESDAY_NINE)
    four_hours = WEDNESDAY_TEN - timedelta(hours=4)
    await stage.at(four_hours - timedelta(minutes=1))
    maija = await stage.signed_in(cast.maija)
    assert "Alkaa pian, ja paikka on tyhjä" not in (await maija.get("/board")).text
    mails = len(stage.works.mail.received())
    await stage.at(four_hours)

    # The coordinator's first line, and the honest truth for the orderer, with another day.
    maija = await stage.signed_in(cast.maija)
    board = (await maija.get("/board")).text
    assert 0 < board.index("Alkaa pian, ja paikka on tyhjä") < board.index("Valitse tekijä")
    sari = await stage.signed_in(cast.sari)
    page = (await sari.get(f"/orders/{order_id}")).text
    for said in ("Etsimme vielä sopivaa tekijää.", "to 26.11. klo 10", "Siirrä tilaus siihen"):
        assert said in page, said
    [mail] = stage.works.mail.received()[mails:]
    assert mail["to"] == "sari@keittio.example"
    assert "Paikkoja avoinna: 1." in letter(mail["mail"])


def letter(raw: str) -> str:
    """Return the words of a mail."""
    return str(message_from_string(raw, policy=default).get_content())


async def test_story_4_two_silences_ask_whether_the_phone_is_right(stage: Stage) -> None:
    cast = stage.cast
    for day in range(2):
        now = MONDAY + timedelta(days=7 * day)
        stage.clock.now = now
        order_id = await make.save_order(cast, make.order(start=now + timedelta(days=2, hours=1)))
        await make.save(cast, make.change(order_id))
        await stage.run()
        assert "check_phone" not in await stage.works.todos()
        assert (await stage.ask(cast.maija, order_id, cast.eetu)).status_code == 303
        await stage.at(now + timedelta(hours=24))
    assert "check_phone" in await stage.works.todos()
