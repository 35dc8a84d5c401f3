"""Rows kept in memory and written in bulk."""

from datetime import UTC, datetime

import asyncpg
import pytest

from jobcenter.people.parties import Organiser, Unit
from jobcenter.people.staff import CoachAbsence, User
from jobcenter.seed.dice import Dice
from jobcenter.seed.rows import Rows, span
from tests.cast import Cast
from tests.conftest import Fresh
from tests.seed.town import HELSINKI, NOON


def rows() -> Rows:
    return Rows(HELSINKI, Dice("rows"))


def test_what_is_not_given_gets_the_models_default() -> None:
    row = rows().add(User, email="a@b.example", name="A")
    assert row["language"] == "fi"
    assert row["disabled_at"] is None
    assert row["organiser_id"] == HELSINKI
    assert row["id"] == Dice("rows").id()


def test_what_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="User has no colour"):
        rows().add(User, email="a@b.example", name="A", colour="red")


def test_what_must_be_given_must_be_given() -> None:
    with pytest.raises(TypeError, match=r"users\.email is missing"):
        rows().add(User, name="A")


def test_they_are_kept_by_table() -> None:
    kept = rows()
    kept.add(User, email="a@b.example", name="A")
    kept.add(User, email="b@b.example", name="B")
    assert [row["name"] for row in kept.of(User)] == ["A", "B"]
    assert kept.of(Unit) == []


def test_a_span_is_half_open() -> None:
    assert span(NOON, NOON) == "[2026-11-24T10:00:00+00:00,2026-11-24T10:00:00+00:00)"


async def test_every_kind_of_value_arrives(cast: Cast, fresh: Fresh) -> None:
    kept = rows()
    later = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    kept.add(CoachAbsence, coach_id=cast.kim_coach, during=span(NOON, later))
    kept.add(User, email="new@b.example", name='Väinö "V" O\'Hara')
    await write(fresh, kept)
    away = (await fresh.owner("SELECT during FROM coach_absences"))[0]["during"]
    assert (away.lower, away.upper) == (NOON, later)
    name = await fresh.owner("SELECT name FROM users WHERE email = 'new@b.example'")
    assert name[0]["name"] == 'Väinö "V" O\'Hara'


async def test_again_leaves_alone_what_is_there(cast: Cast, fresh: Fresh) -> None:
    kept = rows()
    for name in ("Somebody", "Anybody"):
        kept.add(Organiser, id=1, name=name, contact_name="", contact_phone="", contact_email="")
    with pytest.raises(asyncpg.UniqueViolationError):
        await write(fresh, kept)
    await write(fresh, kept, again=True)
    assert (await fresh.owner("SELECT name FROM organisers"))[0]["name"] == "Helsinki"


async def write(fresh: Fresh, kept: Rows, *, again: bool = False) -> None:
    connection = await asyncpg.connect(fresh.owner_dsn)
    try:
        await kept.write(connection, again=again)
    finally:
        await connection.close()
