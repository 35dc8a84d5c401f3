"""Story 1, the happy path: an order becomes a confirmed gig with its coach booked, and done."""

import re
from datetime import timedelta
from uuid import UUID

from tests.cast import MONDAY
from tests.stories.stage import Stage, click
from tests.web.surfer import Surfer

FRIDAY = MONDAY - timedelta(days=3)
TUESDAY = MONDAY + timedelta(days=1)
AINO_PHONE = "+358455550100"
# What no orderer may ever read (DOMAIN §4.1).
SECRETS = ("Kaneli", "Aalto", "Eetu", "Venla", "Eskola", "Virta", "START", "SAFE", "+35845555")
REASONS = (
    "Vapaa koko keikan ajan.", "Matka kestää 7 min.",
    "Tarvittavalle valmentajan käynnille on valmentaja.",
)  # fmt: skip
OFFER = (
    "Tiskaus", "Fleminginkatu 1", "openstreetmap", "Kim", "Tapaatte klo 9.30.", "34,50",
    "Emme tiedä etuutta, johon tämä vaikuttaisi.", "Kela tai eläkelaitos päättää etuuksista.",
    "Paikkasi työtoiminnassa säilyy.", "Kyllä, tulen", "Ei kiitos", "Soita minulle",
)  # fmt: skip
FORM = {
    "task": "2", "title": "Tiskaus", "timing": "fixed", "day": "2026-11-24", "start": "10",
    "end": "13", "pay": "11,50", "contact_name": "Sari Salo", "contact_phone": "040 123 4567",
    "contact_email": "sari@keittio.example",
}  # fmt: skip


async def place(sari: Surfer, site: UUID) -> UUID:
    review = await sari.send_form("/orders/new?fresh=true", "/orders/new", **FORM, site=str(site))
    assert review.status_code == 200
    sent = await sari.send_shown(review, "/orders")
    assert sent.status_code == 303, sent.text
    return UUID(sent.headers["location"].split("/")[2])


async def test_story_1_happy_path(stage: Stage) -> None:
    cast = stage.cast
    stage.clock.now = FRIDAY
    sari = await stage.signed_in(cast.sari)
    order_id = await place(sari, cast.site)
    assert "Jaana Rinne" in (await sari.get(f"/orders/{order_id}/receipt")).text

    # The machine proposes: three people of the unit, with reasons and the visit that would be held.
    await stage.run()
    maija = await stage.signed_in(cast.maija)
    board = await maija.get("/board")
    assert "Tiskaus" in board.text
    page = await maija.get(f"/board/orders/{order_id}")
    for name in ("Aino Aalto", "Eetu Eskola", "Venla Virta"):
        assert name in page.text
    assert page.text.count('class="reasons"') == 3
    for reason in REASONS:
        assert reason in page.text, reason
    assert "Onni" not in page.text
    assert "9.30–10.30" in page.text

    # A person assigns: the coach is held from half an hour before to half an hour after the start.
    asked = await click(maija, page, order_id, cast.aino)
    assert asked.status_code == 303, asked.text
    visits = await stage.works.fresh.owner("SELECT during, status FROM visits")
    half = timedelta(minutes=30)
    start = TUESDAY + timedelta(hours=1)
    assert [(v["during"].lower, v["during"].upper, v["status"]) for v in visits] == [
        (start - half, start + half, "held")
    ]

    # The client gets the text of SETTLED 22, and a page that says everything before the yes.
    await stage.run()
    [text] = stage.texts_to(AINO_PHONE)
    assert text.startswith("Jobcenter: uusi keikka ti 24.11. klo 10–13. Katso ja vastaa: https://")
    phone = await stage.phone_of(AINO_PHONE)
    offer = await phone.get("/gig")
    for said in OFFER:
        assert said in offer.text, said
    assert "Kaneli" not in text
    assert "Fleminginkatu" not in text

    # The client says yes.
    yes = await phone.send_form("/gig", "/gig/yes")
    assert yes.status_code == 303
    booked = await stage.works.fresh.owner("SELECT status FROM visits")
    assert [row["status"] for row in booked] == ["booked"]

    # The orderer sees a first name and a time, and nothing else about anybody.
    await stage.run()
    seen = await sari.get(f"/orders/{order_id}")
    assert re.search(r">Aino<[^t]+tulee tiistaina 24.11. klo 10<", seen.text)
    told = seen.text + stage.mails()
    assert [secret for secret in SECRETS if secret in told] == []

    # The day itself, and the hours.
    await stage.at(TUESDAY + timedelta(minutes=55))
    phone = await stage.phone_of(AINO_PHONE)
    assert (await phone.send_form("/gig", "/gig/here")).status_code == 303
    await stage.at(TUESDAY + timedelta(hours=4))
    phone = await stage.phone_of(AINO_PHONE)
    assert (await phone.send_form("/gig", "/gig/done")).status_code == 303
    sari = await stage.signed_in(cast.sari)
    [gig] = await stage.works.fresh.owner("SELECT id FROM gigs")
    approve = f"/orders/{order_id}/gigs/{gig['id']}/approve"
    assert (await sari.send_form(f"/orders/{order_id}", approve)).status_code == 303
    [done] = await stage.works.fresh.owner("SELECT status, worked_minutes, pay_cents FROM gigs")
    assert (done["status"], done["worked_minutes"], done["pay_cents"]) == ("approved", 180, 3450)
