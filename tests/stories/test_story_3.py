"""Story 3, the client says no: thanked, not asked why, ranked as before; the next is proposed."""

import re
from datetime import timedelta
from uuid import UUID

from tests import make
from tests.cast import MONDAY
from tests.orders.steps import DAY, HOUR
from tests.stories.playing import FRIDAY, TEN, place
from tests.stories.stage import Stage, listed

EETU_PHONE = "+358455550101"
MINUTE = timedelta(minutes=1)


async def order_at(stage: Stage, day: int) -> UUID:
    """Have the same work ordered for a later day, and looked for."""
    order_id = await make.save_order(stage.cast, make.order(start=TEN + day * DAY))
    await make.save(stage.cast, make.change(order_id))
    await stage.run()
    return order_id


async def say_no(stage: Stage, order_id: UUID) -> str:
    """Have Eetu asked, and say no on his phone; return what the phone then shows."""
    cast = stage.cast
    assert (await stage.ask(cast.maija, order_id, cast.eetu)).status_code == 303
    await stage.run()
    phone = await stage.phone_of(EETU_PHONE)
    offer = await phone.get("/gig")
    # One button, and nothing to fill in: a no needs no reason.
    form = offer.text.partition('action="/gig/no"')[2].partition("</form>")[0]
    assert re.findall(r'type="(\w+)"', form) == ["hidden", "hidden", "submit"]
    assert (await phone.send_shown(offer, "/gig/no")).status_code == 303
    return (await phone.get("/gig")).text


async def test_story_3_client_declines(stage: Stage) -> None:
    cast = stage.cast
    stage.clock.now = FRIDAY
    sari = await stage.signed_in(cast.sari)
    order_id = await place(sari, cast.site, title="Astiat juhlien jälkeen")
    await stage.run()
    later = await order_at(stage, day=2)
    maija = await stage.signed_in(cast.maija)
    before = await listed(maija, later)
    assert cast.eetu in before

    answer = await say_no(stage, order_id)
    assert "Kiitos. Ei haittaa." in answer
    assert "<textarea" not in answer
    told = await stage.works.fresh.owner("SELECT reason FROM gig_events WHERE to_status='declined'")
    assert [row["reason"] for row in told] == [""]

    # Within a minute the next ones are before the coordinator, and he is not asked twice.
    await stage.at(FRIDAY + MINUTE)
    assert set(await listed(maija, order_id)) == {cast.aino, cast.venla}
    # His no costs him nothing: he stands where he stood for other work, looked for anew.
    await make.save(cast, make.change(later))
    await stage.run()
    assert await listed(maija, later) == before

    # The orderer hears of nobody's no.
    seen = await sari.get(f"/orders/{order_id}")
    assert "Etsitään" in seen.text
    assert [word for word in ("Eetu", "kieltäy", "ei halu") if word in seen.text] == []
    assert "Eetu" not in stage.mails()


async def test_story_3_five_noes_in_a_row_ask_for_a_talk_about_wishes(stage: Stage) -> None:
    stage.clock.now = MONDAY
    for day in range(5):
        assert "talk_wishes" not in await stage.works.todos()
        order_id = await order_at(stage, day + 1 if day < 3 else day + 3)
        assert "Ei haittaa" in await say_no(stage, order_id)
        await stage.at(stage.clock.now + HOUR)
    # His coach has it on the list of the day.
    kim = await stage.signed_in(stage.cast.kim)
    assert "Puhukaa toiveista" in (await kim.get("/coach")).text
