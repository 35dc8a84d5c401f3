"""From hours to rows: what is written, corrected, stated, received, refused; and never changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from jobcenter.database import Who
from jobcenter.errors import Conflict, Invalid, NotAllowed
from jobcenter.orders import statements, working
from jobcenter.orders.accounts import Statement
from tests import make
from tests.cast import Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import HOUR, Agreed

ENDS = TUESDAY_TEN + 3 * HOUR
NOVEMBER, PAY_DAY = date(2026, 11, 1), date(2026, 12, 15)


@dataclass
class Books:
    """A gig that was done, and what its rows say."""

    cast: Cast
    fresh: Fresh
    agreed: Agreed

    async def approve(
        self, minutes: int, *, reason: str = "", now: datetime = ENDS + HOUR, by: Who | None = None
    ) -> None:
        await self.cast.database.act(
            by or self.cast.sari, working.approve, gig_id=self.agreed.gig_id, minutes=minutes,
            now=now, reason=reason,
        )  # fmt: skip

    async def pay(self) -> list[int]:
        rows = await self.fresh.owner("SELECT cents FROM pay_rows ORDER BY made_at, id")
        return [row[0] for row in rows]

    async def lines(self) -> list[tuple[int, ...]]:
        rows = await self.fresh.owner(
            "SELECT pay_cents, side_costs_cents, vat_cents, total_cents FROM invoice_lines"
            " ORDER BY made_at, id"
        )
        return [tuple(row) for row in rows]

    async def state_pay(self, *, pay_day: date = PAY_DAY, by: Who | None = None) -> Statement:
        return await self.cast.database.act(
            by or self.cast.raili, statements.state_pay, employer_id=key("city"), pay_day=pay_day,
            now=ENDS + 2 * HOUR,
        )  # fmt: skip

    async def state_invoice(self) -> Statement:
        return await self.cast.database.act(
            self.cast.raili, statements.state_invoice, party_id=self.cast.keittio, month=NOVEMBER,
            now=ENDS + 2 * HOUR,
        )  # fmt: skip

    async def receive(self, statement_id: UUID, *, received: bool, receipt: str = "K-1") -> None:
        await self.cast.database.act(
            self.cast.raili, statements.receive, statement_id=statement_id, received=received,
            receipt=receipt, now=ENDS + 3 * HOUR,
        )  # fmt: skip


async def worked(cast: Cast, fresh: Fresh) -> Books:
    agreed = await steps.agreed(cast, cast.eetu, make.order(hourly_cents=1150))
    here = cast.client(cast.eetu)
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=ENDS)
    return Books(cast, fresh, agreed)


async def test_approved_hours_make_one_record_pay_and_a_line(cast: Cast, fresh: Fresh) -> None:
    books = await worked(cast, fresh)
    await books.approve(180)
    [record] = await fresh.owner("SELECT * FROM hours_records")
    assert (record["minutes"], record["approved_by"], record["approved_as"]) == (
        180, cast.sari.actor_id, "orderer",
    )  # fmt: skip
    assert await books.pay() == [3450]
    # 22 % side costs of 34,50 are 7,59; VAT 25,5 % of 42,09 is 10,73.
    assert await books.lines() == [(3450, 759, 1073, 5282)]
    await books.approve(180)
    assert await books.pay() == [3450]


async def test_a_correction_takes_back_and_writes_anew(cast: Cast, fresh: Fresh) -> None:
    books = await worked(cast, fresh)
    await books.approve(180)
    with pytest.raises(Invalid):
        await books.approve(150)
    await books.approve(150, reason="Lähti ajoissa", now=ENDS + 2 * HOUR)
    assert sorted(await books.pay()) == [-3450, 2875, 3450]
    assert sum(line[3] for line in await books.lines()) == 2875 + 633 + 895
    records = await fresh.owner("SELECT number, minutes, reason FROM hours_records ORDER BY number")
    assert [tuple(row) for row in records] == [(1, 180, ""), (2, 150, "Lähti ajoissa")]
    [gig] = await fresh.owner("SELECT status, worked_minutes, pay_cents FROM gigs")
    assert tuple(gig) == ("approved", 150, 2875)


async def test_a_correction_after_the_statement_goes_with_the_next_pay(
    cast: Cast, fresh: Fresh
) -> None:
    books = await worked(cast, fresh)
    await books.approve(180)
    stated = await books.state_pay()
    assert (stated.row_count, stated.total_cents, stated.state) == (1, 3450, "made")
    await books.approve(150, reason="Lähti ajoissa", now=ENDS + 3 * HOUR)
    later = await fresh.owner(
        "SELECT DISTINCT pay_day, report_by FROM pay_rows WHERE statement_id IS NULL"
    )
    assert [tuple(row) for row in later] == [(date(2027, 1, 15), date(2027, 1, 20))]
    with pytest.raises(Conflict):
        await books.state_pay()
    january = await books.state_pay(pay_day=date(2027, 1, 15))
    assert january.total_cents == -575


async def test_received_invoices_move_their_gigs_and_refused_rows_wait_again(
    cast: Cast, fresh: Fresh
) -> None:
    books = await worked(cast, fresh)
    await books.approve(180)
    refused = await books.state_invoice()
    await books.receive(refused.id, received=False, receipt="Väärä viite")
    again = await books.state_invoice()
    assert again.number > refused.number
    assert await steps.statuses(fresh, "gigs") == ["approved"]
    await books.receive(again.id, received=True)
    assert await steps.statuses(fresh, "gigs") == ["invoiced"]
    with pytest.raises(Conflict):
        await books.receive(again.id, received=True)
    await books.approve(190, reason="Jäi siivoamaan", now=ENDS + 5 * HOUR)
    assert sum(await books.pay()) == 3642


async def test_only_who_settles_the_accounts_makes_statements(cast: Cast, fresh: Fresh) -> None:
    books = await worked(cast, fresh)
    await books.approve(180)
    for other in (cast.sari, cast.maija, cast.merja, cast.kim):
        with pytest.raises(NotAllowed):
            await books.state_pay(by=other)


async def test_an_orderer_who_employs_pays_the_wage_without_us(cast: Cast, fresh: Fresh) -> None:
    books = await worked(cast, fresh)
    await fresh.owner("UPDATE employers SET kind = 'ORDERER'")
    await books.approve(180)
    assert await books.pay() == []
    assert await books.lines() == [(0, 0, 0, 0)]


async def test_an_evening_earns_its_supplement_from_the_offer_on(cast: Cast, fresh: Fresh) -> None:
    start = TUESDAY_TEN + timedelta(hours=7)
    agreed = await steps.agreed(cast, cast.eetu, make.order(start=start, hourly_cents=1200))
    [gig] = await fresh.owner("SELECT pay_cents FROM gigs")
    assert gig["pay_cents"] == 3600 + 360
    here = cast.client(cast.eetu)
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=start)
    await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=start + 3 * HOUR)
    await Books(cast, fresh, agreed).approve(180, now=start + 4 * HOUR)
    rows = await fresh.owner("SELECT component, minutes, cents FROM pay_rows ORDER BY cents")
    assert [tuple(row) for row in rows] == [("evening", 120, 360), ("pay", 180, 3600)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pay_rows SET cents = cents + 1",
        "DELETE FROM pay_rows",
        "UPDATE invoice_lines SET vat_cents = 0",
        "UPDATE hours_records SET minutes = 10",
    ],
)
async def test_what_is_written_about_money_stays(cast: Cast, fresh: Fresh, statement: str) -> None:
    books = await worked(cast, fresh)
    await books.approve(180)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await fresh.owner(statement)


async def test_the_database_refuses_pay_that_does_not_balance(cast: Cast, fresh: Fresh) -> None:
    books = await worked(cast, fresh)
    await books.approve(180)
    with pytest.raises(asyncpg.CheckViolationError, match="differ"):
        await fresh.owner("UPDATE gigs SET pay_cents = pay_cents + 1")
    with pytest.raises(asyncpg.CheckViolationError, match="mirrors"):
        await fresh.owner(
            "INSERT INTO pay_rows (organiser_id, id, gig_id, client_id, employer_id, hours_id,"
            " kind, component, minutes, cents, worked_on, pay_day, report_by, reverses, made_at)"
            " SELECT organiser_id, gen_random_uuid(), gig_id, client_id, employer_id, hours_id,"
            " kind, component, minutes, -cents + 1, worked_on, pay_day, report_by, id, made_at"
            " FROM pay_rows"
        )
