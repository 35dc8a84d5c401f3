"""What hangs on the gigs of somebody who is erased: words go, the books stay and still balance."""

import json
import re
from collections.abc import Mapping
from datetime import date

import asyncpg
import pytest

from jobcenter.database import Who
from jobcenter.orders import answering, working
from jobcenter.orders.gigs import Via
from jobcenter.retention import erasing
from jobcenter.retention.erasing import MARK, StillHeld
from jobcenter.retention.fates import FATES, OTHERS, Fate
from jobcenter.tables import METADATA
from jobcenter.walls.matrix import Wall, walls
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh
from tests.orders import steps
from tests.orders.steps import HOUR
from tests.orders.test_settling import ENDS, Books, worked
from tests.retention.people import found_anywhere

OPERATOR = Who(CITY, "operator")
# What staff wrote of Eetu: it says who he is, and stands in rows that the books need.
WRITTEN = "Eetu Eskola had to leave early"
JANUARY = date(2027, 1, 15)


async def erase(cast: Cast) -> Mapping[str, int]:
    return await cast.database.act(
        OPERATOR, erasing.erase, client_id=cast.eetu, law="asked", now=ENDS + 9 * HOUR
    )


async def paid(cast: Cast, fresh: Fresh, receipt: str = "K-1") -> Books:
    """Have Eetu work, be corrected twice in words, and be paid."""
    books = await worked(cast, fresh)
    await cast.database.act(
        cast.maija, working.put_right, gig_id=books.agreed.gig_id, minutes=170, reason=WRITTEN,
        now=ENDS,
    )  # fmt: skip
    await books.approve(160, reason=WRITTEN)
    await books.approve(150, reason=WRITTEN, now=ENDS + 2 * HOUR)
    stated = await books.state_pay()
    await books.receive(stated.id, received=True, receipt=receipt)
    return books


async def written_in(fresh: Fresh, books: Books) -> None:
    """Have everybody name Eetu where anything can be written."""
    order = await fresh.owner("SELECT site_id FROM orders WHERE id = $1", books.agreed.order_id)
    site, eetu = order[0]["site_id"], books.cast.eetu
    await fresh.owner(
        "UPDATE orders SET description = 'Eetu knows the way', cancel_reason = $1,"
        " review_reason = 'eskolan oma', bring = 'call 045 5550101'",
        WRITTEN,
    )
    await fresh.owner(
        "INSERT INTO place_passports (organiser_id, site_id, version, breaks, remark, written_at)"
        " VALUES (1, $1, 1, 'Eetulle tauko', 'x', now())",
        site,
    )
    await fresh.owner(
        "INSERT INTO place_events (organiser_id, id, site_id, kind, at, details)"
        " VALUES (1, gen_random_uuid(), $1, 'written', now(), $2)",
        site, json.dumps({"remark": {"before": "Eetun tapa"}}),
    )  # fmt: skip
    await fresh.owner(
        "INSERT INTO drafts (organiser_id, id, owner, fields, saved_at)"
        " VALUES (1, gen_random_uuid(), 'visitor:x', $1, now())",
        json.dumps({"title": "For Eskola, Eetu"}),
    )
    await fresh.owner(
        "INSERT INTO emergencies SELECT 1, gen_random_uuid(), g.assigned_by, g.client_id,"
        " c.unit_id, $2, now(), now() + interval '1 hour' FROM gigs g JOIN clients c"
        " ON c.id = g.client_id WHERE g.client_id = $1 LIMIT 1",
        eetu, WRITTEN,
    )  # fmt: skip


async def test_what_others_wrote_no_longer_names_them(cast: Cast, fresh: Fresh) -> None:
    books = await paid(cast, fresh, receipt="K-1 Eetu Eskola")
    await written_in(fresh, books)
    other = make.order()
    other.description = "Eetu's is another; the porter is Eskolalainen"
    other.wear = "Eetsu's own"
    await make.save_order(cast, other)
    # What they are called besides goes near to them only, and not where it is a colleague's name.
    await fresh.owner("UPDATE users SET name = 'Ekku Oja' WHERE id = $1", cast.pekka.actor_id)
    await fresh.owner(
        "UPDATE orders SET wear = 'Eetsun takki, Ekku' WHERE id = $1", books.agreed.order_id
    )
    # Somebody else whom a word would name too keeps it, where nothing leads to the erased.
    await fresh.owner("UPDATE users SET name = 'Eetu Laine' WHERE id = $1", cast.sari.actor_id)
    masked = await erase(cast)
    assert masked == {
        "orders.description": 1, "orders.cancel_reason": 1, "orders.review_reason": 1,
        "orders.bring": 1, "orders.wear": 1, "place_passports.breaks": 1, "place_events.details": 1,
        "drafts.fields": 1, "statements.receipt": 1,
    }  # fmt: skip
    assert await found_anywhere(fresh, "Eskolan", "Eetulle", "Eetun", "5550101", WRITTEN) == {}
    assert await found_anywhere(fresh, "Eetu ", "Eetu'") == {
        "users": ["Eetu "],
        "orders": ["Eetu'"],
    }
    [order] = await fresh.owner(
        "SELECT description, wear FROM orders WHERE id = $1", books.agreed.order_id
    )
    assert order["description"] == "[erased] knows the way"
    assert order["wear"] == "[erased] takki, Ekku"
    assert await found_anywhere(fresh, "Eetsu") == {"orders": ["Eetsu"]}
    assert await fresh.breaches() == {}


