"""The master key: never destroyed while it is needed, never made anew beside keys that need it."""

import shutil
from base64 import urlsafe_b64encode
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from jobcenter import masterkeys
from jobcenter.database import connect
from jobcenter.oidc_keys import OwnKeys
from jobcenter.orders import busy_times
from jobcenter.people import calendars, closing
from tests import make
from tests.cast import MONDAY, Cast, key
from tests.commands.verbs import run
from tests.conftest import Fresh, Server

A_KEY, ANOTHER = (urlsafe_b64encode(letter * 32).decode() for letter in (b"a", b"b"))


@pytest.fixture
def home(fresh: Fresh, tmp_path: Path) -> Path:
    """A home of this test's own, with the logins and the keys in it."""
    shutil.copytree(fresh.home / "secrets", tmp_path / "secrets")
    return tmp_path


def master(home: Path) -> str:
    return (home / "secrets" / "master").read_text()


async def readable(fresh: Fresh, cast: Cast, home: Path) -> bool:
    database = connect(fresh.doors, masterkeys.keyring(home))
    maija = await make.looking(database, cast.maija, cast.aino)
    known = await database.read(maija, closing.contacts, [cast.aino])
    await database.close()
    return known[cast.aino].phone.startswith("+358")


async def test_an_owner_who_does_not_see_all_changes_no_key(
    server: Server, fresh: Fresh, cast: Cast, home: Path
) -> None:
    """The walls hold for the owner too: it would see no key, and the only master key would go."""
    name = urlsplit(fresh.owner_dsn).path.strip("/")
    await server.run(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    try:
        await fresh.owner(f"ALTER TABLE client_keys OWNER TO {name}")
        before = master(home)
        for verb in ("rotate-keys", "migrate"):
            ran = run(
                fresh, verb, JOBCENTER_HOME=str(home), DATABASE_URL=_as(fresh.owner_dsn, name)
            )
            assert ran.status == 1, ran.said
            assert "BYPASSRLS" in ran.complained
            assert len(ran.complained.splitlines()) == 1
        assert master(home) == before
        assert await readable(fresh, cast, home)
    finally:
        await fresh.owner(f"REASSIGN OWNED BY {name} TO CURRENT_USER")
        await server.run(f"DROP ROLE {name}")


async def calendar_address(fresh: Fresh, cast: Cast, home: Path) -> str:
    """Return where the worker reads Kim's calendar from."""
    database = connect(fresh.doors, masterkeys.keyring(home))
    found = await database.read(cast.worker, calendars.address_of, coach_id=cast.kim_coach)
    await database.close()
    return found[0] if found else ""


async def test_after_rotating_twice_texts_still_open(fresh: Fresh, cast: Cast, home: Path) -> None:
    seen, address = {master(home)}, "https://calendar.example/kim.ics"
    await cast.database.act(cast.kim, busy_times.give_address, address=address, now=MONDAY)
    for _ in range(2):
        ran = run(fresh, "rotate-keys", JOBCENTER_HOME=str(home))
        assert ran.status == 0, ran.complained
        assert not (home / "secrets" / "master.former").exists()
        assert await readable(fresh, cast, home)
        assert await calendar_address(fresh, cast, home) == address
        seen.add(master(home))
        (row,) = await fresh.owner("SELECT DISTINCT master FROM client_keys")
        assert row["master"] == masterkeys.keyring(home).current
    assert len(seen) == 3


@pytest.mark.parametrize("verb", ["migrate", "rotate-keys", "serve", "worker"])
async def test_a_lost_master_key_is_never_made_anew(
    fresh: Fresh, cast: Cast, home: Path, verb: str
) -> None:
    (home / "secrets" / "master").unlink()
    ran = run(fresh, verb, JOBCENTER_HOME=str(home))
    assert ran.status == 1
    assert "is not here" in ran.complained.splitlines()[-1]
    assert "Traceback" not in ran.complained
    assert not (home / "secrets" / "master").exists()


async def test_an_empty_database_gets_its_first_key(fresh: Fresh, home: Path) -> None:
    (home / "secrets" / "master").unlink()
    assert run(fresh, "migrate", JOBCENTER_HOME=str(home)).status == 0
    assert masterkeys.keyring(home).current


@pytest.mark.parametrize("former", ["", A_KEY])
async def test_rotating_by_settings_needs_two_keys(fresh: Fresh, former: str) -> None:
    ran = run(
        fresh,
        "rotate-keys",
        JOBCENTER_MASTER_KEY=A_KEY,
        JOBCENTER_FORMER_MASTER_KEY=former,
    )
    assert ran.status == 1
    assert "JOBCENTER_FORMER_MASTER_KEY" in ran.complained
    assert ran.said == ""


async def test_rotating_by_settings_with_two_keys(fresh: Fresh, cast: Cast, home: Path) -> None:
    settings = {"JOBCENTER_HOME": str(home), "JOBCENTER_MASTER_KEY": ANOTHER}
    ran = run(fresh, "rotate-keys", **settings, JOBCENTER_FORMER_MASTER_KEY=master(home))
    assert ran.status == 0, ran.complained
    (home / "secrets" / "master").write_text(ANOTHER)
    assert await readable(fresh, cast, home)


async def test_an_empty_setting_is_none(fresh: Fresh, cast: Cast, home: Path) -> None:
    before = master(home)
    ran = run(fresh, "rotate-keys", JOBCENTER_HOME=str(home), JOBCENTER_MASTER_KEY="")
    assert ran.status == 0, ran.complained
    assert master(home) != before


@pytest.mark.parametrize("verb", ["migrate", "serve"])
async def test_a_key_of_another_length_is_refused_and_not_shown(fresh: Fresh, verb: str) -> None:
    ran = run(fresh, verb, JOBCENTER_MASTER_KEY="c2VjcmV0")
    assert ran.status == 1
    assert "JOBCENTER_MASTER_KEY must be 32 bytes" in ran.complained
    assert "c2VjcmV0" not in ran.complained


def _as(dsn: str, user: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{user}:x@{parts.netloc.rpartition('@')[2]}"))


@pytest.mark.parametrize("lost", [True, False])
@pytest.mark.parametrize("verb", ["serve", "worker"])
async def test_the_key_that_finds_numbers_is_never_another(
    fresh: Fresh, cast: Cast, home: Path, verb: str, *, lost: bool
) -> None:
    """With another one everybody would be there and nobody found: no new links, everybody twice."""
    index = home / "secrets" / "index"
    if lost:
        index.unlink()
    else:
        index.write_text("another")
    ran = run(fresh, verb, JOBCENTER_HOME=str(home))
    assert ran.status == 1
    assert "JOBCENTER_INDEX_KEY" in ran.complained.splitlines()[-1]
    assert "Traceback" not in ran.complained
    assert index.exists() is not lost


@pytest.mark.parametrize("verb", ["seed", "import"])
def test_without_a_master_key_a_verb_ends_in_a_sentence(
    fresh: Fresh, home: Path, tmp_path: Path, verb: str
) -> None:
    (home / "secrets" / "master").unlink()
    table = tmp_path / "people.csv"
    table.write_text("etunimi;sukunimi;puhelin\nHelmi;Harju;0401234567\n")
    more = ["clients", str(table), "--unit", str(key("kaneli")), "--go"] if verb == "import" else []
    ran = run(fresh, verb, *more, JOBCENTER_HOME=str(home))
    assert (ran.status, len(ran.complained.splitlines())) == (1, 1)
    assert "migrate" in ran.complained


def test_the_directorys_keys_are_renewed_by_the_same_verb(fresh: Fresh, tmp_path: Path) -> None:
    keys = OwnKeys(tmp_path)
    before = keys.shown()["keys"]
    ran = run(fresh, "rotate-keys", "--directory", JOBCENTER_HOME=str(tmp_path))
    assert ran.status == 0, ran.complained
    assert "/signin/directory/keys" in ran.said
    after = keys.shown()["keys"]
    assert isinstance(after, list)
    assert after[2:] == before
    assert (tmp_path / "secrets" / "oidc").stat().st_mode & 0o077 == 0
