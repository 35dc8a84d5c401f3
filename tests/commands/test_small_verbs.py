"""The verbs that do one thing and end: each in a process, with what it prints and how it ends."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from jobcenter.access import hash_of
from jobcenter.database import Who
from jobcenter.people import sessions
from jobcenter.settings import Settings
from tests.cast import CITY, Cast
from tests.commands.verbs import run
from tests.conftest import Fresh


async def test_migrating_twice_is_the_same(fresh: Fresh) -> None:
    for _ in range(2):
        ran = run(fresh, "migrate")
        assert (ran.status, ran.said) == (0, "The database is up to date.\n")


async def test_a_seeded_city_keeps_every_invariant(fresh: Fresh) -> None:
    first, again = (run(fresh, "seed", "--size", "small") for _ in range(2))
    assert first.status == again.status == 0
    assert again.said == "0 orders and 0 gigs were added.\n"
    ran = run(fresh, "check-invariants")
    views = await fresh.owner("SELECT viewname FROM pg_views WHERE viewname LIKE 'inv\\_%'")
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in ran.said.splitlines()}
    assert ran.status == 0
    assert {lines[row["viewname"]] for row in views} == {"0"}
    assert lines["i29_what_was_answered_is_kept"] == "not checkable in SQL"


async def test_a_city_is_founded_once_and_its_administrator_comes_in(fresh: Fresh) -> None:
    wrong = run(fresh, "found", "Uusikylä", "jaana")
    assert (wrong.status, wrong.said) == (1, "")
    told = ("found", "Uusikylä", "Jaana@uusikyla.example", "--administrator", "Jaana Rinne")
    ran = run(fresh, *told, JOBCENTER_BASE_URL="https://uusi.example")
    assert ran.status == 0, ran.complained
    assert "/organiser" in ran.said
    token = ran.said.split()[-1].removeprefix("https://uusi.example/signin/")
    visitor = Who(CITY, "visitor")
    who = await fresh.database.act(
        visitor, sessions.use_link, link_hash=hash_of(token), token_hash=hash_of("x"), csrf="y",
        now=datetime.now(UTC),
    )  # fmt: skip
    assert (who.name, who.rights) == ("Jaana Rinne", frozenset({"organise"}))
    # Every list has what a city begins with, and nothing in it is a made-up person or employer.
    counts = {
        table: (await fresh.owner(f"SELECT count(*) FROM {table}"))[0][0]
        for table in ("roles", "choices", "figures", "task_types", "benefit_rules", "districts",
                      "users", "right_events", "employers", "units")
    }  # fmt: skip
    assert counts["users"] == 1
    assert counts["right_events"] == 2
    assert (counts["employers"], counts["units"]) == (0, 0)
    assert min(counts[name] for name in ("roles", "choices", "figures", "task_types")) > 5
    assert min(counts[name] for name in ("benefit_rules", "districts")) > 5
    assert {name: count for name, count in (await fresh.breaches()).items() if count} == {}
    again = run(fresh, *told)
    assert (again.status, again.said) == (1, "")
    assert "already: Uusikylä" in again.complained
    assert (await fresh.owner("SELECT count(*) FROM users"))[0][0] == 1


async def test_a_breach_is_named_and_ends_in_failure(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner(
        "INSERT INTO notices (organiser_id, id, kind, way, address, dedupe_key, due_at, state,"
        " tries, fence, written_at, version) VALUES (1, gen_random_uuid(), 'found', 'mail',"
        " 'a@b.example', 'x', now(), 'sent', 1, 1, now(), 1)"
    )
    ran = run(fresh, "check-invariants")
    assert ran.status == 1
    assert "inv_11_notice_outcome_known 1" in [" ".join(x.split()) for x in ran.said.splitlines()]
    await fresh.owner("DELETE FROM notices")


async def test_a_sign_in_link_is_for_one_person(cast: Cast, fresh: Fresh) -> None:
    ran = run(fresh, "signin", "MAIJA@example.org", JOBCENTER_BASE_URL="https://city.example")
    token = urlsplit(ran.said.strip()).path.removeprefix("/signin/")
    assert ran.said.startswith("https://city.example/signin/")
    kept = await fresh.owner(
        "SELECT u.email FROM signin_links l JOIN users u ON u.id = l.user_id WHERE token_hash = $1",
        hashlib.sha256(token.encode()).digest(),
    )
    assert [row["email"] for row in kept] == ["maija@example.org"]


def test_a_link_beside_a_running_demo_leads_to_that_demo(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert settings.reached_at() == "http://127.0.0.1:8000"
    settings.demo_address.write_text("http://127.0.0.1:8042\n", encoding="utf-8")
    assert settings.reached_at() == "http://127.0.0.1:8042"
    told = Settings(home=tmp_path, base_url="https://city.example")
    assert told.reached_at() == "https://city.example"


async def test_a_token_is_kept_as_a_hash_only(cast: Cast, fresh: Fresh) -> None:
    token = run(fresh, "token", "maija@example.org").said.strip()
    kept = await fresh.owner("SELECT token_hash FROM api_tokens")
    assert [row["token_hash"] for row in kept] == [hashlib.sha256(token.encode()).digest()]


async def test_an_unknown_address_gets_a_sentence(cast: Cast, fresh: Fresh) -> None:
    for name in ("signin", "token"):
        ran = run(fresh, name, "nobody@example.org")
        assert ran.status == 1
        assert ran.said == ""
        assert ran.complained == "Nobody has the address nobody@example.org.\n"
