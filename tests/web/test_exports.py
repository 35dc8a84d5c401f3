"""All rows as one file: a reason, a job, one person's link for a day, and a look at everybody."""

from datetime import date, timedelta

import httpx

from jobcenter.database import Face
from jobcenter.orders import exports, statements
from jobcenter.people import staff as s
from jobcenter.retention import erasing
from jobcenter.senders import Gateway, MailServer
from jobcenter.worker.exporting import make_exports
from jobcenter.worker.hands import Hands, WorkerConfig, hands
from jobcenter.worker.ticks import TICKS
from tests import make
from tests.cast import CITY, Cast, key
from tests.conftest import Fresh
from tests.retention.test_of_the_gigs import OPERATOR
from tests.web.surfer import CONFIG, Clock, Surfer, session_at, sign_in, surfer
from tests.web.test_accounts import LATER, approved

PAGE = "/accounts/exports"
YEAR = {"first_day": "2026-01-01", "last_day": "31.12.2026", "reason": "The auditors ask for it"}
# What would be worked out by a spreadsheet, or by somebody's templates.
TITLE = "=1+1 {{7*7}} ${7*7} <%= 7*7 %> #{7*7}"
FILE = "SELECT people FROM export_files"


def worker_of(cast: Cast, fresh: Fresh) -> Hands:
    config = WorkerConfig(
        organiser=CITY, base_url=CONFIG.base_url, secret=CONFIG.secret, gateway=Gateway(""),
        server=MailServer("127.0.0.1", 1, "jobcenter@example.org"),
        direct_dsn=fresh.doors[Face.SERVICE],
    )  # fmt: skip
    return hands(cast.database, config)


async def asked(browser: Surfer, **fields: str) -> httpx.Response:
    """Ask for a file, by the form."""
    return await browser.send_form(PAGE, PAGE, **{**YEAR, **fields})


async def test_71_everybodys_rows_are_a_job_and_one_persons_link_for_a_day(
    cast: Cast, fresh: Fresh
) -> None:
    for client in (cast.eetu, cast.aino):
        await approved(cast, client, title=TITLE)
    works, clock = worker_of(cast, fresh), Clock(LATER)
    async with surfer(cast.database, clock) as raili, surfer(cast.database, clock) as other:
        for browser in (raili, other):
            browser.cookies.set("jobcenter_language", "en")
        await sign_in(raili, cast, cast.raili, LATER)
        other.cookies.set("jobcenter_session", await another(cast))
        for wrong in ({"reason": "x"}, {"last_day": "1.1.2025"}, {"first_day": "x"}, {"kind": "x"}):
            assert (await asked(raili, **wrong)).status_code == 422
        taken = await asked(raili)
        again = await asked(raili)
        address = taken.headers["location"]
        assert (taken.status_code, again.headers["location"]) == (202, address)
        assert "is being made" in taken.text
        assert (await raili.get(f"{address}/rows.csv")).status_code == 404
        # Two reads for the two rows, and one that finds no more.
        assert await make_exports(works, LATER, most=1)
        assert not await make_exports(works, LATER)
        assert "is ready: 2 rows." in (await raili.get(address)).text
        for path in (address, f"{address}/rows.csv"):
            assert (await other.get(path)).status_code == 404
        told = await raili.get(f"{address}/rows.csv")
        assert told.headers["content-type"].startswith("text/csv")
        lines = told.content.decode("utf-8-sig").splitlines()
        assert [line.split(";")[0] for line in lines] == ['"Sukunimi"', '"Eskola"', '"Aalto"']
        # The job's look and the download's, of each person; and that it left the house.
        looks = "SELECT client_id, actor FROM looks WHERE purpose = 'pay export'"
        who = [(client, key("raili")) for client in (cast.eetu, cast.aino) for _ in range(2)]
        assert sorted(map(tuple, await fresh.owner(looks))) == sorted(who)
        left = await fresh.owner("SELECT client_id FROM disclosures WHERE purpose = 'pay export'")
        assert {row[0] for row in left} == {cast.eetu, cast.aino}
        bills = (await asked(raili, kind="invoices")).headers["location"]
        await make_exports(works, LATER)
        assert f'"\'{TITLE}"' in (await raili.get(f"{bills}/rows.csv")).text
        await sign_in(other, cast, cast.tuija, LATER)
        assert "The auditors ask for it" in (await other.get("/audit")).text
        # Whoever is erased is in no file that could still be taken.
        assert len(await fresh.owner(FILE)) == 2
        await paid(cast)
        await cast.database.act(
            OPERATOR, erasing.erase, client_id=cast.eetu, law="asked", now=LATER
        )
        assert (await raili.get(f"{address}/rows.csv")).status_code == 410
        clock.move(hours=24)
        raili.cookies.delete("jobcenter_session")
        await sign_in(raili, cast, cast.raili, clock.now)
        assert (await raili.get(f"{bills}/rows.csv")).status_code == 410
        assert "is no longer" in (await raili.get(bills)).text
    await TICKS["tidy"](works, clock.now)
    assert await fresh.owner(FILE) == []
    assert len(await fresh.owner("SELECT 1 FROM exports")) == 2
    await TICKS["tidy"](works, LATER + timedelta(days=31))
    assert await fresh.owner("SELECT 1 FROM exports") == []


async def paid(cast: Cast) -> None:
    """Have the pay go out: until then nobody who waits for it is erased."""
    act, raili = cast.database.act, cast.raili
    made = await act(
        raili, statements.state_pay, employer_id=key("city"), pay_day=date(2027, 1, 31), now=LATER
    )
    await act(
        raili, statements.receive, statement_id=made.id, received=True, receipt="1", now=LATER
    )


async def another(cast: Cast) -> str:
    """Sign in somebody else who settles the accounts."""
    user_id, email = key("second"), "second@example.org"
    user = s.User(organiser_id=CITY, id=user_id, email=email, name="Second")
    await make.save(cast, user, s.Grant(organiser_id=CITY, user_id=user_id, role="accountant"))
    return await session_at(cast, cast.raili, email, LATER)


async def test_whoever_may_no_more_gets_no_file_and_nobody_is_read(
    cast: Cast, fresh: Fresh
) -> None:
    await approved(cast, cast.eetu)
    days = (date(2026, 1, 1), date(2026, 12, 31))
    for kind in ("pay", "invoices"):
        await cast.database.act(
            cast.raili, exports.ask, kind=kind, days=days, reason="The auditors", now=LATER
        )
        before = "DELETE FROM grants" if kind == "pay" else "UPDATE users SET disabled_at = now()"
        await fresh.owner(f"{before} WHERE {'user_' * (kind == 'pay')}id = $1", key("raili"))
        await make_exports(worker_of(cast, fresh), LATER)
    states = await fresh.owner("SELECT state FROM exports")
    assert [row[0] for row in states] == ["refused", "refused"]
    assert await fresh.owner("SELECT 1 FROM looks WHERE purpose = 'pay export'") == []
