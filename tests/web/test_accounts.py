"""Pay and invoices on pages: what waits, statements as files, receipts, and who may see them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest

from jobcenter.database import Who
from jobcenter.orders import working
from tests import make
from tests.cast import Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import Clock, Surfer, sign_in, surfer

ENDS = TUESDAY_TEN + timedelta(hours=3)
LATER = ENDS + timedelta(hours=1)


async def approved(cast: Cast, client_id: UUID, *, title: str = "Tiskaus") -> UUID:
    """Have a client work three hours at a plate, and Sari approve them; return the order."""
    order = make.order()
    order.title = title
    agreed = await steps.agreed(cast, client_id, order)
    here = cast.client(client_id)
    await cast.database.act(here, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    await cast.database.act(here, working.check_out, gig_id=agreed.gig_id, now=ENDS)
    await cast.database.act(
        cast.sari,
        working.approve,
        gig_id=agreed.gig_id,
        minutes=180,
        now=LATER,
    )
    return agreed.order_id


@asynccontextmanager
async def browsing(cast: Cast, who: Who) -> AsyncIterator[Surfer]:
    """Open a browser on which somebody has signed in after the work."""
    async with surfer(cast.database, Clock(LATER)) as browser:
        await sign_in(browser, cast, who, LATER)
        browser.cookies.set("jobcenter_language", "en")
        yield browser


async def made(browser: Surfer, kind: str) -> str:
    """Make the first statement that the page offers and return its address."""
    answer = await browser.send_form("/accounts", f"/accounts/{kind}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def test_only_those_who_settle_see_accounts(cast: Cast) -> None:
    await approved(cast, cast.eetu)
    async with surfer(cast.database, Clock(LATER)) as stranger:
        assert (await stranger.get("/accounts")).status_code in {303, 401}
    for who in (cast.sari, cast.maija, cast.kim, cast.merja):
        async with browsing(cast, who) as browser:
            assert (await browser.get("/accounts")).status_code == 403


async def test_what_waits_is_shown_without_a_name(cast: Cast) -> None:
    await approved(cast, cast.eetu)
    async with browsing(cast, cast.raili) as browser:
        page = (await browser.get("/accounts")).text
    for said in ("Helsingin kaupunki", "Keittiö Oy", "34.50", "52.82", "11/2026"):
        assert said in page, said
    assert "Eskola" not in page
    assert "What went out" in page


async def test_a_pay_statement_as_page_and_files(cast: Cast, fresh: Fresh) -> None:
    await approved(cast, cast.eetu)
    async with browsing(cast, cast.raili) as browser:
        address = await made(browser, "pay")
        page = (await browser.get(address)).text
        assert "Eskola Eetu" in page
        assert "Waits for a receipt" in page
        as_csv = await browser.get(f"{address}/statement.csv")
        as_xlsx = await browser.get(f"{address}/statement.xlsx")
        unknown = await browser.get(f"{address}/statement.pdf")
    assert unknown.status_code == 404
    assert as_csv.headers["content-disposition"].endswith('.csv"')
    assert as_csv.headers["cache-control"] == "private, no-store"
    lines = as_csv.text.removeprefix("\ufeff").split("\r\n")
    assert lines[0].startswith('"Family name";"Given name";"Order"')
    assert lines[1].startswith('"Eskola";"Eetu";')
    assert lines[2].startswith('"Total";"";')
    assert '"34,50"' in lines[2]
    with ZipFile(BytesIO(as_xlsx.content)) as book:
        assert "Eskola" in book.read("xl/sharedStrings.xml").decode()
    looks = await fresh.owner("SELECT client_id FROM looks WHERE purpose = 'pay statement'")
    assert {row["client_id"] for row in looks} == {cast.eetu}
    assert len(looks) == 3
    told = await fresh.owner("SELECT client_id, to_kind, recipient, what FROM disclosures")
    assert [tuple(row) for row in told] == [(cast.eetu, "register", "payroll", "name, pay")] * 2


async def test_a_file_with_names_asks_for_a_fresh_sign_in(cast: Cast) -> None:
    await approved(cast, cast.eetu)
    clock = Clock(LATER)
    async with surfer(cast.database, clock) as browser:
        await sign_in(browser, cast, cast.raili, LATER)
        address = await made(browser, "pay")
        clock.move(minutes=25)
        assert (await browser.get(address)).status_code == 200
        late = await browser.get(f"{address}/statement.csv")
        assert late.status_code == 303
        assert late.headers["location"].startswith("/signin")


async def test_an_orderers_title_is_never_a_formula(cast: Cast) -> None:
    await approved(cast, cast.eetu, title='=HYPERLINK("http://x")')
    async with browsing(cast, cast.raili) as browser:
        address = await made(browser, "invoices")
        written = (await browser.get(f"{address}/statement.csv")).text
        with ZipFile(BytesIO((await browser.get(f"{address}/statement.xlsx")).content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "\"'=HYPERLINK" in written
    assert "<f>" not in sheet
    for secret in ("Eetu", "Eskola", "Kaneli", str(cast.eetu)):
        assert secret not in written


@pytest.mark.parametrize(
    ("outcome", "tag", "status"),
    [
        ("received", "Received", "invoiced"),
        ("refused", "Refused", "approved"),
    ],
)
async def test_a_receipt(cast: Cast, fresh: Fresh, outcome: str, tag: str, status: str) -> None:
    await approved(cast, cast.eetu)
    async with browsing(cast, cast.raili) as browser:
        address = await made(browser, "invoices")
        empty = await browser.send_form(address, f"{address}/receipt", receipt=" ")
        assert empty.status_code == 422
        assert "Please write the receipt" in empty.text
        done = await browser.send_form(
            address,
            f"{address}/receipt",
            receipt="L-77",
            outcome=outcome,
        )
        assert done.status_code == 303, done.text
        page = (await browser.get(address)).text
        front = (await browser.get("/accounts")).text
    assert tag in page
    assert "L-77" in page
    waits_again = "52.82" in front.partition("What went out")[0]
    assert waits_again == (outcome == "refused")
    assert await steps.statuses(fresh, "gigs") == [status]


async def test_the_same_rows_go_out_once(cast: Cast) -> None:
    await approved(cast, cast.eetu)
    async with browsing(cast, cast.raili) as browser:
        form = await browser.form("/accounts", "/accounts/pay")
        assert (await browser.post("/accounts/pay", data=form)).status_code == 303
        again = await browser.post("/accounts/pay", data=form)
        assert again.status_code == 409
        for wrong in ({"subject": "x"}, {"subject": str(cast.kaneli)}):
            refused = await browser.post("/accounts/pay", data={**form, **wrong})
            assert refused.status_code in {404, 409}
        late = await browser.post("/accounts/pay", data={**form, "period": "soon"})
        assert late.status_code == 422


async def test_an_orderer_reads_own_lines_and_corrects_hours(cast: Cast, fresh: Fresh) -> None:
    order_id = await approved(cast, cast.eetu)
    path = f"/orders/{order_id}"
    [gig] = await fresh.owner("SELECT id FROM gigs")
    async with browsing(cast, cast.sari) as browser:
        page = (await browser.get(path)).text
        assert "What it costs" in page
        assert "52.82" in page
        approve = f"{path}/gigs/{gig['id']}/approve"
        blank = await browser.send_form(path, approve, minutes="150")
        assert blank.status_code == 422
        done = await browser.send_form(path, approve, minutes="150", reason="Left in time")
        assert done.status_code == 303
        page = (await browser.get(path)).text
    for said in ("52.82", "44.03", "taken back"):
        assert said in page, said


async def test_an_orderer_who_employs_reads_that_the_wages_are_theirs(
    cast: Cast, fresh: Fresh
) -> None:
    """There is nothing to pay us: no sum of nothing, and no invoice to wait for."""
    await fresh.owner("UPDATE employers SET kind = 'ORDERER'")
    order_id = await approved(cast, cast.eetu)
    async with browsing(cast, cast.sari) as browser:
        for path in (f"/orders/{order_id}", "/costs"):
            page = (await browser.get(path)).text
            assert "you pay the wages yourself" in page, path
            assert "€0.00" not in page, path
            assert "month's invoice" not in page, path
