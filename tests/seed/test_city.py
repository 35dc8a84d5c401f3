"""The made-up city: the same from the same seed, lawful, and brought up to date on a later day."""

from datetime import UTC, datetime, timedelta

import pytest

from jobcenter import masterkeys
from jobcenter.database import OrganiserId, Who
from jobcenter.orders import placing
from jobcenter.orders.occasions import TimeFields
from jobcenter.seed.bulk import Seeded
from jobcenter.seed.city import Seeding, bring_up_to_date
from tests.conftest import Fresh, Server, cloned
from tests.orders.wishing import wish

# A Tuesday at noon in Helsinki: gigs run at this very moment.
NOON = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSED = {"client_keys", "client_contacts", "client_need_notes"}


async def seed(fresh: Fresh, now: datetime = NOON, *, size: str = "small") -> Seeded:
    seeding = Seeding(size, 1, now, OrganiserId(1), "secret", masterkeys.keyring(fresh.home))
    return await bring_up_to_date(fresh.owner_dsn, seeding)


async def prints(fresh: Fresh) -> dict[str, str]:
    """Give a fingerprint of every table's rows; what is closed looks different each time."""
    tables = await fresh.owner("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {}
    for name in {row[0] for row in tables} - CLOSED:
        rows = await fresh.owner(
            f"SELECT count(*), md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {name} AS t"
        )
        found[name] = f"{rows[0][0]} {rows[0][1]}"
    return found


async def gigs_by_status(fresh: Fresh) -> dict[str, int]:
    rows = await fresh.owner("SELECT status, count(*) FROM gigs GROUP BY status")
    return {row[0]: row[1] for row in rows}


async def test_it_keeps_every_promise(fresh: Fresh) -> None:
    seeded = await seed(fresh)
    assert seeded.orders > 150
    assert seeded.gigs > 50
    assert await fresh.breaches() == {}
    await an_order_is_taken(fresh)


async def an_order_is_taken(fresh: Fresh) -> None:
    """What is placed afterwards has a number of its own."""
    user, party = (
        await fresh.owner("SELECT user_id, party_id FROM grants WHERE role = 'orderer' LIMIT 1")
    )[0]
    who = Who(OrganiserId(1), "orderer", user, party_id=party, rights=frozenset({"order"}))
    wished = wish(TimeFields("fixed", (NOON + DAY * 7,), 180), now=NOON)
    placed = await fresh.database.act(who, placing.place, wish=wished, now=NOON)
    numbers = await fresh.owner("SELECT max(number) FROM orders")
    assert placed.orders[0].number == numbers[0][0]


async def test_it_is_the_same_twice(fresh: Fresh, server: Server) -> None:
    await seed(fresh)
    async with cloned(server, server.template) as other:
        await seed(other)
        assert await prints(fresh) == await prints(other)


async def test_another_seed_makes_another_city(fresh: Fresh, server: Server) -> None:
    await seed(fresh)
    async with cloned(server, server.template) as other:
        ring = masterkeys.keyring(fresh.home)
        seeding = Seeding("small", 2, NOON, OrganiserId(1), "secret", ring)
        await bring_up_to_date(other.owner_dsn, seeding)
        ours, theirs = await prints(fresh), await prints(other)
    differing = {name for name in ours if ours[name] != theirs[name]}
    assert {"clients", "orders", "gigs", "coach_hours", "client_needs"} <= differing
    assert "districts" not in differing


async def test_a_second_time_on_one_day_changes_nothing(fresh: Fresh) -> None:
    await seed(fresh)
    before = await prints(fresh)
    assert await seed(fresh, NOON + timedelta(hours=3)) == Seeded(0, 0)
    assert await prints(fresh) == before


@pytest.mark.parametrize("days", [1, 4, 30])
async def test_a_later_day_adds_what_is_missing(fresh: Fresh, days: int) -> None:
    await seed(fresh)
    later = NOON + DAY * days
    seeded = await seed(fresh, later)
    assert seeded.orders > 0
    assert await fresh.breaches() == {}
    open_days = await fresh.owner("SELECT min(last_end), max(first_start) FROM orders"
                                  " WHERE status = 'open'")  # fmt: skip
    first, last = open_days[0]
    assert first > later
    assert later + DAY * 12 < last < later + DAY * 15
    unended = await fresh.owner(
        "SELECT 1 FROM gigs WHERE upper(during) <= $1"
        " AND status IN ('assigned', 'confirmed', 'in_progress')",
        later,
    )
    assert unended == []


async def test_a_later_day_works_around_what_people_did(fresh: Fresh) -> None:
    await seed(fresh)
    mine = await fresh.owner(
        "UPDATE orders SET status = 'cancelled', cancelled_at = $1 WHERE id IN"
        " (SELECT id FROM orders o WHERE status = 'open' AND NOT EXISTS"
        "  (SELECT 1 FROM gigs g WHERE g.order_id = o.id) ORDER BY first_start LIMIT 3)"
        " RETURNING id",
        NOON,
    )
    await seed(fresh, NOON + DAY * 5)
    gigs = await fresh.owner(
        "SELECT 1 FROM gigs WHERE order_id = ANY ($1)", [row["id"] for row in mine]
    )
    assert gigs == []
    assert await fresh.breaches() == {}


async def test_a_missed_offer_ends_and_frees_what_it_held(fresh: Fresh) -> None:
    await seed(fresh)
    waiting = await fresh.owner("SELECT id FROM gigs WHERE status IN ('assigned', 'confirmed')")
    await fresh.owner(
        "WITH off AS (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE gigs SET status = 'assigned', answered_via = NULL, answered_by = NULL,"
        " answered_at = NULL FROM off WHERE status = 'confirmed'"
    )
    await fresh.owner("UPDATE visit_gigs SET status = 'held' WHERE gig_id IN"
                      " (SELECT id FROM gigs WHERE status = 'assigned')")  # fmt: skip
    await seed(fresh, NOON + DAY * 8)
    ended = await fresh.owner(
        "SELECT status, count(*) FROM gigs WHERE id = ANY ($1) GROUP BY status",
        [row["id"] for row in waiting],
    )
    assert {row["status"] for row in ended} == {"expired"}
    held = await fresh.owner(
        "SELECT 1 FROM visit_gigs WHERE status <> 'free' AND gig_id = ANY ($1)",
        [row["id"] for row in waiting],
    )
    assert held == []


class TestCity:
    async def test_it_is_a_city_of_the_right_size(self, fresh: Fresh) -> None:
        await seed(fresh, size="city")
        assert await fresh.breaches() == {}
        rows = await fresh.owner(
            "SELECT (SELECT count(*) FROM units) AS units,"
            " (SELECT count(*) FROM coaches) AS coaches,"
            " (SELECT count(*) FROM clients) AS clients, (SELECT count(*) FROM parties) AS parties,"
            " (SELECT count(*) FROM task_types) AS tasks,"
            " (SELECT count(*) FROM districts) AS districts,"
            " (SELECT count(DISTINCT client_id) FROM client_needs) AS with_needs"
        )
        sizes = dict(rows[0])
        assert sizes.pop("parties") >= 40
        assert sizes.pop("with_needs") >= 0.6 * 468
        assert sizes == {
            "units": 10,
            "coaches": 24,
            "clients": 468,
            "tasks": 46,
            "districts": 44,
        }
        await self.orders_of_every_kind_wait(fresh)
        await self.gigs_are_everywhere_on_their_way(fresh)

    async def orders_of_every_kind_wait(self, fresh: Fresh) -> None:
        waiting = await fresh.owner(
            "SELECT count(*) AS orders, count(*) FILTER (WHERE timing = 'window') AS windows,"
            " count(*) FILTER (WHERE timing = 'starts') AS several,"
            " count(series_id) AS repeated, count(*) FILTER (WHERE group_visit) AS groups,"
            " count(*) FILTER (WHERE channel = 'OPEN') AS open_channel,"
            " count(*) FILTER (WHERE channel = 'PARTNER') AS partners"
            " FROM orders WHERE status = 'open' AND last_end > $1",
            NOON,
        )
        kinds = dict(waiting[0])
        assert 220 <= kinds.pop("orders") <= 300
        assert all(count >= 5 for count in kinds.values()), kinds
        without = await fresh.owner("SELECT 1 FROM series WHERE cardinality(without) > 0")
        assert without

    async def gigs_are_everywhere_on_their_way(self, fresh: Fresh) -> None:
        found = await gigs_by_status(fresh)
        assert found["approved"] > 800
        assert found["confirmed"] > 10
        assert found["in_progress"] > 0
        assert {"done", "declined", "expired", "withdrawn", "cancelled", "no_show"} <= set(found)
        levels = await fresh.owner("SELECT DISTINCT level FROM client_needs ORDER BY level")
        assert [row["level"] for row in levels] == [1, 2, 3]
        rested = await fresh.owner(
            "SELECT count(DISTINCT client_id) FROM gigs WHERE status = 'approved'"
        )
        assert rested[0][0] > 250
