"""Numbers, addresses and notes: closed in the tables, open to whoever may read them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import access, logins, masterkeys, schema
from jobcenter.database import asker, connect, keyring
from jobcenter.envelopes import Wrapped
from jobcenter.people import closing
from jobcenter.people.closing import Contact
from jobcenter.reference.retention import DAYS
from tests import make
from tests.cast import CITY, Cast
from tests.commands.verbs import run
from tests.conftest import Fresh, Server
from tests.retention.people import EMAIL, FAMILY, NAME, NOTE, PHONE, found_anywhere, told


async def test_the_tables_hold_no_number_and_no_note(fresh: Fresh, cast: Cast) -> None:
    await told(cast)
    assert await found_anywhere(fresh, PHONE, EMAIL, NOTE) == {}
    assert await found_anywhere(fresh, NAME) == {"client_contacts": [NAME]}


async def test_whoever_may_read_reads_what_was_told(cast: Cast) -> None:
    await told(cast)
    maija = await make.looking(cast.database, cast.maija, cast.aino)
    known = await cast.database.read(maija, closing.contacts, [cast.aino])
    assert known[cast.aino] == Contact(cast.aino, NAME, FAMILY, PHONE, EMAIL)
    kim = await make.looking(cast.database, cast.kim, cast.aino)
    notes = await cast.database.read(kim, closing.need_notes, [cast.aino])
    assert notes == {cast.aino: {"START": NOTE}}


async def test_a_number_is_found_by_an_equal_one(fresh: Fresh, cast: Cast) -> None:
    await told(cast)

    async def index(session: AsyncSession, number: str) -> bytes:
        return keyring(session).index(asker(session).organiser_id, number)

    for number, count in ((PHONE, 1), (PHONE[:-1] + "9", 0)):
        wanted = await cast.database.read(cast.maija, index, number)
        rows = await fresh.owner(
            "SELECT client_id FROM client_contacts WHERE phone_index = $1", wanted
        )
        assert len(rows) == count


async def test_whoever_is_taken_in_while_the_master_key_changes_is_not_lost(
    fresh: Fresh, cast: Cast, tmp_path: Path
) -> None:
    shutil.copytree(fresh.home / "secrets", tmp_path / "secrets")
    database = connect(fresh.doors, masterkeys.keyring(tmp_path))
    await fresh.owner("DELETE FROM client_need_notes")
    await fresh.owner("DELETE FROM client_keys WHERE client_id = $1", cast.venla)
    contact = Contact(cast.venla, NAME, FAMILY, PHONE, None)
    async with database.transaction(cast.maija, purpose="test", acting=True) as session:
        await closing.keep_contact(session, contact)
        rotating = asyncio.create_task(
            asyncio.to_thread(run, fresh, "rotate-keys", JOBCENTER_HOME=str(tmp_path))
        )
        done, _ = await asyncio.wait([rotating], timeout=4)
        assert done == set()
    assert (await rotating).status == 0
    await database.close()
    assert not (tmp_path / "secrets" / "master.former").exists()
    later = connect(fresh.doors, masterkeys.keyring(tmp_path))
    maija = await make.looking(later, cast.maija, cast.venla)
    known = await later.read(maija, closing.contacts, [cast.venla])
    await later.close()
    assert known[cast.venla].phone == PHONE


def test_a_change_that_died_half_way_is_begun_again(tmp_path: Path) -> None:
    first = logins.secret(tmp_path, masterkeys.MASTER)
    former = tmp_path / "secrets" / "master.former"
    former.hardlink_to(tmp_path / "secrets" / "master")
    masterkeys.renew_secret(tmp_path, masterkeys.MASTER)
    assert former.read_text() == first
    second = logins.secret(tmp_path, masterkeys.MASTER)
    assert second != first
    masterkeys.renew_secret(tmp_path, masterkeys.MASTER)
    assert logins.secret(tmp_path, masterkeys.MASTER) == second


@pytest.fixture
async def before(server: Server) -> AsyncIterator[asyncpg.Connection]:
    """A database of the release before, with a client in it whose number and notes are open."""
    name = "jc_before_keys"
    await server.run(f"CREATE DATABASE {name}")
    try:
        await schema.upgrade(server.at(name), to="0011")
        connection = await asyncpg.connect(server.at(name))
        await connection.execute(OPEN)
        yield connection
        await connection.close()
    finally:
        await server.run(f"DROP DATABASE {name} WITH (FORCE)")


async def test_what_was_open_before_is_closed_by_the_migration(
    server: Server, before: asyncpg.Connection
) -> None:
    ring = masterkeys.keyring(server.home)
    await schema.upgrade(server.at("jc_before_keys"), ring)
    (key,) = await before.fetch("SELECT * FROM client_keys")
    (contact,) = await before.fetch("SELECT * FROM client_contacts")
    (note,) = await before.fetch("SELECT * FROM client_need_notes")
    opened = ring.unwrap(CITY, UUID(int=3), Wrapped(key["master"], key["closed"]))
    assert opened.open("phone", contact["closed_phone"]) == PHONE
    assert opened.open("email", contact["closed_email"]) == EMAIL
    assert opened.open("note:START", note["closed_note"]) == NOTE
    assert contact["phone_index"] == ring.index(CITY, PHONE)
    assert (contact["given_name"], contact["family_name"]) == (NAME, FAMILY)


async def test_a_link_that_was_sent_before_still_stands_until_the_number_changes(
    server: Server, before: asyncpg.Connection
) -> None:
    ring = masterkeys.keyring(server.home)
    await schema.upgrade(server.at("jc_before_keys"), ring)
    index = ring.index(CITY, PHONE)
    links = await before.fetch("SELECT * FROM client_links ORDER BY made_at")
    assert [link["phone_hash"] == access.bound(link["token_hash"], index) for link in links] == [
        True,
        False,
    ]
    await before.execute("UPDATE client_contacts SET phone_index = 'another'")
    assert await before.fetchval("SELECT count(*) FROM client_links WHERE revoked_at IS NULL") == 0


async def test_the_open_columns_are_not_on_the_disk_either(
    server: Server, before: asyncpg.Connection
) -> None:
    """A dropped column lies in its rows until the table is written anew."""
    files = "SELECT relfilenode FROM pg_class WHERE relname = ANY ($1) ORDER BY relname"
    tables = ["client_contacts", "client_need_notes"]
    earlier = await before.fetch(files, tables)
    await schema.upgrade(server.at("jc_before_keys"), masterkeys.keyring(server.home))
    later = await before.fetch(files, tables)
    assert {row[0] for row in earlier} & {row[0] for row in later} == set()


async def test_without_the_keys_nothing_is_thrown_away(
    server: Server, before: asyncpg.Connection
) -> None:
    with pytest.raises(TypeError, match="master key"):
        await schema.upgrade(server.at("jc_before_keys"))
    assert await before.fetchval("SELECT phone FROM client_contacts") == PHONE


async def test_an_organiser_from_before_has_the_assumed_years(
    server: Server, before: asyncpg.Connection
) -> None:
    await schema.upgrade(server.at("jc_before_keys"), masterkeys.keyring(server.home))
    rows = await before.fetch(
        "SELECT key, amount, standing FROM figures WHERE organiser_id = 1 AND kind = 'retention'"
    )
    assert {row["key"]: row["amount"] for row in rows} == {
        code: days for code, (days, _) in DAYS.items()
    }
    assert {row["standing"] for row in rows} == {"assumed"}


_ONE, _TWO, _THREE = (str(UUID(int=number)) for number in (1, 2, 3))
OPEN = f"""
INSERT INTO organisers VALUES (1, 'Helsinki', 'x', 'x', 'x');
INSERT INTO districts VALUES ('00500', 'x', 'x', 60, 25);
INSERT INTO units (organiser_id, id, name, service, postcode, region, lat, lon, languages, phone,
    active) VALUES (1, '{_TWO}', 'x', 'disability', '00500', 'x', 60, 25, '{{}}', 'x', true);
