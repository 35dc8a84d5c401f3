"""The log is sealed, and whatever is done to it afterwards is found and named."""

import asyncio
import time
from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import access
from jobcenter.audit import emergencies, seals
from jobcenter.audit.chain import BEGINNING, TABLES, Made, link, pack, root_of, unpack
from jobcenter.audit.seals import Seal
from jobcenter.audit.verifying import Fault, Kept, Verdict, verify
from jobcenter.database import Face
from jobcenter.people.staff import RightEvent
from jobcenter.retention import erasing
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.commands.verbs import run
from tests.conftest import Fresh
from tests.orders import steps

PATIENCE_SECONDS = 60
PAST_GUARDS = "SET session_replication_role = replica;"


async def look(cast: Cast, *clients: UUID, what: str = "client page") -> None:
    await access.look(
        cast.database, cast.maija, clients=clients, what=what, purpose="planning", now=MONDAY
    )


async def seal(cast: Cast) -> Seal:
    """Seal all there is; on a shared server, once what others began before now is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    begun = await cast.database.read(cast.worker, bound, of="xmax")
    while await cast.database.read(cast.worker, bound, of="xmin") < begun:
        assert time.monotonic() < deadline, "another transaction never ended"
        await asyncio.sleep(0.1)
    made = await cast.database.act(cast.worker, seals.seal, now=MONDAY)
    assert made
    return made


async def bound(session: AsyncSession, *, of: str) -> int:
    """Return the oldest transaction that still runs (xmin), or the first to come (xmax)."""
    found = text(f"SELECT pg_snapshot_{of}(pg_current_snapshot())::text::bigint")
    return int(await session.scalar(found) or 0)


async def three_seals(cast: Cast) -> list[Seal]:
    made = []
    for clients in ((cast.aino, cast.eetu, cast.venla), (cast.aino,), (cast.eetu, cast.aino)):
        await look(cast, *clients)
        made.append(await seal(cast))
    return made


async def tampered(fresh: Fresh, statement: str) -> None:
    """Do what only the owner of the tables can: with every trigger switched off."""
    connection = await asyncpg.connect(fresh.owner_dsn)
    try:
        await connection.execute(PAST_GUARDS + statement)
    finally:
        await connection.close()


async def checked(cast: Cast, *kept: Kept) -> Verdict:
    return await verify(cast.database, cast.worker, kept)


async def rows_of(fresh: Fresh, seal: Seal) -> list[UUID]:
    rows = await fresh.owner(
        "SELECT id FROM looks WHERE xid >= $1 AND xid < $2 ORDER BY id", seal.from_xid, seal.to_xid
    )
    return [UUID(bytes=row["id"].bytes) for row in rows]


async def test_each_seal_takes_what_is_new_and_all_holds(cast: Cast) -> None:
    made = await three_seals(cast)
    assert [one.count for one in made] == [3, 1, 2]
    assert await cast.database.act(cast.worker, seals.seal, now=MONDAY) is None
    await look(cast, cast.venla)
    newest = Kept(3, made[-1].hash)
    assert await checked(cast, Kept(1, made[0].hash)) == Verdict(3, 6, 1, newest, None)


async def test_an_empty_log_holds(cast: Cast) -> None:
    assert await checked(cast) == Verdict(0, 0, 0, None, None)


async def test_two_sealers_at_once_make_one_chain(cast: Cast) -> None:
    for _ in range(5):
        await look(cast, cast.aino, cast.eetu)
        await asyncio.gather(
            *(cast.database.act(cast.worker, seals.seal, now=MONDAY) for _ in range(4))
        )
    # What another transaction on this server held back waits for the next seal.
    while (await checked(cast)).waiting:
        await seal(cast)
    assert (await checked(cast)).rows == 10


async def test_a_slow_transaction_cannot_slip_in_behind_a_seal(cast: Cast, fresh: Fresh) -> None:
    slow = await asyncpg.connect(fresh.owner_dsn)
    try:
        await slow.execute("BEGIN")
        await slow.execute(
            "INSERT INTO looks (organiser_id, id, at, role, what, purpose, request_id)"
            " VALUES (1, gen_random_uuid(), now(), 'coach', 'slow', '', '')"
        )
        await look(cast, cast.aino)
        assert await cast.database.act(cast.worker, seals.seal, now=MONDAY) is None
        await slow.execute("COMMIT")
    finally:
        await slow.close()
    assert (await seal(cast)).count == 2
    assert (await checked(cast)).fault is None


async def test_a_flipped_byte_is_found_and_its_row_named(cast: Cast, fresh: Fresh) -> None:
    made = await three_seals(cast)
    bad = (await rows_of(fresh, made[0]))[1]
    await tampered(fresh, f"UPDATE looks SET purpose = 'plbnning' WHERE id = '{bad}'")
    assert (await checked(cast)).fault == Fault(1, "was changed", bad)
    ran = run(fresh, "verify-audit")
    assert (ran.status, ran.said.splitlines()[0]) == (
        1,
        f"Row {bad} of looks in seal 1 was changed.",
    )


async def test_a_removed_row_is_found_and_named(cast: Cast, fresh: Fresh) -> None:
    made = await three_seals(cast)
    bad = (await rows_of(fresh, made[2]))[0]
    await tampered(fresh, f"DELETE FROM looks WHERE id = '{bad}'")
    assert (await checked(cast)).fault == Fault(3, "was removed", bad)
    assert "inv_09_history_is_only_appended" in await fresh.breaches()
    await tampered(fresh, "DELETE FROM seals")


async def test_a_row_added_later_is_found_and_named(cast: Cast, fresh: Fresh) -> None:
    made = await three_seals(cast)
    await tampered(
        fresh,
        "INSERT INTO looks (organiser_id, id, at, role, what, purpose, request_id, xid)"
        f" SELECT 1, gen_random_uuid(), at, role, 'forged', '', '', {made[1].from_xid}"
        " FROM looks LIMIT 1",
    )
    forged = (await fresh.owner("SELECT id FROM looks WHERE what = 'forged'"))[0]["id"]
    fault = (await checked(cast)).fault
    assert fault == Fault(2, "was added later", UUID(bytes=forged.bytes))
    await tampered(fresh, "DELETE FROM seals")


SWAP = (
    "UPDATE seals SET number = CASE number WHEN 1 THEN 2 ELSE 1 END + 100 WHERE number < 3;"
    "UPDATE seals SET number = number - 100 WHERE number > 100"
)


@pytest.mark.parametrize(
    ("statement", "seal_no", "what"),
    [
        (
            SWAP,
            1, "does not begin where the one before it ends",
        ),
        ("DELETE FROM seals WHERE number = 2", 2, "is gone"),
        ("UPDATE seals SET hash = root WHERE number = 2", 2, "was changed"),
        ("UPDATE seals SET at = at + interval '1 second' WHERE number = 2", 2, "was changed"),
        ("UPDATE seals SET formula = 1 WHERE number = 2", 2, "was made as seals were made before"),
        ("UPDATE seals SET to_xid = to_xid + 1 WHERE number = 3", 3, "was changed"),
        ("UPDATE seals SET leaves = set_byte(leaves, 20, 0) WHERE number = 1", 1, "has a list"),
    ],
    ids=["swapped", "removed", "rehashed", "moved in time", "made older", "stretched",
         "its list changed"],
)  # fmt: skip
async def test_a_seal_that_was_touched_is_named(
    cast: Cast, fresh: Fresh, statement: str, seal_no: int, what: str
) -> None:
    await three_seals(cast)
    await tampered(fresh, statement)
    fault = (await checked(cast)).fault
    assert fault is not None
    assert (fault.seal, fault.row) == (seal_no, None)
    assert fault.what.startswith(what)
    await tampered(fresh, "DELETE FROM seals")


async def test_a_log_rewritten_from_end_to_end_is_betrayed_by_the_mail(
    cast: Cast, fresh: Fresh
) -> None:
    """Whoever owns the machine can seal anew; whoever kept a mail can tell."""
    kept = [Kept(one.number, one.hash) for one in await three_seals(cast)]
    await tampered(fresh, "DELETE FROM seals; UPDATE looks SET purpose = 'nothing much'")
    await seal(cast)
    assert (await checked(cast)).fault is None
    assert (await checked(cast, kept[0])).fault == Fault(1, "is not the one that was kept outside")
    assert (await checked(cast, kept[2])).fault == Fault(3, "is gone, but was kept outside")
    ran = run(fresh, "verify-audit", "--kept", f"3:{kept[2].hash.hex()}")
    assert ran.status == 1


async def test_the_command_says_that_all_is_well(cast: Cast, fresh: Fresh) -> None:
    made = await three_seals(cast)
    ran = run(fresh, "verify-audit", "--kept", f"2:{made[1].hash.hex()}")
    assert ran.status == 0
    assert ran.said.splitlines() == [
        "6 rows under 3 seals are as they were written.",
        f"The newest seal is 3:{made[2].hash.hex()}",
        "0 rows wait for their seal.",
    ]


async def test_a_chain_may_be_followed_from_a_seal_that_was_kept(cast: Cast, fresh: Fresh) -> None:
    """After twelve years the beginning may go; what a mail has kept holds the rest."""
    made = await three_seals(cast)
    first = Kept(1, made[0].hash)
    both = await verify(cast.database, cast.worker, (), first)
    assert (both.fault, both.rows, both.seals) == (None, 3, 3)
    await tampered(fresh, f"DELETE FROM looks WHERE xid < {made[0].to_xid}")
    assert (await checked(cast)).fault is not None
    assert (await verify(cast.database, cast.worker, (), first)).fault is None
    await tampered(fresh, "DELETE FROM seals WHERE number = 1")
    ran = run(fresh, "verify-audit", "--from", f"1:{first.hash.hex()}")
    assert (ran.status, ran.said.splitlines()[0]) == (
        0, "3 rows under 3 seals are as they were written.",
    )  # fmt: skip
    other = await verify(cast.database, cast.worker, (), Kept(1, bytes(32)))
    assert other.fault == Fault(2, "was changed, or does not follow the one before it")
    await tampered(fresh, "UPDATE looks SET purpose = 'nothing much' WHERE what = 'client page'")
    assert (await verify(cast.database, cast.worker, (), first)).fault is not None
    await tampered(fresh, "DELETE FROM seals")


async def test_a_server_behind_its_own_seals_says_so(cast: Cast, fresh: Fresh) -> None:
    """A dump does not carry the count of transactions: the chain would wait in silence."""
    await look(cast, cast.aino)
    last = await seal(cast)
    reaches = last.to_xid + 10**9
    told = Made(root_of([]), 0, reaches, MONDAY)
    await make.save(
        cast,
        Seal(
            organiser_id=CITY, number=2, at=MONDAY, from_xid=last.to_xid, to_xid=reaches, count=0,
            leaves=b"", root=told.root, hash=link(last.hash, told), formula=told.formula,
        ),
    )  # fmt: skip
    ran = run(fresh, "verify-audit")
    assert ran.status == 1
    assert "restored from a dump" in ran.said
    with pytest.raises(seals.ChainIsAhead):
        await cast.database.act(cast.worker, seals.seal, now=MONDAY)


REFUSED = (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)
FLIPS = {
    "disclosures": "recipient = overlay(recipient placing 'x' from 1)",
    "emergencies": "until = until + interval '1 microsecond'",
    "right_events": 'details = details || \'{"role": "coach"}\'',
    "benefit_talks": "how = 'face_to_face'",
}


async def every_log(cast: Cast) -> None:
    """Write a row into every log there is."""
    await access.look(
        cast.database, cast.sari, clients=[cast.aino], what="first_name", purpose="own_order",
        now=MONDAY,
    )  # fmt: skip
    told = access.Told("orderer", "party 1", "first name", "own_order")
    await cast.database.act(cast.sari, access.disclose, clients=[cast.aino], told=told, now=MONDAY)
    await cast.database.act(
        cast.pekka, emergencies.open_record, client_id=cast.aino, now=MONDAY,
        reason="Nobody answers at Kaneli.",
    )  # fmt: skip
    await steps.talk_of(cast, cast.kim, cast.aino)
    event = RightEvent(
        organiser_id=CITY, id=uuid4(), at=MONDAY, actor=None, user_id=key("kim"), kind="given",
        details={"role": "benefits"},
    )  # fmt: skip
    await make.save(cast, event)


@pytest.mark.parametrize("table", FLIPS)
async def test_a_flipped_byte_in_any_log_is_found_and_its_row_named(
    cast: Cast, fresh: Fresh, table: str
) -> None:
    await every_log(cast)
    made = await seal(cast)
    assert made.count == 1 + len(FLIPS)
    assert (await checked(cast)).fault is None
    bad = UUID(bytes=(await fresh.owner(f"SELECT id FROM {table}"))[0]["id"].bytes)
    flips = [(FLIPS[table], "was changed")]
    if table == "emergencies":
        flips.append(("reason = overlay(reason placing 'x' from 3)", "was changed"))
        flips.append(("reason = 'erased text', reason_salt = NULL", "was changed"))
    for flip, what in flips:
        await tampered(fresh, f"CREATE TABLE kept AS SELECT * FROM {table}")
        await tampered(fresh, f"UPDATE {table} SET {flip}")
        assert (await checked(cast)).fault == Fault(1, what, bad, table)
        await tampered(fresh, f"DELETE FROM {table}")
        assert (await checked(cast)).fault == Fault(1, "was removed", bad, table)
        await tampered(fresh, f"INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept")
        assert (await checked(cast)).fault is None
    assert await fresh.breaches() == {}


async def test_a_chain_that_began_with_the_first_formula_goes_on(cast: Cast, fresh: Fresh) -> None:
    """What was sealed before is held to its formula; the other logs, from the next seal on."""
    await look(cast, cast.aino, cast.eetu)
    first = await seal(cast)
    rows = unpack(first.leaves)
    old = Made(first.root, first.count, first.to_xid, first.at, formula=1)
    await tampered(
        fresh,
        f"UPDATE seals SET formula = 1, leaves = '\\x{pack(rows, 1).hex()}',"
        f" hash = '\\x{link(BEGINNING, old).hex()}'",
    )
    await every_log(cast)
    await seal(cast)
    verdict = await checked(cast)
    assert (verdict.fault, verdict.seals, verdict.rows) == (None, 2, 3 + len(FLIPS))
    assert await fresh.breaches() == {}
    await tampered(fresh, f"UPDATE looks SET what = 'x' WHERE id = '{rows[1].id}'")
    assert (await checked(cast)).fault == Fault(1, "was changed", rows[1].id)


async def test_the_reason_of_an_emergency_goes_with_the_person_and_the_seal_holds(
    cast: Cast, fresh: Fresh
) -> None:
    await every_log(cast)
    await seal(cast)
    await cast.database.act(cast.worker, erasing.erase, client_id=cast.aino, law="x", now=MONDAY)
    rows = await fresh.owner("SELECT reason, reason_salt FROM emergencies")
    assert [tuple(row) for row in rows] == [("erased text", None)]
    assert (await checked(cast)).fault is None


COMMANDS = ("UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("login", ["owner", Face.SERVICE, Face.STAFF, Face.AUDITOR])
async def test_no_login_can_take_back_what_was_written(
    cast: Cast, fresh: Fresh, login: Face | str
) -> None:
    await every_log(cast)
    await seal(cast)
    connection = await asyncpg.connect(
        fresh.doors[login] if isinstance(login, Face) else fresh.owner_dsn
    )
    try:
        await connection.execute("SELECT set_config('jc.organiser', '1', false)")
        for table, command in product((*TABLES, "seals"), COMMANDS):
            with pytest.raises(REFUSED):
                await connection.execute(command.format(table))
    finally:
        await connection.close()


async def test_the_acting_login_cannot_choose_where_a_row_is_sealed(cast: Cast) -> None:
    await three_seals(cast)

    async def forge(session: AsyncSession) -> None:
        await session.execute(
            text(
                "INSERT INTO looks (organiser_id, id, at, role, what, purpose, request_id, xid)"
                " VALUES (1, gen_random_uuid(), now(), 'coach', 'forged', '', '', 1)"
            )
        )

    await cast.database.act(cast.maija, forge)
    assert (await seal(cast)).count == 1
    assert (await checked(cast)).fault is None


async def test_the_log_is_not_written_past_its_wall(cast: Cast) -> None:
    async def elsewhere(session: AsyncSession) -> None:
        await session.execute(
            text(
                "INSERT INTO looks (organiser_id, id, at, role, what, purpose, request_id)"
                " VALUES (2, gen_random_uuid(), now(), 'coach', '', '', '')"
            )
        )

    with pytest.raises(DBAPIError, match="row-level security"):
        await cast.database.act(cast.maija, elsewhere)


async def test_the_hour_s_seal_is_mailed_once(cast: Cast, fresh: Fresh) -> None:
    for hour in range(3):
        await cast.database.act(cast.worker, seals.send_outside, now=MONDAY + timedelta(hours=hour))
        if not hour:
            await three_seals(cast)
    rows = await fresh.owner("SELECT kind, way, user_id, version FROM notices")
    assert [tuple(row) for row in rows] == [("seal", "mail", key("tuija"), 3)]


async def test_where_nobody_keeps_the_log_the_seal_goes_to_our_own_contact(
    cast: Cast, fresh: Fresh
) -> None:
    await fresh.owner("DELETE FROM grants WHERE role = 'data_protection_officer'")
    await three_seals(cast)
    await cast.database.act(cast.worker, seals.send_outside, now=MONDAY)
    rows = await fresh.owner("SELECT address, version FROM notices")
    assert [tuple(row) for row in rows] == [("jobcenter@example.org", 3)]
