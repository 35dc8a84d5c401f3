"""Bad input through forms and links: pages that say what is wrong, and keep what was typed."""

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from statistics import median
from urllib.parse import quote, quote_plus
from uuid import UUID

import httpx
import pytest

from jobcenter import access
from jobcenter.database import Who
from jobcenter.orders import answering, assigning, linking
from jobcenter.orders.gigs import Via
from tests import make
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer
from tests.web.test_client import offer
from tests.web.test_orderer import look_over, order

# The numbers of the list of bad inputs that this file proves.
ROWS = (12, 18, 19, 20, 31, 32, 40, 42, 43, 44, 50, 54, 56, 57, 59, 70, 73, 74, 81, 84)


@asynccontextmanager
async def signed_in(cast: Cast, who: Who, clock: Clock | None = None) -> AsyncIterator[Surfer]:
    async with surfer(cast.database, clock) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, who)
        yield browser


async def test_12_a_comma_is_how_a_form_writes_money(onlookers: Cast) -> None:
    async with signed_in(onlookers, onlookers.sari) as browser:
        assert (await look_over(browser, pay="12,50")).status_code == 200


FORMULAS = "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}"
EVIL = f'"><img src=x onerror=alert(1)><script>alert(1)</script> {FORMULAS}'


async def test_18_19_what_looks_like_code_is_shown_and_never_run(cast: Cast) -> None:
    """On the pages of an order and a gig of everybody concerned, and on what they print."""
    row = make.order(places=2)
    row.title = row.description = row.wear = row.bring = row.contact_name = EVIL
    agreed = await steps.agreed(cast, cast.aino, row)
    gig, today = f"/board/gigs/{agreed.gig_id}", f"?day={TUESDAY_TEN.date()}"
    async with signed_in(cast, cast.sari) as browser:
        pages = [await look_over(browser, title=EVIL, description=EVIL, wear=EVIL)]
        order_id = await order(browser, title=EVIL, description=EVIL, wear=EVIL)
        theirs = ("/orders", f"/orders/{order_id}", f"/orders/{order_id}/change")
        pages += [await browser.get(path) for path in theirs]
    async with signed_in(cast, cast.maija) as staff:
        ours = (f"/board/orders/{order_id}", gig, f"{gig}/card", f"/board/sheet{today}")
        pages += [await staff.get(path) for path in ours]
    async with signed_in(cast, cast.kim) as coach:
        pages += [await coach.get("/coach"), await coach.get(f"/coach/sheet{today}")]
    async with surfer(cast.database) as phone:
        _, link = await offer(cast, cast.eetu, order_id=agreed.order_id, place_no=2)
        await phone.get(link)
        pages.append(await phone.get("/gig"))
    for page in pages:
        assert page.status_code == 200, page.url
        assert "<img src=x" not in page.text
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text, page.url
        assert "{{7*7}} ${7*7} &lt;%= 7*7 %&gt; #{7*7}" in page.text, page.url
        # No 49 of its own; one within an id or a longer number is none.
        assert not re.search(r"(?<![\w-])49(?![\w-])", page.text), page.url


@pytest.mark.parametrize("text", ["' OR 1=1--", "1; SELECT pg_sleep(5)", "\x00", "\x01"])
async def test_20_sql_in_cookies_heads_and_questions_is_text(onlookers: Cast, text: str) -> None:
    """And what looks the same, but makes no sense as SQL, is answered with the same page."""
    twin = re.sub("[A-Za-z]", "x", text)
    async with signed_in(onlookers, onlookers.maija) as browser:
        for path, params, headers in _places(onlookers):
            begun = time.monotonic()
            pages = [
                await browser.get(
                    path,
                    params=dict.fromkeys(params, typed),
                    headers={name: value.format(typed) for name, value in headers.items()},
                )
                for typed in dict.fromkeys((text, twin))
            ]
            assert time.monotonic() - begun < 4
            assert pages[0].status_code < 500, pages[0].url
            assert len({(page.status_code, _without(page.text, text, twin)) for page in pages}) == 1


