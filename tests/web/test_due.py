"""What is due, as each role sees it: the units' to-dos, visits, benefits, lists, pay, orders."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.dialects.postgresql import Range
from uuid_utils.compat import uuid7

from jobcenter.database import Who
from jobcenter.orders import todos
from jobcenter.orders.gigs import CoachVisit
from jobcenter.orders.queries.due import distinct
from jobcenter.orders.queries.due_rows import Due
from jobcenter.people.clients import ClientBenefit
from jobcenter.people.erasures import LegalHold
from jobcenter.people.listed import ListChange
from jobcenter.web.personal import looked_at
from jobcenter.web.signin import home_of
from tests import make
from tests.cast import CITY, MONDAY, RIGHTS, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.web.surfer import Surfer, sign_in, surfer
from tests.web.test_accounts import approved
from tests.web.test_coach import gig_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def sees(browser: Surfer, cast: Cast, who: Who) -> dict[str, list[str]]:
    """Return what stands on somebody's list, by section, with where each leads."""
    await sign_in(browser, cast, who)
    answer = await browser.get("/due")
    assert answer.status_code == 200
    found = {}
    for part in answer.text.split('<section class="card"')[1:]:
        name = part.split('aria-labelledby="')[1].split('"')[0]
        rows = part.split('<li class="due__row"><a href="')[1:]
        found[name] = [row.split('"')[0] for row in rows]
    return found


async def test_each_role_sees_its_own(cast: Cast, fresh: Fresh) -> None:
    gig = await gig_of(cast, cast.aino)
    await cast.database.act(cast.client(cast.aino), todos.call_me, gig_id=gig.id, now=MONDAY)
    await make.save(
        cast,
        ClientBenefit(organiser_id=CITY, client_id=cast.eetu, benefit="disability_pension",
                      valid_from=THIS_YEAR, valid_to=date(2026, 12, 10)),
        ClientBenefit(organiser_id=CITY, client_id=cast.onni, benefit="disability_pension",
                      valid_from=THIS_YEAR, valid_to=date(2026, 12, 10)),
        ListChange(organiser_id=CITY, list="services", entry="a" * 8, key={}, kind="changed",
                   holds_from=date(2026, 12, 10), at=MONDAY),
        *(LegalHold(organiser_id=CITY, client_id=client_id, reason="A claim is being heard.",
                    placed_at=MONDAY - DAY, last_day=date(2026, 11, 26))
          for client_id in (cast.onni, cast.aino)),
        CoachVisit(organiser_id=CITY, id=uuid7(), coach_id=cast.kim_coach, order_id=gig.order_id,
                   presence="present", status="booked",
                   during=Range(TUESDAY_TEN + 4 * HOUR, TUESDAY_TEN + 5 * HOUR)),
    )  # fmt: skip
    order, visit = f"/orders/{gig.order_id}", "/coach"
    adviser = Who(
        CITY, "benefits", actor_id=key("merja"), unit_ids=(cast.kaneli,), name="Merja",
        rights=frozenset(RIGHTS["benefits"]),
    )  # fmt: skip
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        assert await sees(browser, cast, cast.maija) == {
            "today": [f"/board{order}"], "week": [], "soon": [],
        }  # fmt: skip
        assert "Aino Aalto" in (await browser.get("/due")).text
        assert await sees(browser, cast, cast.kim) == {
            "today": [],
            "week": [visit, visit],
            "soon": [],
        }
        assert await sees(browser, cast, cast.pekka) == {"today": [], "week": [], "soon": []}
        assert await sees(browser, cast, cast.jaana) == {
            "today": [], "week": [], "soon": [f"/organiser/services/{'a' * 8}"],
        }  # fmt: skip
        assert await sees(browser, cast, cast.tuija) == {
            "today": [], "week": ["/audit/holds"], "soon": [],
        }  # fmt: skip
        assert "2 legal holds end" in (await browser.get("/due")).text
        assert await sees(browser, cast, cast.sari) == {"today": [], "week": [order], "soon": []}
        assert "Aino" not in (await browser.get("/due")).text
        await fresh.owner("UPDATE grants SET role = 'benefits' WHERE user_id = $1", key("merja"))
        assert await sees(browser, cast, adviser) == {
            "today": [], "week": [], "soon": [f"/benefits/{cast.eetu}"],
        }  # fmt: skip
        assert "Eetu Eskola" in (await browser.get("/due")).text
    assert home_of(adviser) == "/benefits"
    # A name on the list is a look at a record; that a benefit ends is more than a name.
    looks = await fresh.owner(
        "SELECT DISTINCT actor, client_id, what FROM looks WHERE purpose = 'to-do'"
    )
    assert {tuple(row) for row in looks} == {
        (key("maija"), cast.aino, "name"),
        (key("merja"), cast.eetu, "name, benefit that ends"),
    }  # fmt: skip
    assert looked_at("name, benefit that ends") == "Your name, and that a benefit of yours ends"


def test_one_line_for_what_two_roles_share_and_two_for_what_only_looks_alike() -> None:
    day = MONDAY.date()
    to_do = Due("call_me", day, "/board/clients/1", "Dishwashing", key("aino"), MONDAY)
    shared = replace(to_do, what="")
    alike = (
        Due("invoice", day, "/accounts", "Naapuri Oy"),
        Due("invoice", day, "/accounts", "Keittiö Kallio"),
        Due("pay_day", day, "/accounts", "The city"),
        Due("pay_day", day, "/accounts", "The association"),
        Due("visit", day, "/coach", "Dishwashing", at=MONDAY),
        Due("visit", day, "/coach", "Dishwashing", at=MONDAY + timedelta(hours=4)),
        Due("emergency_opened", day, "/audit", at=MONDAY),
        Due("emergency_opened", day, "/audit", at=MONDAY + timedelta(minutes=1)),
        replace(to_do, client_id=key("eetu")),
        replace(to_do, at=MONDAY + timedelta(hours=1)),
    )
    assert tuple(distinct((to_do, *alike, shared))) == (to_do, *alike)


async def test_pay_and_hours_are_due_for_those_who_see_to_them(cast: Cast, fresh: Fresh) -> None:
    await approved(cast, cast.eetu)
    async with surfer(cast.database) as browser:
        # The pay day of November's work is in December; the invoice is of the month.
        found = await sees(browser, cast, cast.raili)
        assert {path for rows in found.values() for path in rows} == {"/accounts"}
        assert len(found["soon"]) >= 1
        assert (await browser.get("/")).status_code == 200
        await fresh.owner("DELETE FROM grants WHERE user_id = $1", key("raili"))
        assert (await browser.get("/due")).status_code == 403
    async with surfer(cast.database) as browser:
        assert (await browser.get("/due")).status_code in {303, 401}
