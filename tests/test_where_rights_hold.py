"""A right holds in the units of the role that gave it: in the database, in actions and on pages."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import look
from jobcenter.database import OF_NO_UNIT, Face, Who, held_in
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.intake import leaving, roster
from jobcenter.lists.choices import RIGHTS
from jobcenter.matching.round import candidates
from jobcenter.notices import todo
from jobcenter.orders import assigning, todos
from jobcenter.orders.queries import api, ledgers, lists
from jobcenter.people import sessions
from jobcenter.people.staff import User
from jobcenter.walls.matrix import ROWS
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import sign_in, surfer

A, B, C = key("a"), key("b"), key("c")


def _person(*grants: tuple[str, UUID | None]) -> Who:
    return Who(
        CITY, "x", actor_id=key("x"), unit_ids=tuple({u for _, u in grants if u}),
        rights=frozenset(held_in(right, unit) for right, unit in grants),
    )  # fmt: skip


def test_a_right_holds_in_its_unit_and_nowhere_else() -> None:
    who = _person(("see_caseload", A), ("coach", A), ("assign", B), ("see_clients", B))
    assert who.may("assign")
    assert who.may("coach")
    assert not who.may("lead")
    assert (who.may_in(A, "assign"), who.may_in(B, "assign")) == (False, True)
    assert who.units_with("coach") == (A,)
    assert set(who.units_with("coach", "assign")) == {A, B}
    assert who.face is Face.STAFF
    for unit, refusal in ((A, NotAllowed), (C, NotFound)):
        with pytest.raises(refusal):
            who.require(unit, "assign")


def test_what_is_given_for_no_unit_opens_no_further_unit() -> None:
    everywhere = _person(("coach", A), ("see_clients", None))
    assert everywhere.units_with("see_clients") == (A,)
    assert not _person(("see_clients", None)).units_with("see_clients")
    # Keeping the log belongs to no unit, even where somebody was given it for one.
    assert _person(("read_log", A)).rights == {"read_log"}
    assert replace(_person(("read_log", A)), unit_ids=()).face is Face.AUDITOR


def test_every_right_is_of_a_unit_or_of_none() -> None:
    """Whoever adds a right decides which: the walls and `require` follow from it."""
    of_units = {"assign", "see_clients", "see_caseload", "coach", "lead", "override_ceiling"}
    assert RIGHTS.keys() == of_units | OF_NO_UNIT
    told = "".join(ROWS.values())
    assert not [right for right in of_units if f"'{right}' = ANY (asking_rights())" in told]
    assert not [right for right in OF_NO_UNIT if f"asking_units_with('{right}')" in told]


def test_a_session_is_given_anew_when_rights_change_places() -> None:
    one = _person(("assign", A), ("coach", B))
    other = _person(("assign", B), ("coach", A))
    same = _person(("coach", B), ("assign", A))
    assert sessions.standing_of(one) != sessions.standing_of(other)
    assert sessions.standing_of(replace(one, unit_ids=(A, B))) == sessions.standing_of(
        replace(same, unit_ids=(B, A))
    )


async def _standing(session: AsyncSession, name: str) -> Who:
    user = await session.get_one(User, (CITY, key(name)))
    return replace(await sessions.who_is(session, user, MONDAY), at=MONDAY)


async def _known(cast: Cast, who: Who, table: str = "clients", column: str = "id") -> set[UUID]:
    async def read(session: AsyncSession) -> set[UUID]:
        return set(await session.scalars(text(f"SELECT {column} FROM {table}")))

    return await cast.database.read(who, read)


async def _given(fresh: Fresh, name: str, role: str, unit: str) -> None:
    await fresh.owner(
        "INSERT INTO grants (organiser_id, id, user_id, role, unit_id)"
        " VALUES (1, gen_random_uuid(), $1, $2, $3)", key(name), role, key(unit),
    )  # fmt: skip


async def _stands_in(fresh: Fresh, deputy: str, name: str, unit: str) -> None:
    await fresh.owner(
        "INSERT INTO stand_ins (organiser_id, id, user_id, deputy_id, unit_id, first_day, last_day)"
        " VALUES (1, gen_random_uuid(), $1, $2, $3, $4, $4)",
        key(name), key(deputy), key(unit), MONDAY.date(),
    )  # fmt: skip


async def _elsewhere(cast: Cast, fresh: Fresh) -> None:
    """Have Venla be on another coach's caseload in Kaneli."""
    ella = await steps.another_coach(cast, "ella_coach")
    await fresh.owner("UPDATE clients SET coach_id = $1 WHERE id = $2", ella, cast.venla)


