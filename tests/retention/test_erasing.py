"""Erasure: what goes is nowhere, what stays has a law, and nobody with a gig to come is erased."""

import shutil
from pathlib import Path

import pytest

from jobcenter import masterkeys
from jobcenter.database import Who, connect
from jobcenter.envelopes import Unopened, Wrapped
from jobcenter.errors import NotFound
from jobcenter.people import closing
from jobcenter.retention import erasing
from jobcenter.retention.erasing import StillHeld
from jobcenter.retention.fates import FATES, Fate
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.commands.verbs import run
from tests.conftest import Fresh
from tests.orders import steps
from tests.retention.people import FAMILY, WORDS, found_anywhere, told

OPERATOR = Who(CITY, "operator")
LAW = "GDPR 17: the person asked"


async def erase(cast: Cast) -> None:
    await cast.database.act(OPERATOR, erasing.erase, client_id=cast.aino, law=LAW, now=MONDAY)


def test_whatever_stays_says_by_which_law() -> None:
    assert [t for t, kept in FATES.items() if kept.fate is not Fate.GOES and not kept.law] == []


async def test_after_it_nothing_is_found(fresh: Fresh, cast: Cast) -> None:
    await told(cast)
    await erase(cast)
    assert await found_anywhere(fresh, *WORDS) == {}


async def test_what_stays_is_a_pseudonym_with_its_gigs(fresh: Fresh, cast: Cast) -> None:
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await steps.decline(cast, gig.id)
    await erase(cast)
    (client,) = await fresh.owner("SELECT * FROM clients WHERE id = $1", cast.aino)
    assert (client["in_pool"], list(client["spoken"]), client["week_gigs"]) == (False, [], 0)
    assert (client["service"], client["legal_basis"], client["postcode"]) == ("", "", None)
    assert (client["assessed_by"], client["review_on"], set(client["limits"])) == (None, None, {0})
    gigs = await fresh.owner("SELECT status FROM gigs WHERE client_id = $1", cast.aino)
    assert [row["status"] for row in gigs] == ["declined"]


async def test_nobody_with_a_gig_to_come_is_erased(cast: Cast) -> None:
    await steps.agreed(cast, cast.aino)
    with pytest.raises(StillHeld):
        await erase(cast)


async def test_a_hold_keeps_the_record_until_it_ends(fresh: Fresh, cast: Cast) -> None:
    await fresh.owner(
        "INSERT INTO legal_holds VALUES ($1, gen_random_uuid(), $2, 'a complaint is open', $3)",
        CITY, cast.aino, MONDAY,
    )  # fmt: skip
    with pytest.raises(StillHeld, match="complaint"):
        await erase(cast)
    await fresh.owner("UPDATE legal_holds SET ended_at = $1", MONDAY)
    await erase(cast)
    (hold,) = await fresh.owner("SELECT reason FROM legal_holds")
    assert hold["reason"] == "erased text"


async def test_nobody_is_erased_twice(cast: Cast) -> None:
    await erase(cast)
    with pytest.raises(NotFound):
        await erase(cast)


async def test_the_command_says_what_goes_and_what_stays(fresh: Fresh, cast: Cast) -> None:
    await told(cast)
    # Two spellings that nobody could guess, and a word that is the second one without its capital.
    order = make.order()
    order.description = "Zappa avaa oven. Kun Zapalle sopii, soita. Ä. Altto: aallon altto."
    await make.save_order(cast, order)
    assert run(fresh, "erase", str(cast.aino), "--yes", "--also", ".").status == 2
    spellings = ("--also", "Zappa", "--also", "Altto")
    ran = run(fresh, "erase", str(cast.aino), "--yes", *spellings)
    assert ran.status == 0, ran.complained
    (row,) = await fresh.owner(
        "SELECT description FROM orders WHERE description LIKE '%[erased]%oven%'"
    )
    assert row[0] == ("[erased] avaa oven. Kun [erased] sopii, soita. Ä. [erased]: aallon altto.")
    assert "goes           1  Name, number and address" in ran.said
    assert "stays" in ran.said
    assert "10 years" in ran.said
    assert await found_anywhere(fresh, *WORDS) == {}


async def test_a_dry_run_says_the_same_and_erases_nothing(fresh: Fresh, cast: Cast) -> None:
    await told(cast)
    ran = run(fresh, "erase", str(cast.aino), "--dry-run")
    assert ran.status == 0, ran.complained
    assert "goes           1  Name, number and address" in ran.said
    assert "Erased" not in ran.said
    assert run(fresh, "hold", str(cast.aino)).status == 0
    looks = await fresh.owner("SELECT what, purpose FROM looks WHERE role <> 'service' ORDER BY id")
    assert [tuple(row) for row in looks] == [("everything", "erasure"), ("legal holds", "legal")]
    maija = await make.looking(cast.database, cast.maija, cast.aino)
    known = await cast.database.read(maija, closing.contacts, [cast.aino])
    assert known[cast.aino].family_name == FAMILY


async def test_a_restored_backup_is_erased_again(fresh: Fresh, cast: Cast, tmp_path: Path) -> None:
    """Aino was erased after the backup was made: she is in its data, and on the newest list."""
    await told(cast)
    await steps.agreed(cast, cast.eetu)
    newest = tmp_path / "erased"
    newest.write_text(f"{cast.aino}\n{cast.eetu}\n{key('somebody never kept here')}\n")
    assert run(fresh, "erase", "--again", str(newest), "--dry-run").said.startswith("2 of")
    ran = run(fresh, "erase", "--again", str(newest))
    assert (ran.status, str(cast.eetu) in ran.said) == (1, True)
    assert ran.said.endswith("1 were erased again.\n")
    assert await found_anywhere(fresh, *WORDS) == {}
    assert run(fresh, "erase", "--list").said == f"{cast.aino}\n"
    assert run(fresh, "erase", "--again").said == "0 were erased again.\n"


async def test_after_a_new_master_key_an_old_backup_is_noise(
    fresh: Fresh, cast: Cast, tmp_path: Path
) -> None:
    """The key of the erased is in the backup, but what opens it is no more."""
    shutil.copytree(fresh.home / "secrets", tmp_path / "secrets")
    await told(cast)
    (backup,) = await fresh.owner("SELECT * FROM client_keys WHERE client_id = $1", cast.aino)
    await erase(cast)
    ran = run(fresh, "rotate-keys", JOBCENTER_HOME=str(tmp_path))
    assert ran.status == 0, ran.complained
    ring = masterkeys.keyring(tmp_path)
    with pytest.raises(Unopened):
        ring.unwrap(CITY, cast.aino, Wrapped(backup["master"], backup["closed"]))
    database = connect(fresh.doors, ring)
    maija = await make.looking(database, cast.maija, cast.eetu)
    known = await database.read(maija, closing.contacts, [cast.eetu])
    await database.close()
    assert known[cast.eetu].phone.startswith("+35845555")
