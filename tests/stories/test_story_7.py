"""Story 7, two units want the same task: one gets it, the other reads what is left."""

from uuid import UUID

from tests import make
from tests.cast import MONDAY
from tests.make import TUESDAY_TEN
from tests.stories.stage import Stage, click


async def proposed(stage: Stage, *, places: int = 1) -> UUID:
    stage.clock.now = MONDAY
    order_id = await make.save_order(stage.cast, make.order(places=places))
    await make.save(stage.cast, make.change(order_id))
    await stage.run()
    return order_id


async def test_story_7_the_first_commit_wins(stage: Stage) -> None:
    cast = stage.cast
    order_id = await proposed(stage)
    maija, pekka = await stage.signed_in(cast.maija), await stage.signed_in(cast.pekka)
    hers = await maija.get(f"/board/orders/{order_id}")
    his = await pekka.get(f"/board/orders/{order_id}")
    # Each sees the own unit's people only.
    assert "Aino Aalto" in hers.text
    assert "Onni Ora" not in hers.text
    assert "Onni Ora" in his.text
    assert "Aino Aalto" not in his.text
    assert (await click(maija, hers, order_id, cast.aino)).status_code == 303
    lost = await click(pekka, his, order_id, cast.onni)
    assert lost.status_code == 409
    assert "Tehtävä meni toiselle" in lost.text
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
    visits = await stage.works.fresh.owner("SELECT * FROM visits WHERE status <> 'free'")
    assert visits == []


async def test_story_7_a_group_of_three_takes_three(stage: Stage) -> None:
    cast = stage.cast
    order_id = await proposed(stage, places=3)
    for number, client in enumerate((cast.aino, cast.eetu, cast.venla), start=1):
        browser = await stage.signed_in(cast.maija)
        fields = {
            "place": str(number), "client": str(client), "start": TUESDAY_TEN.isoformat(),
        }  # fmt: skip
        page = await browser.get(f"/board/orders/{order_id}")
        path = f"/board/orders/{order_id}/assign"
        assert (await browser.send_shown(page, path, **fields)).status_code == 303
        await stage.run()
    pekka = await stage.signed_in(cast.pekka)
    full = await pekka.get(f"/board/orders/{order_id}")
    assert "Onni Ora" not in full.text
    kept = await stage.works.fresh.owner("SELECT place_no FROM gigs ORDER BY place_no")
    assert [row["place_no"] for row in kept] == [1, 2, 3]


async def test_story_7_ties_are_broken_the_same_each_time(stage: Stage) -> None:
    first, second = await proposed(stage), await proposed(stage)
    rows = await stage.works.fresh.owner(
        "SELECT p.order_id, r.client_id FROM proposal_rows r"
        " JOIN proposals p ON p.id = r.proposal_id WHERE p.closed_at IS NULL"
        " AND r.rank > 1 ORDER BY p.order_id, r.rank"
    )
    order = {first: [], second: []}  # type: dict[UUID, list[UUID]]
    for row in rows:
        order[row["order_id"]].append(row["client_id"])
    common = [client for client in order[first] if client in order[second]]
    assert common == [client for client in order[second] if client in common]
