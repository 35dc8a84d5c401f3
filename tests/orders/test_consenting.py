"""Consents: each purpose by itself, history that nobody rewrites, and who may write it down."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.errors import Invalid, JobcenterError, NotAllowed, NotFound
from jobcenter.orders import consenting
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh


async def rows_of(fresh: Fresh, purpose: str) -> list[tuple[object, ...]]:
    rows = await fresh.owner(
        "SELECT how, recorded_by, withdrawn_how, withdrawn_by FROM client_consents"
        " WHERE purpose = $1 ORDER BY given_at, id",
        purpose,
    )
    return [tuple(row) for row in rows]


async def test_giving_twice_is_once_and_giving_again_is_a_new_row(cast: Cast, fresh: Fresh) -> None:
    who = cast.client(cast.aino)
    for verb in ("give", "give", "withdraw", "withdraw", "give"):
        await cast.database.act(
            who, getattr(consenting, verb), client_id=cast.aino, purpose="full_sms", now=MONDAY
        )
    assert await rows_of(fresh, "full_sms") == [
        ("own_page", None, "own_page", None),
        ("own_page", None, None, None),
    ]


async def test_many_at_once_are_one_consent(cast: Cast, fresh: Fresh) -> None:
    who = cast.client(cast.aino)
    await asyncio.gather(
        *(
            cast.database.act(
                who, consenting.give, client_id=cast.aino, purpose="full_sms", now=MONDAY
            )
            for _ in range(8)
        )
    )
    assert len(await rows_of(fresh, "full_sms")) == 1


async def test_staff_write_down_who_and_how(cast: Cast, fresh: Fresh) -> None:
    await cast.database.act(
        cast.kim,
        consenting.give,
        client_id=cast.aino,
        purpose="full_sms",
        how="paper",
        now=MONDAY,
    )
    await cast.database.act(
        cast.maija,
        consenting.withdraw,
        client_id=cast.aino,
        purpose="full_sms",
        how="phone",
        now=MONDAY,
    )
    assert await rows_of(fresh, "full_sms") == [
        ("paper", cast.kim.actor_id, "phone", cast.maija.actor_id)
    ]


@pytest.mark.parametrize(
    ("name", "how", "error"),
    [
        ("pekka", "phone", NotFound),
        ("sari", "phone", NotAllowed),
        ("maija", "own_page", Invalid),
        ("maija", "", Invalid),
        ("eetu", "own_page", NotFound),
        ("aino", "phone", Invalid),
    ],
)
async def test_nobody_says_it_for_a_client_who_did_not(
    cast: Cast, fresh: Fresh, name: str, how: str, error: type[JobcenterError]
) -> None:
    who = {
        "pekka": cast.pekka,
        "sari": cast.sari,
        "maija": cast.maija,
        "eetu": cast.client(cast.eetu),
        "aino": cast.client(cast.aino),
    }[name]
    with pytest.raises(error):
        await cast.database.act(
            who, consenting.give, client_id=cast.aino, purpose="full_sms", how=how, now=MONDAY
        )
    assert await rows_of(fresh, "full_sms") == []


async def test_an_unknown_purpose_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        await cast.database.act(
            cast.client(cast.aino),
            consenting.give,
            client_id=cast.aino,
            purpose="anything",
            now=MONDAY,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE client_consents SET text_version = 'another'",
        "UPDATE client_consents SET given_at = now()",
        "UPDATE client_consents SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL",
        "UPDATE client_consents SET withdrawn_how = 'paper' WHERE withdrawn_at IS NOT NULL",
        "DELETE FROM client_consents",
    ],
)
async def test_the_database_keeps_consents_as_history(cast: Cast, statement: str) -> None:
    who = cast.client(cast.aino)
    await cast.database.act(
        who, consenting.withdraw, client_id=cast.aino, purpose="name_to_orderer", now=MONDAY
    )

    async def rewrite(session: AsyncSession) -> None:
        await session.execute(text(statement))

    with pytest.raises(DBAPIError):
        await cast.database.act(cast.worker, rewrite)


async def test_leaving_a_pool_that_nobody_wrote_down_leaves_both_moments(
    cast: Cast, fresh: Fresh
) -> None:
    who = cast.client(cast.aino)
    for _ in range(2):
        await cast.database.act(
            who, consenting.withdraw, client_id=cast.aino, purpose="pool", now=MONDAY
        )
    assert await rows_of(fresh, "pool") == [("joined", None, "own_page", None)]
    pool = await fresh.owner("SELECT in_pool FROM clients WHERE id = $1", cast.aino)
    assert pool[0]["in_pool"] is False
    changes = await fresh.owner("SELECT kind FROM changes WHERE client_id = $1", cast.aino)
    assert [row["kind"] for row in changes] == ["client_pool"]
