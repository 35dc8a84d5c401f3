"""Story 3, the client says no: thanked, not asked why, worth no less; the next is proposed."""

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


async def worth(stage: Stage, order_id: UUID) -> int:
    """Have the order's list written anew, and return what Eetu is worth on it."""
    owner = stage.works.fresh.owner
    await owner(
        "UPDATE proposals SET closed_at = $2 WHERE order_id = $1 AND closed_at IS NULL",
        order_id, stage.clock.now,
    )  # fmt: skip
    await make.save(stage.cast, make.change(order_id))
    await stage.run()
    [row] = await owner(
        "SELECT r.score FROM proposals p JOIN proposal_rows r ON r.proposal_id = p.id"
        " WHERE p.order_id = $1 AND p.closed_at IS NULL AND r.client_id = $2",
        order_id, stage.cast.eetu,
    )  # fmt: skip
    return int(row["score"])


async def say_no(stage: Stage, order_id: UUID) -> str:
    """Have Eetu say no on his phone to what he is asked; return what the phone then shows."""
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
    assert cast.eetu in await listed(maija, later)

    assert (await stage.ask(cast.maija, order_id, cast.eetu)).status_code == 303
    asked = await worth(stage, later)
    answer = await say_no(stage, order_id)
    assert "Kiitos. Ei haittaa." in answer
    assert "<textarea" not in answer
    told = await stage.works.fresh.owner("SELECT reason FROM gig_events WHERE to_status='declined'")
    assert [row["reason"] for row in told] == [""]

    # Within a minute the next ones are before the coordinator, and he is not asked twice.
    await stage.at(FRIDAY + MINUTE)
    assert set(await listed(maija, order_id)) == {cast.aino, cast.venla}
    # His no costs him nothing: for other work he is worth what he was before it, or more.
    assert await worth(stage, later) >= asked
    assert cast.eetu in await listed(maija, later)

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
        assert (await stage.ask(stage.cast.maija, order_id, stage.cast.eetu)).status_code == 303
        assert "Ei haittaa" in await say_no(stage, order_id)
        await stage.at(stage.clock.now + HOUR)
    # His coach has it on the list of the day.
    kim = await stage.signed_in(stage.cast.kim)
    assert "Puhukaa toiveista" in (await kim.get("/coach")).text