@pytest.mark.parametrize("way", ["grant", "stand-in"])
async def test_a_coach_here_who_coordinates_there_does_each_in_its_unit(
    cast: Cast, fresh: Fresh, way: str
) -> None:
    await _elsewhere(cast, fresh)
    if way == "grant":
        await _given(fresh, "kim", "coordinator", "kulma")
    else:
        await _stands_in(fresh, "kim", "pekka", "kulma")
    kim = await cast.database.act(cast.worker, _standing, "kim")
    own = {cast.aino, cast.eetu, cast.onni}
    assert await _known(cast, kim) == own
    assert await cast.database.read(kim, roster.everybody) == own
    await look(
        cast.database, kim, clients=[cast.venla, cast.onni], what="x", purpose="y", now=MONDAY
    )
    looks = await fresh.owner("SELECT client_id, outside, on_behalf FROM looks")
    assert {tuple(row) for row in looks} == {
        (cast.venla, True, ""), (cast.onni, False, f"unit {cast.kulma}"),
    }  # fmt: skip
    looking = await make.looking(cast.database, kim, *own, cast.venla)
    assert await _known(cast, looking, "client_contacts", "client_id") == own
    for client_id in (cast.aino, cast.venla, cast.onni):
        await cast.database.act(
            cast.worker, todo, kind="talk", due_at=MONDAY, now=MONDAY, mark=str(client_id),
            client_id=client_id,
        )  # fmt: skip
    assert await _known(cast, kim, "todos", "client_id") == {cast.aino, cast.onni}

    order = make.order()
    order_id = await make.save_order(cast, order)
    with pytest.raises(NotAllowed):
        await steps.assign(cast, order_id, cast.eetu, by=kim)
    found = await candidates(cast.database, kim, order_id=order_id, limit=5, now=MONDAY)
    assert {one.client_id for one in found.entries} | {one.client_id for one in found.misses} == {
        cast.onni
    }
    gig = await steps.assign(cast, order_id, cast.onni, by=kim)
    assert await cast.database.read(kim, lists.faces, order_id=order_id) == {cast.onni}
    assert (await cast.database.read(kim, api.gig, gig_id=gig.id)).client_id == cast.onni
    with pytest.raises(NotAllowed):
        await cast.database.act(kim, leaving.reopen_case, client_id=cast.aino, now=MONDAY)
    rows = {row[1]: row[0] for row in await fresh.owner("SELECT id, client_id FROM todos")}
    await cast.database.act(kim, todos.settle, todo_id=rows[cast.onni], now=MONDAY)
    with pytest.raises(NotFound):
        await cast.database.act(kim, todos.settle, todo_id=rows[cast.venla], now=MONDAY)


async def test_ledgers_open_where_somebody_advises_and_not_where_they_plan(
    cast: Cast, fresh: Fresh
) -> None:
    await fresh.owner("DELETE FROM grants WHERE user_id = $1", key("pekka"))
    await _given(fresh, "pekka", "benefits", "kulma")
    await _given(fresh, "pekka", "coordinator", "kaneli")
    for client_id in (cast.aino, cast.onni):
        await steps.on_pension(cast, client_id)
    pekka = await cast.database.act(cast.worker, _standing, "pekka")
    assert cast.aino in await _known(cast, pekka)
    assert await _known(cast, pekka, "client_benefits", "client_id") == {cast.onni}
    for client_id, by_right in ((cast.aino, False), (cast.onni, True)):
        assert by_right is await cast.database.read(pekka, ledgers.is_advised, client_id=client_id)
    assert cast.onni not in await _known(cast, pekka)
    with pytest.raises(NotAllowed):
        await cast.database.act(
            pekka, assigning.assign, order_id=await make.save_order(cast, make.order()), place_no=1,
            client_id=cast.aino, start=TUESDAY_TEN, now=MONDAY, override_reason="We have talked.",
        )  # fmt: skip


async def test_a_stand_in_has_the_caseload_of_that_unit_only(cast: Cast, fresh: Fresh) -> None:
    """Kim coaches in both units, and so does Liisa; she stands in for him in Kaneli alone."""
    await _given(fresh, "kim", "coach", "kulma")
    await _given(fresh, "liisa", "coach", "kaneli")
    away = await steps.another_coach(cast, "kim_there", unit="kulma")
    await fresh.owner("UPDATE coaches SET user_id = $1 WHERE id = $2", key("kim"), away)
    theirs = await steps.newcomer(cast, "nuppu", unit="kulma")
    await fresh.owner("UPDATE clients SET coach_id = $1 WHERE id = $2", away, theirs)
    await _stands_in(fresh, "liisa", "kim", "kaneli")
    liisa = await cast.database.act(cast.worker, _standing, "liisa")
    assert await _known(cast, liisa) == {cast.onni, cast.aino, cast.eetu, cast.venla}


async def test_pages_offer_in_each_unit_what_may_be_done_there(cast: Cast, fresh: Fresh) -> None:
    await _elsewhere(cast, fresh)
    await _given(fresh, "kim", "unit_lead", "kulma")
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.kim)
        board = await browser.get("/board?every=1")
        assert board.status_code == 200
        assert f"/board?unit={cast.kaneli}" not in board.text
        answers = {
            path: (await browser.get(path)).status_code
            for path in (
                f"/board?unit={cast.kaneli}", f"/board/clients/{cast.venla}",
                f"/board/clients/{cast.onni}", f"/clients/{cast.aino}/closing",
                f"/clients/{cast.onni}/closing",
            )
        }  # fmt: skip
        assert list(answers.values()) == [404, 404, 200, 403, 200]
        for client_id, offered in ((cast.aino, False), (cast.onni, True)):
            shown = await browser.get(f"/board/clients/{client_id}")
            assert f"/clients/{client_id}/edit/" in shown.text
            assert (f"/clients/{client_id}/closing" in shown.text) is offered
        for unit_id, offered in ((cast.kaneli, False), (cast.kulma, True)):
            shown = await browser.get(f"/units/{unit_id}")
            assert (f'<form method="post" action="/units/{unit_id}"' in shown.text) is offered
