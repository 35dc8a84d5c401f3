"""Story 5: a coach falls ill on the morning; a stand-in comes, or the gig is called off, kindly."""

from datetime import timedelta
from uuid import UUID

from tests import make
from tests.cast import CITY, THIS_YEAR, key
from tests.orders import steps
from tests.stories.playing import AINO_PHONE, MINUTE, TEN, TUESDAY, agreed
from tests.stories.stage import Stage

SEVEN_TEN = TUESDAY - timedelta(hours=1, minutes=50)
ILLNESS = ("sairas", "sairaus", "poissa", "ill")


async def falls_ill(stage: Stage) -> None:
    """Let Kim be away for the day; nobody asks why."""
    await stage.at(SEVEN_TEN)
    kim = await stage.signed_in(stage.cast.kim)
    page = await kim.get("/coach")
    assert "why" not in page.text.lower()
    told = {"away_day": "2026-11-24", "away_from": "07:10", "away_to": "16:00"}
    away = await kim.send_shown(page, "/coach/away", **told)
    assert away.status_code == 303, away.text
    await stage.run()


async def visits(stage: Stage) -> list[tuple[UUID, str]]:
    rows = await stage.works.fresh.owner("SELECT coach_id, status FROM visits ORDER BY id")
    return [tuple(row) for row in rows]


async def test_story_5_a_stand_in_of_the_same_unit(stage: Stage) -> None:
    await agreed(stage)
    stand_in = await steps.another_coach(stage.cast, "Saara")
    await falls_ill(stage)
    assert await visits(stage) == [(stand_in, "booked")]
    assert "muutos" in stage.texts_to(AINO_PHONE)[-1]
    phone = await stage.phone_of(AINO_PHONE)
    page = await phone.get("/gig")
    assert "Saara" in page.text
    # She may say no without harm.
    assert (await phone.send_shown(page, "/gig/cannot")).status_code == 303
    [gig] = await stage.works.fresh.owner("SELECT status FROM gigs")
    assert gig["status"] == "withdrawn"
    assert await stage.works.fresh.owner("SELECT 1 FROM pay_rows") == []


async def test_story_5_a_coach_of_a_unit_that_agreed_to_stand_in(stage: Stage) -> None:
    cast = stage.cast
    await agreed(stage)
    await stage.works.fresh.owner(
        "INSERT INTO unit_covers VALUES ($1, $2, $3, $4, NULL)",
        CITY, cast.kaneli, cast.kulma, THIS_YEAR,
    )  # fmt: skip
    await falls_ill(stage)
    assert await visits(stage) == [(cast.liisa_coach, "booked")]
    liisa = await stage.signed_in(cast.liisa)
    page = await liisa.get("/coach")
    assert "Aino" in page.text
    # For this visit only: not the client's page, and nobody else of that unit.
    assert (await liisa.get(f"/board/clients/{cast.aino}")).status_code in {403, 404}


