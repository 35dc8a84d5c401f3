"""Each invariant: a breach is planted past its guard, and the command calls it by its name."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from jobcenter.commands import check_invariants
from tests import make
from tests.cast import as_cast, key
from tests.conftest import Server, cloned
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.plantings import PLANTINGS, Planting


@dataclass(frozen=True)
class Scene:
    """A database where all is well, to be cloned and broken; and who is in it."""

    server: Server
    name: str
    ids: dict[str, UUID]

    def broken_by(self, statements: str) -> str:
        """Return the address of a clone in which these statements were run."""
        return asyncio.run(self._broken(statements))

    async def _broken(self, statements: str) -> str:
        name = f"jc_{uuid4().hex[:12]}"
        await self.server.run(f"CREATE DATABASE {name} TEMPLATE {self.name}")
        connection = await asyncpg.connect(self.server.at(name))
        quoted = {who: f"'{found}'" for who, found in self.ids.items()}
        try:
            await connection.execute(_filled(statements, quoted))
        finally:
            await connection.close()
        return self.server.at(name)

    def forget(self, address: str) -> None:
        """Drop a clone."""
        name = address.partition("?")[0].rpartition("/")[2]
        asyncio.run(self.server.run(f"DROP DATABASE {name} WITH (FORCE)"))


def _filled(statements: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        statements = statements.replace(f"{{{name}}}", value)
    return statements


async def _set_up(server: Server, name: str) -> dict[str, UUID]:
    """Aino is asked about Tuesday, Eetu has agreed to Thursday, a third order waits."""
    async with cloned(server, server.peopled) as fresh:
        cast = as_cast(fresh.owner_dsn, fresh.database)
        asked = await make.save_order(cast, make.order())
        aino = await steps.assign(cast, asked, cast.aino)
        eetu = await steps.agreed(cast, cast.eetu, make.order(start=TUESDAY_TEN + 2 * steps.DAY))
        free = await make.save_order(cast, make.order())
        await fresh.database.close()
        source = fresh.owner_dsn.partition("?")[0].rpartition("/")[2]
        await server.run(f"CREATE DATABASE {name} TEMPLATE {source}")
    return {"aino": aino.id, "eetu": eetu.gig_id, "free": free, "venla": key("venla")}


@pytest.fixture(scope="module")
def scene(server: Server) -> Iterator[Scene]:
    name = f"jc_{uuid4().hex[:12]}"
    yield Scene(server, name, asyncio.run(_set_up(server, name)))
    asyncio.run(server.run(f"DROP DATABASE {name} WITH (FORCE)"))


def _checked(
    scene: Scene,
    address: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[int, dict[str, str]]:
    """Run the command on a database; return its exit and what it says of each name."""
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("JOBCENTER_HOME", str(scene.server.home))
    capsys.readouterr()
    exit_code = check_invariants.main([])
    lines = capsys.readouterr().out.splitlines()
    return exit_code, {line.split()[0]: line.partition(" ")[2].strip() for line in lines}


@pytest.mark.parametrize("planting", PLANTINGS, ids=lambda one: f"{one.view} {one.what}")
def test_a_breach_is_called_by_its_name(
    scene: Scene,
    planting: Planting,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = scene.broken_by(planting.statements)
    try:
        exit_code, found = _checked(scene, address, capsys, monkeypatch)
    finally:
        scene.forget(address)
    assert found[planting.view] not in {"0", ""}, found
    assert exit_code == 1


def test_where_all_is_well_every_name_counts_nothing(
    scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = scene.broken_by("SELECT 1")
    try:
        exit_code, found = _checked(scene, address, capsys, monkeypatch)
    finally:
        scene.forget(address)
    assert exit_code == 0
    assert {name: says for name, says in found.items() if name.startswith("inv_")} == {
        planting.view: "0" for planting in PLANTINGS
    }
    told = {name for name, says in found.items() if says == "not checkable in SQL"}
    assert told == set(check_invariants.NOT_IN_SQL)


def test_every_invariant_has_a_view_or_is_told_to_have_none() -> None:
    names = {planting.view for planting in PLANTINGS} | set(check_invariants.NOT_IN_SQL)
    numbers = [int(match[0]) for name in names if (match := re.search(r"\d+", name))]
    assert sorted(numbers) == list(range(1, 31))
