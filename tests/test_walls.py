"""Every cell of the written matrix, tried for real: login × table × command × whose row it is.

The tables come from the catalogue, so a new one without a line in the matrix fails here.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.access import look
from jobcenter.database import AUDITING, ORDERING, Face, OrganiserId, Who, held_in
from jobcenter.intake.papers import write_cards
from jobcenter.intake.told import Told, received
from jobcenter.orders import working
from jobcenter.people.clients import Client, ClientBenefit, ClientQualification
from jobcenter.reference.roles import ROLES
from jobcenter.walls import reaching
from jobcenter.walls.matrix import CIRCLES, KEYHOLES, READERS, ROWS, WINDOWS, Cell, Wall, walls
from jobcenter.walls.raising import login
from jobcenter.walls.telling import WORDS, page
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.house.reading import ROOT
from tests.orders import steps
from tests.planting import BROWSER, FAR, FOREIGN, NEAR, Table, id_in, plant

REFUSED = asyncpg.InsufficientPrivilegeError
STAFF = frozenset({"assign", "see_clients"})
BENEFITS = frozenset({"see_clients", "override_ceiling"})
TELLING = (
    "SELECT set_config('jc.organiser', $1, true), set_config('jc.actor', $2, true),"
    " set_config('jc.rights', $3, true), set_config('jc.units', $4, true),"
    " set_config('jc.party', $5, true), set_config('jc.client', $6, true),"
    " set_config('jc.visitor', $7, true)"
)


@dataclass(frozen=True)
class Planted:
    """A database with rows of two units and of another organiser in every table."""

    fresh: Fresh
    tables: Mapping[str, Table]

    @asynccontextmanager
    async def asking(self, who: Who, face: Face) -> AsyncIterator[asyncpg.Connection]:
        """Give a connection under a login, to which it was told who asks; all is undone after."""
        connection = await asyncpg.connect(self.fresh.doors[face])
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute("SET TRANSACTION READ WRITE")
            await connection.execute(TELLING, *_told(who))
            yield connection
        finally:
            await transaction.rollback()
            await connection.close()


def _told(who: Who) -> tuple[str, ...]:
    return (
        str(who.organiser_id),
        str(who.actor_id or ""),
        ",".join(who.rights),
        ",".join(str(unit) for unit in who.unit_ids),
        str(who.party_id or ""),
        str(who.client_id or ""),
        who.visitor,
    )


async def worked(cast: Cast, client_id: UUID) -> None:
    """Have a client work three hours, and Sari approve them."""
    gig_id = (await steps.agreed(cast, client_id)).gig_id
    here, ends = cast.client(client_id), make.TUESDAY_TEN + timedelta(hours=3)
    await cast.database.act(here, working.check_in, gig_id=gig_id, now=make.TUESDAY_TEN)
    await cast.database.act(here, working.check_out, gig_id=gig_id, now=ends)
    await cast.database.act(cast.sari, working.approve, gig_id=gig_id, minutes=180, now=ends)


@pytest_asyncio.fixture
async def planted(fresh: Fresh) -> Planted:
    return Planted(fresh, {table.name: table for table in await plant(fresh)})


def _unit(world: str, rights: frozenset[str]) -> Who:
    return Who(
        CITY, "staff", actor_id=id_in(world, "users"), unit_ids=(id_in(world, "units"),),
        rights=rights,
    )  # fmt: skip


def _tied(world: str, rights: Collection[str]) -> frozenset[str]:
    return frozenset(held_in(right, id_in(world, "units")) for right in rights)


ASKERS: tuple[tuple[str, Who], ...] = (
    (NEAR, _unit(NEAR, STAFF)),
    (FAR, _unit(FAR, STAFF)),
    (NEAR, _unit(NEAR, BENEFITS)),
    # Who plans and advises in one unit and coaches nobody in the other has no right of one there.
    (
        NEAR,
        replace(
            _unit(NEAR, frozenset()),
            unit_ids=(id_in(NEAR, "units"), id_in(FAR, "units")),
            rights=_tied(NEAR, STAFF | BENEFITS) | _tied(FAR, {"coach", "see_caseload"}),
        ),
    ),
    ("", Who(CITY, "admin", rights=frozenset({"organise"}))),
    (NEAR, Who(CITY, "orderer", id_in(NEAR, "users"), party_id=id_in(NEAR, "parties"))),
    (FAR, Who(CITY, "orderer", id_in(FAR, "users"), party_id=id_in(FAR, "parties"))),
    ("", Who(CITY, "orderer", rights=frozenset({"order"}))),
    (NEAR, Who(CITY, "client", client_id=id_in(NEAR, "clients"), unit_ids=(id_in(NEAR, "units"),))),
    (FAR, Who(CITY, "client", client_id=id_in(FAR, "clients"), unit_ids=(id_in(FAR, "units"),))),
    ("", Who(CITY, "visitor")),
    ("", Who(CITY, "visitor", visitor="x")),
    ("", Who(CITY, "visitor", visitor="y")),
    ("", Who(CITY, "worker")),
    ("", Who(CITY, "matcher")),
    ("", Who(CITY, "accountant", rights=frozenset({"settle"}))),
    ("", Who(CITY, "data_protection_officer", rights=frozenset({"read_log"}))),
    (NEAR, _unit(NEAR, STAFF | {"read_log"})),
)


# Rows that a right opens to the whole organiser.
WIDER = {
    "log": "read_log",
    "admin": "organise",
    "user_or_admin": "organise",
    "user_or_log": "read_log",
    "settle": "settle",
    "party_or_settle": "settle",
}


def _askers() -> Iterator[tuple[str, Who]]:
    """Give everybody, and their doubles in the other organiser, who bring the very same ids."""
    yield from ASKERS
    for world, who in ASKERS:
        yield world, replace(who, organiser_id=OrganiserId(2))


def _visible(table: Table, cell: Cell, world: str, who: Who) -> set[str]:
    """Return whose rows an asker sees: written down apart from how the walls are raised."""
    if cell.rows == "visitor_draft":
        return {BROWSER} if who.organiser_id == CITY and who.visitor == "x" else set()
    seen = {world} - {""}
    if cell.rows == "all":
        seen = {NEAR, FAR, BROWSER} if table.name == "drafts" else {NEAR, FAR}
    if cell.rows in WIDER:
        own = {world} - {""} if cell.rows.startswith("user") else set()
        seen = {NEAR, FAR} if who.may(WIDER[cell.rows]) else own
    if cell.rows == "looked_at":
        return set()
    if cell.rows in {"benefits", "talk"} and not who.may("override_ceiling"):
        return set()
    if who.organiser_id != CITY:
        return {FOREIGN} if NEAR in seen else set()
    return seen


async def _seen(connection: asyncpg.Connection, table: Table) -> set[str]:
    rows = await connection.fetch(f"SELECT organiser_id, {table.mark} AS mark FROM {table.name}")
    known = {
        (1 if world != FOREIGN else 2, table.mark_of(world)): world
        for world in (NEAR, FAR, BROWSER, FOREIGN)
    }
    return {known[row["organiser_id"], row["mark"]] for row in rows}


async def test_every_table_has_a_line_and_every_line_a_table(planted: Planted) -> None:
    assert sorted(planted.tables) == sorted(wall.table for wall in walls())
    assert {cell.rows for wall in walls() for cell in wall.reads.values()} == set(ROWS)


async def test_each_reader_sees_the_rows_that_the_matrix_says(planted: Planted) -> None:
    wrong: list[str] = []
    for world, who in _askers():
        async with planted.asking(who, who.face) as connection:
            for wall in walls():
                table = planted.tables[wall.table]
                cell = wall.reads.get(who.face)
                if cell is None or not table.organised or table.name == "organisers":
                    continue
                seen, expected = await _seen(connection, table), _visible(table, cell, world, who)
                if seen != expected:
                    wrong.append(f"{who.role} {who.organiser_id} {table.name}: {seen}")
    assert wrong == []


async def test_being_of_a_unit_opens_no_record_without_the_right(planted: Planted) -> None:
    """A role with a caseload reads its own clients only, whatever a page would ask for."""
    stranger = replace(_unit(NEAR, frozenset({"coach", "see_caseload"})), actor_id=uuid4())
    async with planted.asking(stranger, stranger.face) as connection:
        for wall in walls():
            cell = wall.reads.get(stranger.face)
            if cell and cell.rows in {
                "known", "unit", "of_client", "looked_at", "cards", "of_gig", "talk", "benefits",
            }:  # fmt: skip
                assert await _seen(connection, planted.tables[wall.table]) == set(), wall.table


async def test_who_advises_on_benefits_reads_ledgers_and_no_record(planted: Planted) -> None:
    adviser = replace(_unit(NEAR, frozenset({"override_ceiling"})), actor_id=uuid4())
    async with planted.asking(adviser, adviser.face) as connection:
        for wall in walls():
            cell = wall.reads.get(adviser.face)
            if cell and cell.rows in {
                "known", "unit", "of_client", "looked_at", "cards", "of_gig", "talk", "benefits",
            }:  # fmt: skip
                seen = {NEAR} if cell.rows in {"talk", "benefits"} else set[str]()
                assert await _seen(connection, planted.tables[wall.table]) == seen, wall.table
        # Without a look nobody has a name, and no line of a ledger is there.
        named = await connection.fetch("SELECT given_name, family_name FROM advised")
        assert [tuple(row) for row in named] == [("", "")]
        assert await connection.fetch("SELECT 1 FROM ledger_lines") == []


async def test_each_reader_is_refused_the_tables_columns_and_commands_not_given(
    planted: Planted,
) -> None:
    wrong: list[str] = []
    for face in READERS:
        async with planted.asking(Who(CITY, "x"), face) as connection:
            for wall in walls():
                table = planted.tables[wall.table]
                wrong += [
                    f"{face} {statement}"
                    for statement in _not_given(wall, table, face)
                    if not await _refused(connection, statement)
                ]
    assert wrong == []


def _not_given(wall: Wall, table: Table, face: Face) -> Iterator[str]:
    yield f"INSERT INTO {table.name} DEFAULT VALUES"
    yield f"UPDATE {table.name} SET {table.mark} = NULL"
    yield f"DELETE FROM {table.name}"
    yield f"TRUNCATE {table.name}"
    # Nor may a row be given away: to another organiser, or to another unit.
    homes = {column.name for column in table.columns} & {"organiser_id", "unit_id"}
    yield from (f"UPDATE {table.name} SET {home} = {home}" for home in sorted(homes))
    cell = wall.reads.get(face)
    if cell is None:
        yield f"SELECT count(*) FROM {table.name}"
    elif cell.columns:
        given = {*cell.columns, "organiser_id"}
        yield from (
            f"SELECT {column.name} FROM {table.name}"
            for column in table.columns
            if column.name not in given
        )


async def _refused(connection: asyncpg.Connection, statement: str, *values: object) -> bool:
    try:
        async with connection.transaction():
            await connection.execute(statement, *values)
    except REFUSED:
        return True
    except asyncpg.PostgresError:
        return False
    return False


async def test_what_acts_stays_within_its_organiser_and_its_letters(planted: Planted) -> None:
    wrong: list[str] = []
    async with planted.asking(Who(CITY, "x"), Face.SERVICE) as connection:
        for wall in walls():
            table = planted.tables[wall.table]
            wrong += [
                f"{statement} {'was' if is_given else 'was not'} refused"
                for statement, is_given in _commands(wall, table)
                if await _refused(connection, statement) is is_given
            ]
            if table.organised and "a" in wall.acts:
                stolen = table.insert()
                if not await _refused(connection, stolen, *table.row(FOREIGN)):
                    wrong.append(stolen)
            if table.organised and table.name != "organisers":
                assert FOREIGN not in await _seen(connection, table)
    assert wrong == []


async def test_each_role_reads_the_kinds_of_data_that_the_page_says(planted: Planted) -> None:
    kinds = {table for tables in reaching.KINDS.values() for table in tables} - WINDOWS.keys()
    wrong: list[str] = []
    for code, role in ROLES.items():
        who = replace(_unit(NEAR, frozenset(role.rights)), role=code, actor_id=uuid4())
        if who.rights <= ORDERING:
            who = replace(who, unit_ids=(), party_id=id_in(NEAR, "parties"))
        if who.rights <= AUDITING:
            who = replace(who, unit_ids=())
        async with planted.asking(who, who.face) as connection:
            for name in kinds:
                told = reaching.cell(name, code).partition(", no extract")[0]
                cell = next(wall.reads.get(who.face) for wall in walls() if wall.table == name)
                least = {"all": {NEAR, FAR}, "own party's": {NEAR}, "own units'": {NEAR}}
                expected = least.get(told, set[str]())
                if cell and cell.rows == "looked_at":
                    expected = set()
                seen = await _seen(connection, planted.tables[name]) if cell else set[str]()
                if seen != expected:
                    wrong.append(f"{code} {name}: {told}, {seen}")
    assert wrong == []


async def test_no_action_gives_a_row_to_another_organiser(planted: Planted) -> None:
    """WITH CHECK, on rows that are there: the guards of single tables would be asked before it."""
    given = [wall.table for wall in walls() if "u" in wall.acts and wall.table != "organisers"]
    moved = [name for name in given if planted.tables[name].organised]
    assert len(moved) > 70
    for name in moved:
        await planted.fresh.owner(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    wrong: list[str] = []
    async with planted.asking(Who(CITY, "x"), Face.SERVICE) as connection:
        for name in moved:
            assert await _seen(connection, planted.tables[name]) >= {NEAR}, name
            if not await _refused(connection, f"UPDATE {name} SET organiser_id = 2"):
                wrong.append(name)
    assert wrong == []


def _commands(wall: Wall, table: Table) -> Iterator[tuple[str, bool]]:
    yield f"SELECT count(*) FROM {table.name}", "r" in wall.acts
    yield f"UPDATE {table.name} SET {table.mark} = {table.mark} WHERE false", "u" in wall.acts
    yield f"DELETE FROM {table.name} WHERE false", "d" in wall.acts
    yield f"TRUNCATE {table.name}", False
    if "a" not in wall.acts:
        yield f"INSERT INTO {table.name} DEFAULT VALUES", False


async def test_nobody_told_means_no_rows_and_no_error(planted: Planted) -> None:
    for face in Face:
        connection = await asyncpg.connect(planted.fresh.doors[face])
        for wall in walls():
            may = face in wall.reads or (face is Face.SERVICE and "r" in wall.acts)
            if planted.tables[wall.table].organised and may:
                found = await connection.fetchval(f"SELECT count(*) FROM {wall.table}")
                assert found == 0, (face, wall.table)
        await connection.close()


async def test_every_wall_stands_and_no_door_leads_round_it(fresh: Fresh) -> None:
    open_tables = await fresh.owner(
        "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)"
        " AND relname NOT LIKE 'pgqueuer%'"
    )
    assert {row["relname"] for row in open_tables} == {
        "alembic_version", "districts", "status_moves",
    }  # fmt: skip
    views = await fresh.owner(
        "SELECT relname, coalesce(reloptions, '{}') AS options FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"
    )
    loose = {row["relname"] for row in views if "security_invoker=true" not in row["options"]}
    assert loose == set(WINDOWS)
    assert all(
        "security_barrier=true" in row["options"] for row in views if row["relname"] in loose
    )
    definers = await fresh.owner(
        "SELECT oid::regprocedure::text AS name, proconfig FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )
    assert {row["name"] for row in definers} == KEYHOLES.keys() | CIRCLES.keys()
    may = await fresh.owner(
        "SELECT pg_proc.oid::regprocedure::text AS name, rolname FROM pg_proc, pg_roles"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef AND rolname LIKE 'jobcenter_%'"
        " AND has_function_privilege(pg_roles.oid, pg_proc.oid, 'EXECUTE')"
    )
    for name, faces in {**KEYHOLES, **CIRCLES}.items():
        found = {row["rolname"] for row in may if row["name"] == name}
        assert found - {"jobcenter"} == {login(face) for face in faces}, name
    fixed = ["search_path=pg_catalog, public"]
    assert [row["name"] for row in definers if row["proconfig"] != fixed] == []


async def test_no_login_owns_anything_or_passes_a_wall(fresh: Fresh) -> None:
    logins = [login(face) for face in Face]
    mighty = await fresh.owner(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY ($1) AND (rolsuper OR rolbypassrls"
        " OR rolcreaterole OR rolcreatedb OR rolreplication)",
        logins,
    )
    member = await fresh.owner(
        "SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
        " WHERE r.rolname = ANY ($1)",
        logins,
    )
    assert (mighty, member) == ([], [])
    windows = await fresh.owner(
        "SELECT grantee::regrole::text AS who, relname FROM pg_class, aclexplode(relacl)"
        " WHERE relname = ANY ($1) AND grantee <> relowner",
        list(WINDOWS),
    )
    assert {(row["who"], row["relname"]) for row in windows} == {
        (login(face), window) for window, faces in WINDOWS.items() for face in faces
    }


async def test_an_orderer_is_refused_by_the_database_itself(cast: Cast) -> None:
    """I7, told by name: whatever the pages do, the login cannot read these at all."""
    for table in ("client_needs", "client_need_notes", "client_benefits", "client_contacts",
                  "earnings_periods", "earnings_entries", "gigs", "gig_events", "units",
                  "near_misses", "proposal_rows", "looks", "todos", "notices"):  # fmt: skip
        connection = await asyncpg.connect(cast.database._doors[Face.ORDERER])
        with pytest.raises(REFUSED, match=f"permission denied for table {table}"):
            await connection.execute(f"SELECT 1 FROM {table}")
        await connection.close()


async def test_a_coach_of_another_unit_knows_whom_they_visit_and_nobody_else(cast: Cast) -> None:
    """SETTLED 27: cover gives access through the visit, and no longer than it is theirs."""
    agreed = await steps.agreed(cast, cast.aino)
    liisa = replace(cast.kim, actor_id=key("liisa"), unit_ids=(cast.kulma,), at=MONDAY)

    async def known(session: AsyncSession) -> int:
        return (
            await session.scalar(
                text("SELECT count(*) FROM client_needs WHERE client_id = :aino"),
                {"aino": cast.aino},
            )
            or 0
        )

    async def hand_over(session: AsyncSession, coach: object) -> None:
        await session.execute(
            text(
                "UPDATE visits SET coach_id = :coach WHERE id IN"
                " (SELECT visit_id FROM visit_gigs WHERE gig_id = :gig)"
            ),
            {"coach": coach, "gig": agreed.gig_id},
        )

    assert await cast.database.read(liisa, known) == 0
    await cast.database.act(cast.worker, hand_over, cast.liisa_coach)
    assert await cast.database.read(liisa, known) == 2
    for away in (-timedelta(days=15), timedelta(days=4)):
        assert await cast.database.read(replace(liisa, at=MONDAY + away), known) == 0
    await cast.database.act(cast.worker, hand_over, cast.kim_coach)
    assert await cast.database.read(liisa, known) == 0


async def test_benefits_open_to_a_talk_and_a_committed_look_and_not_for_long(
    cast: Cast, fresh: Fresh
) -> None:
    kim = replace(cast.kim, at=MONDAY)
    row = ClientBenefit(
        organiser_id=CITY, client_id=cast.eetu, benefit="b", valid_from=MONDAY.date()
    )
    await make.save(cast, row)

    async def known(session: AsyncSession) -> int:
        return await session.scalar(text("SELECT count(*) FROM client_benefits")) or 0

    async def look_at(who: Who) -> None:
        await look(
            cast.database, who, clients=[cast.eetu], what="edit benefits", purpose="t", now=MONDAY
        )

    await look_at(kim)
    assert await cast.database.read(kim, known) == 0
    await steps.talk_of(cast, cast.kim, cast.eetu)
    assert await cast.database.read(kim, known) == 1
    await look_at(replace(cast.maija, at=MONDAY))
    assert await cast.database.read(replace(cast.maija, at=MONDAY), known) == 0
    assert await cast.database.read(replace(kim, at=MONDAY + timedelta(minutes=15)), known) == 0
    await fresh.owner("UPDATE sessions SET ended_at = $1 WHERE user_id = $2", MONDAY, kim.actor_id)
    assert await cast.database.read(kim, known) == 0


async def test_names_on_pay_open_to_a_committed_look_of_who_settles_and_not_for_long(
    cast: Cast,
) -> None:
    await worked(cast, cast.eetu)
    raili = replace(cast.raili, at=MONDAY)

    async def named(session: AsyncSession) -> list[str]:
        return list(await session.scalars(text("SELECT given_name FROM named_pay")))

    async def seen(session: AsyncSession) -> tuple[int, ...]:
        counts = [
            await session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("pay_rows", "invoice_lines", "gigs", "client_contacts")
        ]
        return tuple(count or 0 for count in counts)

    assert await cast.database.read(raili, named) == []
    await look(
        cast.database, raili, clients=[cast.eetu], what="name, pay", purpose="pay", now=MONDAY
    )
    assert await cast.database.read(raili, named) == ["Eetu"]
    assert await cast.database.read(replace(raili, at=MONDAY + timedelta(minutes=11)), named) == []
    for other in (cast.maija, cast.pekka, cast.jaana):
        assert await cast.database.read(replace(other, at=MONDAY), named) == []
    assert await cast.database.read(raili, seen) == (1, 1, 0, 0)
    assert await cast.database.read(cast.maija, seen) == (0, 0, 1, 0)


async def test_who_somebody_is_opens_to_the_look_of_this_request_alone(cast: Cast) -> None:
    """SETTLED 25: the policy demands a committed row for this request, this actor and client."""

    async def names(session: AsyncSession) -> list[str]:
        return list(await session.scalars(text("SELECT given_name FROM client_contacts")))

    here = replace(cast.maija, request_id="here")
    assert await cast.database.read(here, names) == []
    await look(cast.database, here, clients=[cast.eetu], what="x", purpose="x", now=MONDAY)
    assert await cast.database.read(here, names) == ["Eetu"]
    for other in (replace(here, request_id="there"), replace(cast.kim, request_id="here")):
        assert await cast.database.read(other, names) == []
    stranger = replace(cast.pekka, request_id="of another unit")
    await look(cast.database, stranger, clients=[cast.eetu], what="x", purpose="x", now=MONDAY)
    assert await cast.database.read(stranger, names) == []


async def test_a_coach_never_learns_of_a_criminal_record_extract(cast: Cast) -> None:
    for code in ("HP", "RC"):
        card = ClientQualification(
            organiser_id=CITY, client_id=cast.aino, code=code, verified_on=MONDAY.date()
        )
        await make.save(cast, card)

    async def cards(session: AsyncSession) -> set[str]:
        return set(await session.scalars(select(ClientQualification.code)))

    assert await cast.database.read(cast.maija, cards) == {"HP", "RC"}
    assert await cast.database.read(cast.kim, cards) == {"HP"}
    told = received({"cards": ["HP", "RC"]})
    await cast.database.act(cast.kim, keep, cast.aino, received({}))
    assert await cast.database.read(cast.maija, cards) == {"RC"}
    await cast.database.act(cast.kim, keep, cast.aino, told)
    assert await cast.database.read(cast.maija, cards) == {"HP", "RC"}


async def keep(session: AsyncSession, client_id: UUID, told: Told) -> None:
    """Save the part "cards" of somebody."""
    client = await session.get_one(Client, (CITY, client_id))
    await write_cards(session, client, told, MONDAY)


async def test_a_client_reads_own_pay_and_an_orderer_own_lines(cast: Cast) -> None:
    await worked(cast, cast.eetu)

    async def pay(session: AsyncSession) -> int:
        return await session.scalar(text("SELECT count(*) FROM pay_rows")) or 0

    async def lines(session: AsyncSession) -> int:
        return await session.scalar(text("SELECT count(*) FROM invoice_lines")) or 0

    assert await cast.database.read(cast.client(cast.eetu), pay) == 1
    assert await cast.database.read(cast.client(cast.aino), pay) == 0
    assert await cast.database.read(cast.sari, lines) == 1
    assert await cast.database.read(replace(cast.sari, party_id=cast.kaneli), lines) == 0


async def test_what_is_told_does_not_outlive_the_transaction(cast: Cast) -> None:
    async def one(session: AsyncSession) -> int:
        return await session.scalar(text("SELECT count(*) FROM clients")) or 0

    assert await cast.database.read(cast.maija, one) == 3
    async with cast.database.session(Face.STAFF) as bare:
        assert await bare.scalar(text("SELECT count(*) FROM clients")) == 0
    assert await cast.database.read(cast.pekka, one) == 1


def test_the_page_on_security_shows_the_matrix_as_it_is() -> None:
    """Write it anew with `./jobcenter walls --into docs/security.md` when a line has changed."""
    shown = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert shown.partition("<!-- walls -->\n")[2].partition("<!-- /walls -->")[0] == page()
    roles = shown.partition("<!-- roles -->\n")[2].partition("<!-- /roles -->")[0]
    assert roles == reaching.page()
    assert set(WORDS) == set(ROWS)