def _places(cast: Cast) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Yield where something may be sent along besides a form: in a question, a head, a cookie."""
    for name in ("q", "unit", "day", "note"):
        yield "/board", [name], {}
    yield f"/board/clients/{cast.aino}", ["purpose"], {}
    yield "/signin", ["next"], {}
    for name in ("accept-language", "x-request-id"):
        yield "/board", [], {name: "{}"}
    yield "/signin", [], {"cookie": "jobcenter_session={0}; jobcenter_visitor={0}"}


def _without(page: str, *typed: str) -> str:
    """Return a page without what was typed, however it is written there, and without ids."""
    for text in typed:
        for shown in (html.escape(text).replace("&#x27;", "&#39;"), quote(text), quote_plus(text)):
            page = page.replace(shown, "typed")
    return re.sub(r"[0-9a-f]{12,32}|[\w-]{32,43}", "ID", page)


async def test_31_32_a_refused_form_can_be_sent_again(cast: Cast) -> None:
    """The page before is kept by the browser, and the draft by us."""
    async with signed_in(cast, cast.sari) as browser:
        review = await look_over(browser, title="Tiskaus perjantaina")
        fields = browser.all_shown(review, "/orders")
        for change in ({"csrf": ["x"]}, {"csrf": [""]}):
            assert (await browser.post("/orders", data={**fields, **change})).status_code == 403
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            refused = await browser.post("/orders", data=fields, headers=headers)
            assert refused.status_code == 403
        assert "Tiskaus perjantaina" in (await browser.get("/orders/new")).text
        assert (await browser.post("/orders", data=fields)).status_code == 303


async def test_40_health_in_an_address_is_warned_of(cast: Cast) -> None:
    async with signed_in(cast, cast.sari) as browser:
        fields = {"site": "new", "postcode": "00530", "site_name": "Kahvila"}
        review = await look_over(browser, address="Vaasankatu 5, skitsofrenia", **fields)
        assert review.status_code == 200
        assert "Please do not tell about anyone" in review.text


async def test_42_43_44_an_order_changes_only_as_it_can(cast: Cast, fresh: Fresh) -> None:
    order_id = await make.save_order(cast, make.order(places=2))
    for place_no, client in ((1, cast.aino), (2, cast.eetu)):
        await _assigned(cast, order_id, client, place_no=place_no)
    async with signed_in(cast, cast.sari) as browser:
        path = f"/orders/{order_id}/change"
        fewer = await browser.send_form(path, path, places="1")
        assert fewer.status_code == 409
        assert "2" in fewer.text
        old = await browser.send_form(path, path, version="0", title="Muuta")
        assert old.status_code == 409
        assert "newest" in old.text
        cancel = f"/orders/{order_id}/cancel"
        form = await browser.get(cancel)
        first = await browser.send_shown(form, cancel, reason="Suljettu")
        again = await browser.send_shown(form, cancel, reason="Suljettu")
        assert (first.status_code, again.status_code) == (303, 303)
    rows = await fresh.owner("SELECT count(*) FROM order_events WHERE kind = 'order.cancelled'")
    assert rows[0][0] == 1


async def _assigned(cast: Cast, order_id: UUID, client_id: UUID, *, place_no: int = 1) -> UUID:
    gig = await cast.database.act(
        cast.maija, assigning.assign, order_id=order_id, place_no=place_no, client_id=client_id,
        start=TUESDAY_TEN, now=MONDAY,
    )  # fmt: skip
    return gig.id


@pytest.mark.parametrize("way", ["changed", "cut", "long", "odd"])
async def test_50_every_wrong_link_is_answered_alike(cast: Cast, way: str) -> None:
    gig_id = await _assigned(cast, await make.save_order(cast, make.order()), cast.aino)
    token = access.derived_token(CONFIG.secret, "gig", gig_id)
    await cast.database.act(
        cast.worker, linking.open_link, gig_id=gig_id, token_hash=access.hash_of(token),
        now=MONDAY,
    )  # fmt: skip
    other = "y" if token[0] == "x" else "x"
    wrong = {"changed": other + token[1:], "cut": token[:-1], "long": "x" * 10_000, "odd": "%00"}
    async with surfer(cast.database) as browser:
        answer = await browser.get(f"/o/{wrong[way]}", headers={"x-request-id": "one"})
        nobody = await browser.get("/o/" + "y" * 32, headers={"x-request-id": "one"})
        assert (answer.status_code, nobody.status_code) == (404, 404)
        assert _same(answer.text) == _same(nobody.text)


def _same(text: str) -> str:
    """Leave out what is another browser's, or another address's, on every page."""
    return "\n".join(line for line in text.splitlines() if "back=" not in line)


async def test_54_thirty_wrong_links_in_a_minute_are_enough(cast: Cast, fresh: Fresh) -> None:
    """And whoever keeps the log is told, once an hour, and reads how often it was."""
    clock = Clock()
    async with surfer(cast.database, clock) as browser:
        for _ in range(2):
            tried = [(await browser.get(f"/o/{number:032}")).status_code for number in range(31)]
            assert tried == [404] * 29 + [429] * 2
            clock.move(minutes=2)
        await sign_in(browser, cast, cast.tuija)
        assert "<td>2</td>" in (await browser.get("/audit")).text
    mails = await fresh.owner("SELECT user_id FROM notices WHERE kind = 'guesses'")
    assert [mail["user_id"] for mail in mails] == [key("tuija")]


async def test_57_a_yes_to_two_gigs_at_a_time_is_refused(cast: Cast) -> None:
    first, second = [await make.save_order(cast, make.order()) for _ in range(2)]
    gig_id = await _assigned(cast, first, cast.aino)
    await cast.database.act(cast.maija, answering.accept, gig_id=gig_id, via=Via.PHONE, now=MONDAY)
    async with signed_in(cast, cast.maija) as browser:
        answer = await _assign(browser, second, cast.aino)
        assert answer.status_code == 409
        assert "already has a gig at that time" in answer.text


async def test_56_a_yes_after_the_place_is_gone_is_told_so(cast: Cast) -> None:
    """The page says it kindly; another gig that waits for an answer has its own page and link."""
    order_id = await make.save_order(cast, make.order())
    gig_id = await _assigned(cast, order_id, cast.aino)
    token = access.derived_token(CONFIG.secret, "gig", gig_id)
    await cast.database.act(
        cast.worker, linking.open_link, gig_id=gig_id, token_hash=access.hash_of(token),
        now=MONDAY,
    )  # fmt: skip
    async with surfer(cast.database) as phone, signed_in(cast, cast.maija) as staff:
        await phone.get(f"/o/{token}")
        form = await phone.form("/gig", "/gig/yes")
        # The unit calls: she cannot, and Eetu comes instead.
        await cast.database.act(
            cast.maija, answering.decline, gig_id=gig_id, via=Via.PHONE, now=MONDAY
        )
        assert (await _assign(staff, order_id, cast.eetu)).status_code == 303
        late = await phone.post("/gig/yes", data=form)
        assert late.status_code == 409
        assert "09 310" in late.text
        taken = await _assign(staff, order_id, cast.venla)
        assert taken.status_code == 409
        assert "somebody else" in taken.text


async def test_59_a_gig_over_the_limit_of_earnings_is_refused_before_anybody_is_asked(
    cast: Cast, fresh: Fresh
) -> None:
    """The limit is taken when somebody is asked (SETTLED 11): their yes never meets it."""
    await steps.on_pension(cast, cast.eetu)
    await fresh.owner(
        "INSERT INTO earnings_periods (organiser_id, client_id, benefit, kind, period,"
        " ceiling_cents, told_cents, committed_cents)"
        " VALUES (1, $1, 'disability_pension', 'MONTH', '2026-12-01', 99090, 98000, 0)", cast.eetu,
    )  # fmt: skip
    order_id = await make.save_order(cast, make.order())
    async with signed_in(cast, cast.maija) as staff:
        refused = await _assign(staff, order_id, cast.eetu)
    assert refused.status_code == 409
    assert "The earnings limit would be passed." in refused.text
    assert await fresh.owner("SELECT 1 FROM gigs") == []


async def test_70_nobody_goes_without_their_coach_or_against_a_no(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner(
        "INSERT INTO coach_absences VALUES (1, gen_random_uuid(), $1, tstzrange($2, $3))",
        cast.kim_coach, TUESDAY_TEN - timedelta(hours=4), TUESDAY_TEN + timedelta(hours=8),
    )  # fmt: skip
    order_id = await make.save_order(cast, make.order())
    no = await _assigned(cast, order_id, cast.eetu)
    await cast.database.act(cast.maija, answering.decline, gig_id=no, via=Via.PHONE, now=MONDAY)
    async with signed_in(cast, cast.maija) as staff:
        for client, why in (
            (cast.aino, "No coach of the unit can give"),
            (cast.eetu, "already been asked"),
        ):
            refused = await _assign(staff, order_id, client)
            assert refused.status_code == 409
            assert why in refused.text


async def _assign(staff: Surfer, order_id: UUID, client_id: UUID) -> httpx.Response:
    """Have a coordinator ask somebody, as the board's form does."""
    path = f"/board/orders/{order_id}"
    csrf = await staff.form(path, "/signout")
    fields = {**csrf, "client": str(client_id), "place": "1", "start": TUESDAY_TEN.isoformat()}
    return await staff.post(f"{path}/assign", data=fields)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("q=%25", 200), ("q=_", 200), ("q=%5C", 200), ("q=" + "x" * 5000, 422),
        ("q=(a%2B)%2B%24", 200), ("page=-1", 422), ("page=0", 422), ("page=1000000000", 200),
        ("page=x", 422), ("state=unknown", 422), ("day=2026-02-30", 422),
    ],
)  # fmt: skip
async def test_73_74_a_search_is_literal_and_bounded(
    onlookers: Cast, question: str, status: int
) -> None:
    async with signed_in(onlookers, onlookers.maija) as browser:
        begun = time.monotonic()
        assert (await browser.get(f"/board?{question}")).status_code == status
        assert time.monotonic() - begun < 2


