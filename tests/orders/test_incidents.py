"""Something happened at a gig: who may tell, who reads it, and that it is seen to."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from jobcenter.database import Who
from jobcenter.errors import Invalid, NotFound
from jobcenter.orders import incidents
from jobcenter.orders.incidents import Told
from jobcenter.orders.queries import reports
from tests.cast import Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps

NOW = TUESDAY_TEN + timedelta(hours=1)
SLIPPED = Told("Slipped on the wet floor", "a_little", NOW, told_whom="Sari")


async def tell(cast: Cast, who: Who, gig_id: UUID, told: Told = SLIPPED, *, times: int = 1) -> UUID:
    incident_id = uuid4()
    for _ in range(times):
        await cast.database.act(
            who, incidents.report, incident_id=incident_id, gig_id=gig_id, told=told, now=NOW
        )
    return incident_id


async def test_whoever_was_there_tells_and_the_unit_reads_and_sees_to_it(
    cast: Cast, fresh: Fresh
) -> None:
    gig_id = (await steps.agreed(cast, cast.aino)).gig_id
    aino = cast.client(cast.aino)
    first = await tell(cast, aino, gig_id, times=2)
    await tell(cast, cast.sari, gig_id, Told("A knife fell", "nobody", NOW, nearly=True))
    await tell(cast, cast.kim, gig_id, Told("Cut, taken to a doctor", "badly", NOW))
    for stranger in (cast.pekka, cast.client(cast.eetu), replace(cast.sari, party_id=uuid4())):
        with pytest.raises(NotFound):
            await tell(cast, stranger, gig_id)
    read = await cast.database.read(cast.maija, reports.incidents_of, gig_id=gig_id)
    assert sorted((one.row.told_from, one.words) for one in read) == [
        ("client", "Slipped on the wet floor"),
        ("coach", "Cut, taken to a doctor"),
        ("orderer", "A knife fell"),
    ]
    # The worker reads their own; nobody else of these anything.
    own = await cast.database.read(aino, reports.own_incidents, gig_id=gig_id)
    assert [one.id for one in own] == [first]
    assert await cast.database.read(cast.pekka, reports.incidents_of, gig_id=gig_id) == ()
    # The unit is sent there at once where somebody is badly hurt, and its coordinators by mail.
    assert sorted(set(await steps.todos(fresh)) & {"incident", "incident_serious"}) == [
        "incident",
        "incident_serious",
    ]
    assert set(await steps.told(fresh, "incident")) == {key("maija"), key("merja")}
    await cast.database.act(
        cast.maija, incidents.handle, gig_id=gig_id, incident_id=first, outcome="Mats laid", now=NOW
    )
    done = await fresh.owner("SELECT count(*) FROM todos WHERE done_at IS NOT NULL")
    assert done[0]["count"] == 1
    own = await cast.database.read(aino, reports.own_incidents, gig_id=gig_id)
    assert [one.handled_at for one in own] == [NOW]
    # What was told lies closed, and stays as it was told.
    kept = await fresh.owner("SELECT closed_words FROM incidents")
    assert all(b"Slipped" not in row["closed_words"] for row in kept)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told(" ", "nobody", NOW), "words"),
        (Told("x", "", NOW), "hurt"),
        (Told("x", "badly", NOW, nearly=True), "nearly"),
        (Told("x", "nobody", NOW + timedelta(hours=1)), "clock"),
    ],
)
async def test_what_is_missing_is_said_by_its_field(cast: Cast, told: Told, field: str) -> None:
    gig_id = (await steps.agreed(cast, cast.aino)).gig_id
    with pytest.raises(Invalid) as refused:
        await tell(cast, cast.client(cast.aino), gig_id, told)
    assert [fault.field for fault in refused.value.faults] == [field]


async def test_a_coach_of_another_unit_who_was_there_tells_the_workers_own_unit(
    cast: Cast, fresh: Fresh
) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    with pytest.raises(NotFound):
        await tell(cast, cast.liisa, agreed.gig_id)
    await fresh.owner(
        "UPDATE visits SET coach_id = $1 WHERE id IN"
        " (SELECT visit_id FROM visit_gigs WHERE gig_id = $2)",
        cast.liisa_coach,
        agreed.gig_id,
    )
    await tell(cast, cast.liisa, agreed.gig_id)
    rows = await fresh.owner(
        "SELECT i.told_from, i.client_id, t.unit_id, t.due_at FROM incidents i"
        " JOIN todos t ON t.gig_id = i.gig_id AND t.kind = 'incident'"
    )
    assert [tuple(row) for row in rows] == [
        ("coach", cast.aino, cast.kaneli, NOW + incidents.LOOK_WITHIN)
    ]
    # What the other unit's coach told is for the worker's own unit to see to.
    kept = await fresh.owner("SELECT id FROM incidents")
    with pytest.raises(NotFound):
        await cast.database.act(
            cast.liisa,
            incidents.handle,
            gig_id=agreed.gig_id,
            incident_id=kept[0]["id"],
            outcome="x",
            now=NOW,
        )
    with pytest.raises(Invalid):
        await cast.database.act(
            cast.maija,
            incidents.handle,
            gig_id=agreed.gig_id,
            incident_id=kept[0]["id"],
            outcome=" ",
            now=NOW,
        )
    with pytest.raises(NotFound):
        await cast.database.act(
            cast.maija,
            incidents.handle,
            gig_id=agreed.gig_id,
            incident_id=uuid4(),
            outcome="Mats laid",
            now=NOW,
        )
