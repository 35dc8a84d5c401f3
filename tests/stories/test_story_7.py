"""Story 7, two units want the same task: one gets it, the other reads what is left."""

from datetime import datetime
from uuid import UUID

from jobcenter.people.parties import TaskType
from tests import make
from tests.cast import CITY, MONDAY, key
from tests.make import TUESDAY_TEN
from tests.orders.steps import DAY
from tests.stories.stage import Stage, click, listed


async def proposed(stage: Stage, *, places: int = 1, start: datetime = TUESDAY_TEN) -> UUID:
    stage.clock.now = MONDAY
    order = make.order(places=places, start=start, group_visit=places > 1)
    order_id = await make.save_order(stage.cast, order)
    await make.save(stage.cast, make.change(order_id))
    await stage.run()
    return order_id


async def two_others(stage: Stage) -> tuple[UUID, UUID]:
    """Put two more orders on the board, on other days: snow work at a neighbour's, and dishes."""
    work = TaskType(
        organiser_id=CITY, id=key("snow"), number=9, name_fi="Lumityöt", name_sv="Snöarbete",
        name_en="Snow work", sector="green", least_minutes=120, most_minutes=240,
        demands=[1, 0, 0, 0, 0, 0], outdoors=True, qualifications=[], pay_group="G1",
    )  # fmt: skip
    await make.save(stage.cast, work)
    snow, dishes = (make.order(start=TUESDAY_TEN + n * DAY) for n in (1, 2))
    snow.task_type_id, snow.title = work.id, "Lumityöt"
    for order in (snow, dishes):
        await make.save_order(stage.cast, order)
        await make.save(stage.cast, make.change(order.id))
    return snow.id, dishes.id


async def test_story_7_the_first_commit_wins(stage: Stage) -> None:
    cast = stage.cast
    snow, dishes = await two_others(stage)
    order_id = await proposed(stage)
    maija, pekka = await stage.signed_in(cast.maija), await stage.signed_in(cast.pekka)
    other = await stage.signed_in(cast.pekka, "en")
    hers = await maija.get(f"/board/orders/{order_id}")
    his = await pekka.get(f"/board/orders/{order_id}")
    in_english = await other.get(f"/board/orders/{order_id}")
    # Each sees the own unit's people only.
    assert "Aino Aalto" in hers.text
    assert "Onni Ora" not in hers.text
    assert "Onni Ora" in his.text
    assert "Aino Aalto" not in his.text
    assert (await click(maija, hers, order_id, cast.aino)).status_code == 303
    lost = await click(pekka, his, order_id, cast.onni)
    assert lost.status_code == 409
    assert "Tehtävä meni toiselle" in lost.text
    # "Here are 2 others", each one tap away, and Onni stands on the list of each.
    assert "Tässä 2 muuta, joihin Onni Ora sopii:" in lost.text
    assert f'<a href="/board/orders/{snow}">Lumityöt ke 25.11. klo 10</a>' in lost.text
    assert f'<a href="/board/orders/{dishes}">Tiskaus to 26.11. klo 10</a>' in lost.text
    for left in (snow, dishes):
        assert cast.onni in await listed(pekka, left)
    late = await click(other, in_english, order_id, cast.onni)
    assert late.status_code == 409
    assert "The task went to somebody else." in late.text
    assert "Here are 2 others for Onni Ora:" in late.text
    assert f'<a href="/board/orders/{snow}">Snow work ' in late.text
    looks = await stage.works.fresh.owner(
        "SELECT client_id FROM looks WHERE what = 'name, other tasks'"
    )
    assert [row["client_id"] for row in looks] == [cast.onni, cast.onni]
    rows = await stage.works.fresh.owner("SELECT client_id FROM gigs")
    assert [row["client_id"] for row in rows] == [cast.aino]


async def test_story_7_the_losers_coach_is_free_again(stage: Stage) -> None:
    cast = stage.cast
    order_id = await proposed(stage)
    maija, again = await stage.signed_in(cast.maija), await stage.signed_in(cast.maija)
    one = await maija.get(f"/board/orders/{order_id}")
    two = await again.get(f"/board/orders/{order_id}")
    assert (await click(maija, one, order_id, cast.eetu)).status_code == 303
    lost = await click(again, two, order_id, cast.aino)
    assert lost.status_code == 409
    assert "Tehtävä meni toiselle" in lost.text
    visits = await stage.works.fresh.owner("SELECT * FROM visits WHERE status <> 'free'")
    assert visits == []


async def test_story_7_a_group_of_three_takes_three(stage: Stage) -> None:
    cast = stage.cast
    order_id = await proposed(stage, places=3)
    pekka = await stage.signed_in(cast.pekka)
    his = await pekka.get(f"/board/orders/{order_id}")
    slow = await stage.signed_in(cast.maija)
    before = await slow.get(f"/board/orders/{order_id}")
    path = f"/board/orders/{order_id}/assign"
    start = TUESDAY_TEN.isoformat()
    for number, client in enumerate((cast.aino, cast.eetu, cast.venla), start=1):
        browser = await stage.signed_in(cast.maija)
        page = await browser.get(f"/board/orders/{order_id}")
        fields = {"place": str(number), "client": str(client), "start": start}
        assert (await browser.send_shown(page, path, **fields)).status_code == 303
        await stage.run()
        # Whoever presses for the same place later reads that it is gone, and how things stand now.
        fields["client"] = str(cast.venla)
        late = await slow.send_shown(before, path, **fields)
        assert late.status_code == 409
        assert "Tässä on uusin tilanne" in late.text
    # The fourth presses a button on a page from before.
    fourth = await click(pekka, his, order_id, cast.onni)
    assert fourth.status_code == 409
    assert "Tehtävä meni toiselle" in fourth.text
    full = await pekka.get(f"/board/orders/{order_id}")
    assert "Onni Ora" not in full.text
    kept = await stage.works.fresh.owner("SELECT place_no FROM gigs ORDER BY place_no")
    assert [row["place_no"] for row in kept] == [1, 2, 3]
    # One instructor is there for the three, of whom one is met at the door.
    there = await stage.works.fresh.owner(
        "SELECT v.status, count(*) FROM visits v JOIN visit_gigs g ON g.visit_id = v.id"
        " GROUP BY v.id, v.status"
    )
    assert [tuple(row) for row in there] == [("held", 3)]


async def test_story_7_whoever_has_fewest_gigs_comes_first_and_equals_stay_in_order(
    stage: Stage,
) -> None:
    """The longest wait and the hash, in a row, are tried in `tests/matching/test_score.py`."""
    cast = stage.cast
    for asked in (cast.eetu, cast.aino):
        order_id = await proposed(stage, start=TUESDAY_TEN + len(await gigs(stage)) * DAY)
        assert (await stage.ask(cast.maija, order_id, asked)).status_code == 303
    maija = await stage.signed_in(cast.maija)
    last = await proposed(stage, start=TUESDAY_TEN + 2 * DAY)
    once = await listed(maija, last)
    assert once[0] == cast.venla
    assert set(once) == {cast.venla, cast.eetu, cast.aino}
    await make.save(cast, make.change(last))
    await stage.run()
    assert await listed(maija, last) == once


async def gigs(stage: Stage) -> list[UUID]:
    return [row["id"] for row in await stage.works.fresh.owner("SELECT id FROM gigs")]
