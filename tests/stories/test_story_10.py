"""Story 10: somebody does not come; welfare first. And hours that are told late, or in silence."""

from datetime import timedelta

from tests.stories.playing import AINO_PHONE, MINUTE, TEN, agreed
from tests.stories.stage import Stage

BLAME = ("syy", "laimin", "rangaist", "sakko")


async def kinds(stage: Stage) -> list[str]:
    rows = await stage.works.fresh.owner("SELECT DISTINCT kind FROM notices")
    return [row["kind"] for row in rows]


async def test_story_10_welfare_first(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    order_id, gig_id = await agreed(stage)
    await stage.at(TEN + 14 * MINUTE)
    assert "where_are_you" not in await kinds(stage)

    # 10:15 she is asked, 10:20 her coach is to call, 10:30 the orderer hears that we find out.
    await stage.at(TEN + 15 * MINUTE)
    assert (
        "tulossa" in stage.texts_to(AINO_PHONE)[-1] or "matkalla" in stage.texts_to(AINO_PHONE)[-1]
    )
    assert "where_are_you" not in await stage.works.todos()
    await stage.at(TEN + 20 * MINUTE)
    [call] = await owner("SELECT coach_id, client_id FROM todos WHERE kind = 'where_are_you'")
    assert tuple(call) == (cast.kim_coach, cast.aino)
    assert "finding_out" not in await kinds(stage)
    await stage.at(TEN + 30 * MINUTE)
    [told] = await owner("SELECT user_id, state FROM notices WHERE kind = 'finding_out'")
    assert tuple(told) == (cast.sari.actor_id, "sent")

    # The reason is known and neutral; nothing is held against her.
    maija = await stage.signed_in(cast.maija)
    here = f"/board/gigs/{gig_id}"
    noted = await maija.send_form(here, f"{here}/missed", reason="way")
    assert noted.status_code == 303, noted.text
    await stage.run()
    [event] = await owner("SELECT reason FROM gig_events WHERE to_status = 'no_show'")
    assert event["reason"] == "way"
    assert await owner("SELECT 1 FROM pay_rows") == []
    phone = await stage.phone_of(AINO_PHONE)
    page = (await phone.get("/gig")).text.lower()
    assert [word for word in BLAME[1:] if word in page] == []
    sari = await stage.signed_in(cast.sari)
    sheet = (await sari.get(f"/orders/{order_id}")).text
    assert "selvitämme" in sheet.lower()


async def test_story_10_a_phone_without_a_network_tells_later(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    order_id, gig_id = await agreed(stage)
    # She pressed at 9.59; the phone found a network at 10.40, and she opened her link again.
    stage.clock.now = TEN + 40 * MINUTE
    phone = await stage.phone_of(AINO_PHONE)
    came = await phone.send_form(
        "/gig", "/gig/here",
        said_at="2026-11-24T09:59:00+02:00", sent_at="2026-11-24T10:40:00+02:00",
    )  # fmt: skip
    assert came.status_code == 303, came.text
    [word] = await owner("SELECT way, said_at, heard_at FROM attendances")
    assert tuple(word) == ("offline", TEN - MINUTE, TEN + 40 * MINUTE)
    [gig] = await owner("SELECT status, started_at FROM gigs")
    assert tuple(gig) == ("in_progress", TEN - MINUTE)
    wrong = await phone.send_form("/gig", "/gig/done", said_at="2026-11-26T09:59:00+02:00")
    assert wrong.status_code == 422
    stage.clock.now = TEN + 181 * MINUTE
    phone = await stage.phone_of(AINO_PHONE)
    assert (await phone.send_form("/gig", "/gig/done")).status_code == 303

    # Maija puts the hours right with a trail, and Sari approves what is told now, in one tap.
    maija = await stage.signed_in(cast.maija)
    here = f"/board/gigs/{gig_id}"
    assert "9.59" in (await maija.get(here)).text
    put = await maija.send_form(here, f"{here}/hours", minutes="170", reason="Lähti vähän ennen")
    assert put.status_code == 303, put.text
    [trail] = await owner("SELECT details FROM order_events WHERE kind = 'hours.corrected'")
    assert '"to": 170' in trail["details"]
    await stage.run()
    asked = await owner("SELECT 1 FROM notices WHERE kind = 'hours_to_approve'")
    assert len(asked) == 2
    sari = await stage.signed_in(cast.sari)
    sheet = f"/orders/{order_id}"
    tapped = await sari.send_form(sheet, f"{sheet}/gigs/{gig_id}/approve")
    assert tapped.status_code == 303, tapped.text
    [record] = await owner("SELECT minutes, reason FROM hours_records")
    assert tuple(record) == (170, "")


async def test_story_10_three_silent_workdays_go_to_the_lead(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    _, gig_id = await agreed(stage)
    stage.clock.now = TEN
    phone = await stage.phone_of(AINO_PHONE)
    assert (await phone.send_form("/gig", "/gig/here")).status_code == 303
    stage.clock.now = TEN + timedelta(hours=3)
    phone = await stage.phone_of(AINO_PHONE)
    assert (await phone.send_form("/gig", "/gig/done")).status_code == 303
    # It was her first gig there: somebody asks how it went, by the next noon.
    [ask] = await owner("SELECT due_at FROM todos WHERE kind = 'follow_up'")
    assert ask["due_at"] == TEN + timedelta(days=1, hours=2)

    friday = TEN + timedelta(days=3)
    await stage.at(friday)
    assert "approve_hours" not in await stage.works.todos()
    merja = await stage.signed_in(cast.merja)
    here = f"/board/gigs/{gig_id}"
    assert "30.11." in (await merja.get(here)).text
    monday = TEN + timedelta(days=6)
    await stage.at(monday)
    assert "approve_hours" in await stage.works.todos()
    assert (await owner("SELECT status FROM gigs"))[0]["status"] == "done"
    merja = await stage.signed_in(cast.merja)
    decided = await merja.send_form(here, f"{here}/hours")
    assert decided.status_code == 303, decided.text
    [record] = await owner("SELECT approved_by, approved_as FROM hours_records")
    assert tuple(record) == (cast.merja.actor_id, "unit_lead")
    assert await owner("SELECT 1 FROM todos WHERE kind = 'approve_hours' AND done_at IS NULL") == []


async def test_the_code_on_the_wall(stage: Stage) -> None:
    owner = stage.works.fresh.owner
    await agreed(stage)
    place = f"/places/{stage.cast.site}"
    sari = await stage.signed_in(stage.cast.sari)
    assert (await sari.send_form(place, place, code="kevät")).status_code == 303
    stage.clock.now = TEN
    phone = await stage.phone_of(AINO_PHONE)
    wrong = await phone.send_form("/gig", "/gig/here", code="syksy")
    assert wrong.status_code == 422
    right = await phone.send_form("/gig", "/gig/here", code="kevät ")
    assert right.status_code == 303
    [word] = await owner("SELECT way FROM attendances")
    assert word["way"] == "code"