async def test_81_an_address_that_is_only_claimed_is_not_believed(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        for number in range(31):
            claimed = {"x-forwarded-for": f"10.0.0.{number}"}
            answer = await browser.get(f"/o/{number:032}", headers=claimed)
        assert answer.status_code == 429


async def test_64_answers_about_others_take_as_long_as_about_nobody(cast: Cast) -> None:
    """Roughly: what runs in the database is compared to the statement elsewhere."""
    order_id = await make.save_order(cast, make.order())
    gig_id = await _assigned(cast, order_id, cast.aino)
    async with signed_in(cast, cast.pekka) as browser:
        theirs = await _times(browser, f"/board/clients/{cast.aino}")
        nobodys = await _times(browser, f"/board/clients/{gig_id}")
        assert median(theirs) < 5 * median(nobodys) + 0.05


async def _times(browser: Surfer, path: str) -> list[float]:
    taken = []
    for _ in range(5):
        begun = time.monotonic()
        assert (await browser.get(path)).status_code == 404
        taken.append(time.monotonic() - begun)
        await asyncio.sleep(0)
    return taken


async def test_16_what_is_no_letter_is_refused_in_addresses_and_forms(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    async with signed_in(cast, cast.sari) as browser:
        for path in ("/orders/%00", "/orders/new%1b", f"/orders/{order_id}%7f"):
            assert (await browser.get(path)).status_code == 404, path
        assert (await browser.get("/orders/new?again=%00")).status_code == 400
        page = f"/orders/{order_id}/cancel"
        refused = await browser.send_form(page, page, reason="x\x1b[31m\x07red")
        assert refused.status_code == 422
        assert "characters" in refused.text
    async with signed_in(cast, cast.kim) as browser:
        csrf = (await browser.get("/coach")).text.partition('name="csrf" value="')[2][:43]
        answer = await browser.post(f"/feedback/{order_id}/%00", data={"csrf": csrf})
        assert answer.status_code == 404