async def test_story_5_nobody_comes_and_the_gig_is_called_off(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    order_id, gig_id = await agreed(stage)
    await falls_ill(stage)
    assert [status for _, status in await visits(stage)] == ["free"]
    assert "find_coach" in await stage.works.todos()

    # Maija sees it, tries once more in vain; at nine it is called off by itself.
    maija = await stage.signed_in(cast.maija)
    board = await maija.get("/board")
    assert f"/board/gigs/{gig_id}" in board.text
    [flag] = await owner("SELECT id FROM flags WHERE closed_at IS NULL")
    here = f"/board/gigs/{gig_id}"
    refused = await maija.send_form(here, f"{here}/flags/{flag['id']}/book")
    assert refused.status_code == 409
    await stage.at(TEN - 61 * MINUTE)
    assert (await owner("SELECT status FROM gigs"))[0]["status"] == "confirmed"
    await stage.at(TEN - 60 * MINUTE)
    [gig] = await owner("SELECT status, end_reason FROM gigs WHERE id = $1", gig_id)
    assert tuple(gig) == ("cancelled", "unit_caused")

    # Aino is paid by the unit's rule, and the orderer is not invoiced.
    [pay] = await owner("SELECT kind, cents FROM pay_rows")
    assert tuple(pay) == ("compensation", 3450)
    assert await owner("SELECT 1 FROM invoice_lines") == []
    assert "peruttu" in stage.texts_to(AINO_PHONE)[-1]
    phone = await stage.phone_of(AINO_PHONE)
    assert "34,50" in (await phone.get("/gig")).text

    # The orderer hears that the coach is prevented, and no more.
    mails = stage.mails()
    assert "valmentaja on estynyt" in mails
    sari = await stage.signed_in(cast.sari)
    told = (mails + (await sari.get(f"/orders/{order_id}")).text).lower()
    assert [word for word in ILLNESS[:3] if word in told] == []


async def test_a_client_may_do_without_a_visit_unless_never_alone(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    _, gig_id = await agreed(stage)
    await falls_ill(stage)
    [flag] = await owner("SELECT id FROM flags")
    here = f"/board/gigs/{gig_id}"
    maija = await stage.signed_in(cast.maija)
    short = await maija.send_form(here, f"{here}/flags/{flag['id']}/without", reason="ok")
    assert short.status_code == 422
    fine = await maija.send_form(
        here, f"{here}/flags/{flag['id']}/without", reason="Aino tuntee paikan ja haluaa mennä"
    )
    assert fine.status_code == 303, fine.text
    await stage.at(TEN - 30 * MINUTE)
    assert (await owner("SELECT status FROM gigs"))[0]["status"] == "confirmed"
    assert await stage.works.fresh.breaches() == {}
    # Booking it again is too late now: the flag is closed.
    maija = await stage.signed_in(cast.maija)
    form = await maija.form(here, f"{here}/here")
    gone = await maija.post(f"{here}/flags/{flag['id']}/book", data=form)
    assert gone.status_code == 409


async def test_a_lost_visit_is_booked_again_when_somebody_is_found(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    _, gig_id = await agreed(stage)
    await falls_ill(stage)
    [flag] = await owner("SELECT id FROM flags")
    found = await steps.another_coach(cast, "Saara")
    here = f"/board/gigs/{gig_id}"
    maija = await stage.signed_in(cast.maija)
    booked = await maija.send_form(here, f"{here}/flags/{flag['id']}/book")
    assert booked.status_code == 303, booked.text
    assert (found, "booked") in await visits(stage)
    assert await owner("SELECT 1 FROM flags WHERE closed_at IS NULL") == []
    assert await owner("SELECT 1 FROM todos WHERE kind = 'find_coach' AND done_at IS NULL") == []
    await stage.at(TEN - 30 * MINUTE)
    assert (await owner("SELECT status FROM gigs"))[0]["status"] == "confirmed"
    # Pekka of another unit finds none of this.
    pekka = await stage.signed_in(cast.pekka)
    assert (await pekka.get(here)).status_code == 404


async def test_level_three_is_never_sent_alone(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    alone = await steps.newcomer(cast, "never alone", needs={"START": 3})
    order_id = await make.save_order(cast, make.order())
    gig = await steps.assign(cast, order_id, alone)
    await steps.accept(cast, gig.id)
    await falls_ill(stage)
    [flag] = await owner("SELECT id FROM flags")
    here = f"/board/gigs/{gig.id}"
    maija = await stage.signed_in(cast.maija)
    page = await maija.get(here)
    assert f"{here}/flags/{flag['id']}/without" not in page.text
    form = maija.shown(page, f"{here}/flags/{flag['id']}/book")
    forced = await maija.post(
        f"{here}/flags/{flag['id']}/without", data={**form, "reason": "Menköön yksin vain"}
    )
    assert forced.status_code == 409
    assert key("never alone") == alone
