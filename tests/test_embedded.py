"""The server that starts by itself: after any kill, beside any other user, as root in both ways."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from jobcenter.embedded import CannotStart, postgres

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another way to start it")


async def ask(address: str, *statements: str) -> list[object]:
    """Run each statement and give back the first column of the last one."""
    connection = await asyncpg.connect(address)
    try:
        answers = [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()
    return [row[0] for row in answers[-1]]


def postmaster(home: Path) -> int | None:
    """The number of the running server, if one runs."""
    records = list(home.glob("postgres-*/postmaster.pid"))
    return int(records[0].read_text(encoding="utf-8").split()[0]) if records else None


def without_unshare(folder: Path) -> str:
    """A PATH on which everything needed is found but `unshare`."""
    folder.mkdir()
    for program in ("sh", "test"):
        (folder / program).symlink_to(shutil.which(program) or f"/usr/bin/{program}")
    return str(folder)


async def test_it_starts_keeps_its_data_and_stops_with_its_last_user(tmp_path: Path) -> None:
    with postgres(tmp_path) as address:
        await ask(address, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    assert postmaster(tmp_path) is None
    with postgres(tmp_path) as address:
        assert await ask(address, "TABLE kept") == [7]


async def test_a_second_user_keeps_it_running(tmp_path: Path) -> None:
    with ExitStack() as first, ExitStack() as second:
        address = first.enter_context(postgres(tmp_path))
        assert second.enter_context(postgres(tmp_path)) == address
        first.close()
        assert await ask(address, "SELECT 1") == [1]
    assert postmaster(tmp_path) is None


async def test_a_killed_server_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    with postgres(tmp_path) as address:
        await ask(address, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
        killed = postmaster(tmp_path)
        assert killed
        os.kill(killed, signal.SIGKILL)
        with postgres(tmp_path) as again:
            assert again == address
            assert await ask(again, "TABLE kept") == [7]
            assert postmaster(tmp_path) != killed


async def test_a_killed_program_leaves_a_server_that_the_next_one_takes_over(
    tmp_path: Path,
) -> None:
    program = (
        "import os, pathlib, sys; from jobcenter.embedded import postgres\n"
        "with postgres(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    left = postmaster(tmp_path)
    assert left
    with postgres(tmp_path) as address:
        assert postmaster(tmp_path) == left
        assert await ask(address, "SELECT 1") == [1]
    assert postmaster(tmp_path) is None


async def test_a_number_that_another_program_has_now_is_not_waited_for(tmp_path: Path) -> None:
    with postgres(tmp_path):
        pass
    data = next(tmp_path.glob("postgres-*/"))
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n", encoding="utf-8")
    with postgres(tmp_path) as address:
        assert await ask(address, "SELECT 1") == [1]


async def test_a_start_that_was_cut_off_half_way_begins_anew(tmp_path: Path) -> None:
    half = tmp_path / "new-half"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n", encoding="utf-8")
    with postgres(tmp_path) as address:
        assert await ask(address, "SELECT 1") == [1]
    assert not half.exists()


async def test_nobody_enters_without_the_password(tmp_path: Path) -> None:
    with postgres(tmp_path) as address:
        wrong = re.sub(r":[^:@]+@", ":wrong@", address)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(wrong, "SELECT 1")
        assert await ask(address, "SHOW listen_addresses") == [""]
    assert (tmp_path / "postgres.password").stat().st_mode & 0o777 == 0o600


async def test_a_lost_password_is_replaced(tmp_path: Path) -> None:
    with postgres(tmp_path) as first:
        pass
    (tmp_path / "postgres.password").unlink()
    with postgres(tmp_path) as second:
        assert second != first
        assert await ask(second, "SELECT 1") == [1]


async def test_it_has_what_our_schema_needs(tmp_path: Path) -> None:
    with postgres(tmp_path) as address:
        assert await ask(address, "CREATE EXTENSION btree_gist", "SHOW data_checksums") == ["on"]
        assert await ask(address, "SELECT lower('ÅÄÖ')") == ["åäö"]
        assert await ask(address, "SHOW log_min_error_statement") == ["panic"]


async def test_a_very_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    with postgres(tmp_path / ("long" * 20) / ("longer" * 20)) as address:
        assert await ask(address, "SELECT 1") == [1]


def test_a_setting_that_postgresql_refuses_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(CannotStart, match="no_such_setting"),
        postgres(tmp_path, {"no_such_setting": "1"}),
    ):
        pass


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A folder that every account may enter, as `tmp_path` is not."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@AS_ROOT
async def test_root_without_a_namespace_runs_it_as_nobody(
    tmp_path: Path, everybodys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", without_unshare(everybodys / "bin"))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with postgres(closed) as address:
        assert await ask(address, "SELECT 1") == [1]
    place = next(closed.glob("postgres-*")).resolve()
    assert place.stat().st_uid != 0
    assert closed not in place.parents
    monkeypatch.undo()
    with postgres(closed) as address:
        assert await ask(address, "SELECT 1") == [1]
    shutil.rmtree(place.parent)


@AS_ROOT
async def test_data_made_in_a_namespace_is_handed_to_nobody(
    everybodys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = everybodys / "var"
    with postgres(home) as address:
        await ask(address, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    monkeypatch.setenv("PATH", without_unshare(everybodys / "bin"))
    with postgres(home) as address:
        assert await ask(address, "TABLE kept") == [7]