# What columns are called that tell of a person, or who it was.
OF_PERSONS = re.compile(
    r"client|gig_id|user_id|coach_id|deputy|name|phone|mail|address|actor|owner|note|reason|words"
    r"|text|_by$|^subject|closed_|details|fields|body"
)
# Rows that a wall shows to one person, or to the units that know them.
OF_ONE = {"own", "self", "known", "unit", "user", "talk", "benefits", "unit_or_any"}


def tells_of_persons(wall: Wall) -> bool:
    """Whether a table may hold something about a person: by its walls, or by its columns."""
    walled = any(cell.rows in OF_ONE or cell.rows.startswith("of_gig") for cell in
                 wall.reads.values())  # fmt: skip
    table = METADATA.tables.get(wall.table)
    columns = table.columns.keys() if table is not None else ()
    return walled or any(OF_PERSONS.search(column) for column in columns)


def test_every_table_that_tells_of_persons_has_a_fate() -> None:
    """Also one that no key ties to a client: it is named as somebody else's, and why."""
    telling = {wall.table for wall in walls() if tells_of_persons(wall)}
    assert telling - set(FATES) - set(OTHERS) == set()
    assert set(FATES) & set(OTHERS) == set()
    assert set(OTHERS) - {wall.table for wall in walls()} == set()


def test_whatever_is_emptied_says_of_what() -> None:
    for name, keeping in FATES.items():
        if keeping.fate is Fate.EMPTIED and name != "clients":
            assert keeping.words in METADATA.tables[name].columns


async def test_what_staff_wrote_is_nowhere_and_the_books_balance(cast: Cast, fresh: Fresh) -> None:
    books = await paid(cast, fresh)
    before = await books.pay()
    assert {"hours_records", "order_events"} <= set(await found_anywhere(fresh, WRITTEN))
    await erase(cast)
    assert await found_anywhere(fresh, WRITTEN, "Eskola") == {}
    assert await books.pay() == before
    reasons = await fresh.owner("SELECT reason FROM hours_records ORDER BY number")
    assert [row[0] for row in reasons] == [MARK, MARK]
    [event] = await fresh.owner("SELECT details FROM order_events WHERE kind = 'hours.corrected'")
    assert MARK in event["details"]
    assert f'"to": {170}' in event["details"]
    assert await fresh.breaches() == {}


async def test_benefits_support_and_coaches_go(cast: Cast, fresh: Fresh) -> None:
    await steps.on_pension(cast, cast.eetu)
    await paid(cast, fresh)
    assert await fresh.owner("SELECT 1 FROM earnings_entries") != []
    await erase(cast)
    for table in ("earnings_entries", "earnings_periods", "client_benefits", "gig_supports",
                  "visit_gigs", "flags"):  # fmt: skip
        assert await fresh.owner(f"SELECT 1 FROM {table}") == [], table
    assert await fresh.breaches() == {}


async def test_others_keep_what_was_written_of_them(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await cast.database.act(
        cast.maija, answering.withdraw, gig_id=gig.id, via=Via.PHONE, now=MONDAY, reason="moved"
    )
    await cast.database.act(OPERATOR, erasing.erase, client_id=cast.eetu, law="x", now=MONDAY)
    rows = await fresh.owner("SELECT reason FROM gig_events WHERE to_status = 'withdrawn'")
    assert [row[0] for row in rows] == ["moved"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gig_events SET reason = 'erased text'",
        "UPDATE hours_records SET reason = 'erased text'",
        "UPDATE attendances SET note = 'erased text'",
        'UPDATE order_events SET details = details || \'{"reason": "erased text"}\'',
        "DELETE FROM earnings_entries",
        "DELETE FROM gig_events",
    ],
)
async def test_history_lets_go_of_nobody_else(cast: Cast, fresh: Fresh, statement: str) -> None:
    await steps.on_pension(cast, cast.eetu)
    await paid(cast, fresh)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fresh.owner(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gig_events SET to_status = 'done'",
        "UPDATE gig_events SET reason = 'another story'",
        "UPDATE hours_records SET minutes = 1, reason = 'erased text'",
        "UPDATE attendances SET said_at = said_at - interval '1 hour'",
        "UPDATE order_events SET details = '{}'",
        "DELETE FROM gig_events",
        "DELETE FROM hours_records",
    ],
)
async def test_of_the_erased_only_words_are_let_go(
    cast: Cast, fresh: Fresh, statement: str
) -> None:
    await paid(cast, fresh)
    await erase(cast)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fresh.owner(statement)


async def test_nobody_is_erased_before_their_pay_has_gone_out(cast: Cast, fresh: Fresh) -> None:
    books = await worked(cast, fresh)
    with pytest.raises(StillHeld, match="approved"):
        await erase(cast)
    await books.approve(180)
    with pytest.raises(StillHeld, match="pay"):
        await erase(cast)
    stated = await books.state_pay()
    with pytest.raises(StillHeld, match="pay"):
        await erase(cast)
    await books.receive(stated.id, received=False, receipt="K-2")
    with pytest.raises(StillHeld, match="pay"):
        await erase(cast)
    await books.receive((await books.state_pay()).id, received=True)
    await erase(cast)
