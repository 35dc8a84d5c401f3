"""The demo from the first line to the last, and what is left when it is killed."""

import asyncio
import os
import re
import signal
import time
from pathlib import Path

import httpx
import pytest

from jobcenter.database import Face
from jobcenter.demo.children import Children, free_port
from jobcenter.demo.emptying import NotOurs, empty
from jobcenter.walls.raising import login
from tests.commands.verbs import a_free_port, answers, ask, environment, run, running
from tests.conftest import Fresh


def demo_environment(fresh: Fresh, home: Path) -> dict[str, str]:
    """Give a demo a home of its own that knows the logins of the test's server."""
    (home / "secrets").symlink_to(fresh.home / "secrets")
    return environment(fresh, JOBCENTER_HOME=str(home), JOBCENTER_SMTP_PORT=str(a_free_port()))


async def test_once_shows_everything_and_ends(fresh: Fresh, tmp_path: Path) -> None:
    env = demo_environment(fresh, tmp_path)
    ran = run(fresh, "demo", "--once", "--size", "small", "--port", str(a_free_port()), **env)
    assert ran.status == 0, ran.complained
    said = " ".join(ran.said.split())
    for words in ("Serving on", "open orders", "places to fill", "coach visits that fit",
                  "stay empty", "seconds of thinking", "of the proven optimum"):  # fmt: skip
        assert words in said
    share = re.search(r"([\d.]+)% of the proven optimum", said)
    assert share
    assert 95 <= float(share[1]) <= 100
    for role in ("orderer", "coordinator", "coach", "client"):
        assert re.search(rf"{role} +http://127.0.0.1:\d+/(signin|o)/\S+", ran.said), role
    await the_offer_has_arrived(fresh, ran.said)
    assert await fresh.breaches() == {}


async def the_offer_has_arrived(fresh: Fresh, said: str) -> None:
    link = re.search(r"client +(\S+)", said)
    assert link
    messages = await fresh.owner("SELECT body FROM demo_inbox WHERE way = 'sms'")
    assert [row for row in messages if link[1] in row["body"]]


async def test_a_killed_demo_leaves_nothing_and_starts_again(fresh: Fresh, tmp_path: Path) -> None:
    env, port = demo_environment(fresh, tmp_path), a_free_port()
    arguments = ("demo", "--size", "small", "--port", str(port))
    with running(env, tmp_path / "first.log", *arguments) as process:
        answers(f"http://127.0.0.1:{port}/health/live", within=60)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    log = tmp_path / "second.log"
    with running(env, log, *arguments) as process:
        # What is left of the first may answer for a moment more, and hold its port.
        ready = f"{serving_at(log)}/health/ready"
        assert answers(ready, within=60).status_code == 200
        assert ask(ready.replace("/health/ready", "/signin")).status_code == 200
        await only_logins_that_own_nothing(fresh)
        twin = run(fresh, "demo", "--once", **env)
        assert twin.status == 1
        assert twin.complained.startswith("A demo is running here already")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 130
    with pytest.raises(httpx.ConnectError):
        ask(ready)


async def only_logins_that_own_nothing(fresh: Fresh) -> None:
    """Wait until web and worker both have sessions, and look at whose these are (issue 5.1)."""
    working = {login(Face.VISITOR), login(Face.WORKER), login(Face.SERVICE)}
    found: set[str] = set()
    for _ in range(100):
        rows = await fresh.owner(
            "SELECT usename FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found |= {row["usename"] for row in rows}
        if working <= found:
            break
        await asyncio.sleep(0.2)
    assert working <= found <= {login(face) for face in Face}


def serving_at(log: Path, within: float = 60) -> str:
    """Return the address that a demo tells, as soon as it tells one."""
    deadline = time.monotonic() + within
    while not (told := re.search(r"Serving on\s+(http://127\.0\.0\.1:\d+)", log.read_text())):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    return told[1]


async def test_fresh_drops_only_what_a_demo_made(fresh: Fresh) -> None:
    await fresh.owner(
        "INSERT INTO organisers VALUES (1, 'A real city', 'Somebody', '09 1', 'a@city.example')"
    )
    with pytest.raises(NotOurs):
        await empty(fresh.owner_dsn)
    assert len(await fresh.owner("SELECT 1 FROM organisers")) == 1
    await fresh.owner("INSERT INTO schedule_runs VALUES (1, 'seed small 1', now(), now())")
    await empty(fresh.owner_dsn)
    assert await fresh.owner("SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
    await empty(fresh.owner_dsn)


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    with Children(tmp_path, {}) as children:
        child = children.start("help")
        child.process.wait(20)
        child.started -= 60
        assert children.revive() == ["help"]
        child.process.wait(20)
        assert children.revive() == [], "not again at once"


def test_children_end_when_their_starter_is_gone(tmp_path: Path) -> None:
    port = str(a_free_port())
    away = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c", "JOBCENTER_HOME": str(tmp_path)}
    with Children(tmp_path, away) as children:
        child = children.start("serve", "--port", port)
        answers(f"http://127.0.0.1:{port}/health/live")
        children.let_go()
        assert child.process.wait(10) == 0


def test_a_port_that_is_taken_is_passed_over() -> None:
    port = a_free_port()
    taken = free_port(port)
    assert taken >= port