INSERT INTO clients (organiser_id, id, unit_id, service, legal_basis, language, spoken, region, lat,
    lon, limits, outdoors, step_free, travel_minutes, week_minutes, week_gigs, in_pool, joined_on,
    version) VALUES (1, '{_THREE}', '{_TWO}', 'disability', '27e', 'fi', '{{fi}}', 'x', 60, 25,
    '{{3,3,3,3,3,3}}', true, false, 60, 1200, 5, true, '2026-01-01', 1);
INSERT INTO client_contacts (organiser_id, client_id, given_name, family_name, phone, email,
    wants_calls) VALUES (1, '{_THREE}', '{NAME}', '{FAMILY}', '{PHONE}', '{EMAIL}', false);
INSERT INTO client_links (organiser_id, id, client_id, purpose, token_hash, phone_hash, made_at,
    expires_at) VALUES
    (1, '{_ONE}', '{_THREE}', 'own', sha256('a'), sha256(sha256('a') || '{PHONE}'::bytea),
     '2026-01-01', '2026-12-31'),
    (1, '{_TWO}', '{_THREE}', 'own', sha256('b'), sha256(sha256('b') || '+358'::bytea),
     '2026-01-02', '2026-12-31');
INSERT INTO client_need_notes VALUES (1, '{_THREE}', 'START', '{NOTE}');
"""
