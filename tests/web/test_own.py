"""The client's own page: new links, the PIN before it, and everything behind it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from jobcenter import access
from jobcenter.orders import answering, linking, unlocking, working
from jobcenter.orders.gigs import Gig, Via
from jobcenter.orders.letters import Paths
from jobcenter.people import closing
from jobcenter.people.closing import Contact
from jobcenter.people.slow_hash import is_right, slow_hash
from jobcenter.times import HELSINKI
from jobcenter.web.own import minter
from tests import make
from tests.browser import served
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.web.surfer import CONFIG, Clock, Form, Surfer, sign_in, surfer
from tests.web.test_client import offer, phone
from tests.web.test_unit import proposed

PIN = "4071"
AINO_PHONE = "+358455550100"
EETU_PHONE = "+358455550101"


async def give_pin(cast: Cast, client_id: UUID, pin: str = PIN) -> None:
    await cast.database.act(
        cast.kim, unlocking.set_pin, client_id=client_id, pin_hash=slow_hash(pin), now=MONDAY
    )


@asynccontextmanager
async def inside(cast: Cast, client_id: UUID, clock: Clock | None = None) -> AsyncIterator[Surfer]:
    """Open a client's own page, with the PIN given."""
    _, link = await offer(cast, client_id)
    await give_pin(cast, client_id)
    async with phone(cast, clock) as browser:
        await browser.get(link)
        assert (await browser.send_form("/my/pin", "/my/pin", pin=PIN)).status_code == 303
        yield browser


async def own_link(cast: Cast, fresh: Fresh) -> str:
    """Return the path of the newest link to an own page, or to choose a PIN."""
    rows = await fresh.owner("SELECT id FROM client_links ORDER BY made_at DESC, id DESC LIMIT 1")
    return Paths("", CONFIG.secret).own(rows[0]["id"])


BEHIND = [
    "/my", "/my/pay", "/my/hours", "/my/wishes", "/my/support", "/my/consents", "/my/decisions",
    "/my/looks", "/my/browsers",
]  # fmt: skip


@pytest.mark.parametrize("path", BEHIND)
async def test_a_link_alone_opens_nothing_behind_the_pin(onlookers: Cast, path: str) -> None:
    async with phone(onlookers) as stranger:
        assert (await stranger.get(path)).status_code == 410


async def test_the_pin_opens_every_page_in_every_language(cast: Cast, fresh: Fresh) -> None:
    _, link = await offer(cast, cast.aino)
    await give_pin(cast, cast.aino)
    async with phone(cast) as browser:
        await browser.get(link)
        for path in BEHIND:
            asked = await browser.get(path)
            assert (asked.status_code, asked.headers["location"]) == (303, "/my/pin")
        before = browser.cookies["jobcenter_session"]
        assert (await browser.send_form("/my/pin", "/my/pin", pin=PIN)).status_code == 303
        assert browser.cookies["jobcenter_session"] != before
        for language in ("fi", "sv", "en", "fi-easy"):
            browser.cookies.set("jobcenter_language", language)
            for path in BEHIND:
                assert (await browser.get(path)).status_code == 200
        assert "no-store" in (await browser.get("/my")).headers["cache-control"]
    kept = await fresh.owner("SELECT pin_hash, wrong FROM client_pins")
    assert kept[0]["pin_hash"].startswith("$argon2id$")
    assert kept[0]["wrong"] == 0


async def test_wrong_tries_rest_and_ask_the_unit_but_never_stop_a_yes(
    cast: Cast, fresh: Fresh
) -> None:
    gig, link = await offer(cast, cast.aino)
    await give_pin(cast, cast.aino)
    clock = Clock()
    async with phone(cast, clock) as browser:
        await browser.get(link)
        form = await browser.form("/my/pin", "/my/pin")
        tries = [await browser.post("/my/pin", data={**form, "pin": "9999"}) for _ in range(5)]
        assert [one.status_code for one in tries] == [422] * 4 + [429]
        assert "Let us take a break" in tries[-1].text
        right = await browser.post("/my/pin", data={**form, "pin": PIN})
        assert right.status_code == 429
        assert (await browser.send_form("/gig", "/gig/yes")).status_code == 303
        clock.move(minutes=31)
        await browser.get(link)
        assert (await browser.send_form("/my/pin", "/my/pin", pin=PIN)).status_code == 303
    rows = await fresh.owner("SELECT unit_id FROM todos WHERE kind = 'pin_help'")
    assert [row["unit_id"] for row in rows] == [cast.kaneli]
    states = await fresh.owner("SELECT status FROM gigs WHERE id = $1", gig.id)
    assert states[0]["status"] == "confirmed"


async def test_many_tries_at_once_are_as_many_tries(cast: Cast, fresh: Fresh) -> None:
    await give_pin(cast, cast.aino)
    who = cast.client(cast.aino)
    taken = await asyncio.gather(
        *(
            cast.database.act(who, unlocking.take_try, client_id=cast.aino, now=MONDAY)
            for _ in range(8)
        )
    )
    assert sum(one.pin_hash is not None for one in taken) == 5
    rests = await fresh.owner("SELECT rests_until - $1 AS rest FROM client_pins", MONDAY)
    assert rests[0]["rest"] == timedelta(minutes=30)


async def test_each_rest_is_longer_and_the_third_waits_for_the_coach(cast: Cast) -> None:
    await give_pin(cast, cast.aino)
    who, now, rests = cast.client(cast.aino), MONDAY, []
    for number in range(1, 16):
        tried = await cast.database.act(who, unlocking.take_try, client_id=cast.aino, now=now)
        if number % 5 == 0:
            assert tried.rests_until
            rests.append(tried.rests_until - now)
            now = tried.rests_until
    assert rests[:2] == [timedelta(minutes=30), timedelta(hours=24)]
    assert rests[2] > timedelta(days=10_000)
    await give_pin(cast, cast.aino, "8250")
    tried = await cast.database.act(who, unlocking.take_try, client_id=cast.aino, now=MONDAY)
    assert is_right(tried.pin_hash or "", "8250")


async def test_without_a_pin_the_page_says_whom_to_ask(cast: Cast) -> None:
    _, link = await offer(cast, cast.eetu)
    async with phone(cast) as browser:
        await browser.get(link)
        shown = await browser.get("/my/pin")
    assert "You have no PIN yet" in shown.text
    assert "09 310 11111" in shown.text


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("12", "12", "four to six digits"),
        ("1234567", "1234567", "four to six digits"),
        ("４０７１", "４０７１", "four to six digits"),
        ("1111", "1111", "too easy"),
        ("4321", "4321", "too easy"),
        ("4071", "4072", "not the same"),
    ],
)
async def test_a_pin_that_will_not_do_is_told(
    onlookers: Cast, pin: str, again: str, sentence: str
) -> None:
    path = f"/board/clients/{onlookers.aino}/own"
    async with phone(onlookers) as browser:
        await sign_in(browser, onlookers, onlookers.kim)
        told = await browser.send_form(path, f"{path}/pin", pin=pin, again=again)
    assert told.status_code == 422
    assert sentence in told.text
    assert f'value="{pin}"' not in told.text


async def test_the_client_types_the_pin_beside_the_coach(cast: Cast, fresh: Fresh) -> None:
    path = f"/board/clients/{cast.aino}/own"
    async with phone(cast) as browser:
        await sign_in(browser, cast, cast.kim)
        kept = await browser.send_form(path, f"{path}/pin", pin=PIN, again=PIN)
        assert kept.status_code == 303
        assert "The PIN is kept" in (await browser.get(kept.headers["location"])).text
    rows = await fresh.owner("SELECT client_id, set_by, pin_hash FROM client_pins")
    assert [(row["client_id"], row["set_by"]) for row in rows] == [(cast.aino, cast.kim.actor_id)]
    assert is_right(rows[0]["pin_hash"], PIN)


async def test_a_new_pin_asks_again_wherever_the_page_was_open(cast: Cast) -> None:
    async with inside(cast, cast.aino) as browser:
        assert (await browser.get("/my")).status_code == 200
        await give_pin(cast, cast.aino, "8250")
        assert (await browser.get("/my")).status_code == 303


async def test_staff_of_another_unit_find_nothing_and_are_logged(cast: Cast, fresh: Fresh) -> None:
    path = f"/board/clients/{cast.aino}/own"
    async with phone(cast) as browser:
        await sign_in(browser, cast, cast.pekka)
        board = await browser.get("/board")
        csrf = re.search(r'name="csrf" value="([^"]+)"', board.text)
        assert csrf
        form = {"csrf": csrf[1], "pin": PIN, "again": PIN}
        assert (await browser.get(path)).status_code == 404
        for action in ("pin", "pin/link", "consents"):
            assert (await browser.post(f"{path}/{action}", data=form)).status_code == 404
    rows = await fresh.owner("SELECT what FROM looks WHERE client_id = $1", cast.aino)
    assert {row["what"] for row in rows} == {"refused"}
    assert await fresh.owner("SELECT 1 FROM client_pins") == []


async def test_a_pin_is_chosen_once_by_a_link_on_the_own_phone(cast: Cast, fresh: Fresh) -> None:
    mint = minter(CONFIG.secret)
    await cast.database.act(
        cast.kim, linking.send_pin_link, client_id=cast.aino, mint=mint, now=MONDAY
    )
    link = await own_link(cast, fresh)
    async with phone(cast) as browser, phone(cast) as other:
        for _ in range(2):
            assert (await browser.head(link)).status_code == 303
            assert (await browser.get(link)).headers["location"] == "/my/pin/new"
        await other.get(link)
        late = await other.form("/my/pin/new", "/my/pin/new")
        form = await browser.form("/my/pin/new", "/my/pin/new")
        assert (await browser.post("/my/pin/new", data={**form, "pin": PIN, "again": "4072"})
                ).status_code == 422  # fmt: skip
        kept = await browser.post("/my/pin/new", data={**form, "pin": PIN, "again": PIN})
        assert (kept.status_code, kept.headers["location"]) == (303, "/my?note=pin")
        assert "Your PIN is kept" in (await browser.get("/my?note=pin")).text
        assert (await other.post("/my/pin/new", data={**late, "pin": "8250", "again": "8250"})
                ).status_code == 410  # fmt: skip
        assert (await other.get(link)).status_code == 410
    rows = await fresh.owner("SELECT pin_hash, set_by FROM client_pins")
    assert is_right(rows[0]["pin_hash"], PIN)
    assert rows[0]["set_by"] is None


async def ask_link(
    cast: Cast, number: str, clock: Clock | None = None, *, status: int = 202
) -> str:
    async with phone(cast, clock) as browser:
        answer = await browser.send_form("/link", "/link", phone=number)
        assert answer.status_code == status
        return re.sub(r'value="[^"]*"', "", answer.text)


async def test_a_new_link_goes_to_the_number_on_file_and_says_nothing(
    cast: Cast, fresh: Fresh
) -> None:
    known = await ask_link(cast, "045 555 0100")
    unknown = await ask_link(cast, "045 555 0199")
    assert known == unknown
    rows = await fresh.owner("SELECT client_id, kind, address FROM notices")
    assert [tuple(row) for row in rows] == [(cast.aino, "own_link", None)]
    link = await own_link(cast, fresh)
    async with phone(cast) as browser:
        assert (await browser.get(link)).headers["location"] == "/my"
        assert "You have no PIN yet" in (await browser.get("/my/pin")).text


async def test_no_time_tells_whether_a_number_is_a_clients(cast: Cast, fresh: Fresh) -> None:
    """Nothing is asked of clients before the answer has left: a wait for them is not felt."""
    holder = await asyncpg.connect(fresh.owner_dsn)
    async with served(cast.database) as base, httpx.AsyncClient(base_url=base) as browser:
        form = Form((await browser.get("/link")).text, "/link").fields
        await holder.execute(
            "BEGIN; LOCK TABLE client_contacts, clients, client_links, links, notices"
            " IN ACCESS EXCLUSIVE MODE"
        )
        try:
            for number in ("+358455550199", AINO_PHONE):
                # The statement that waits for a table would wait five seconds.
                answer = await browser.post("/link", data={**form, "phone": [number]}, timeout=4)
                assert answer.status_code == 202
        finally:
            await holder.close()
        for _ in range(100):
            if await fresh.owner("SELECT 1 FROM notices WHERE kind = 'own_link'"):
                return
            await asyncio.sleep(0.1)
    pytest.fail("the link was never made")


async def test_three_new_links_a_day_and_ten_questions_an_hour(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    for number in range(11):
        clock.move(minutes=1)
        await ask_link(cast, AINO_PHONE, clock, status=202 if number < 10 else 429)
    assert len(await fresh.owner("SELECT 1 FROM notices")) == 3
    alive = await fresh.owner("SELECT 1 FROM client_links WHERE revoked_at IS NULL")
    assert len(alive) == 1
    clock.move(hours=24)
    await ask_link(cast, AINO_PHONE, clock)
    assert len(await fresh.owner("SELECT 1 FROM notices")) == 4


async def test_many_who_ask_at_once_get_three_links(cast: Cast, fresh: Fresh) -> None:
    mint = minter(CONFIG.secret)
    await asyncio.gather(
        *(
            cast.database.act(
                cast.worker,
                linking.ask_again,
                phone=AINO_PHONE,
                mint=mint,
                now=MONDAY + timedelta(seconds=number),
            )
            for number in range(8)
        )
    )
    assert len(await fresh.owner("SELECT 1 FROM notices")) == 3


async def test_a_wrong_number_is_told_at_its_field(onlookers: Cast) -> None:
    async with phone(onlookers) as browser:
        told = await browser.send_form("/link", "/link", phone="not a number")
    assert told.status_code == 422
    assert "does not look like a phone number" in told.text


async def test_a_new_link_to_a_gig_ends_the_one_before(cast: Cast, fresh: Fresh) -> None:
    gig, old = await offer(cast, cast.aino)
    await ask_link(cast, AINO_PHONE)
    kinds = await fresh.owner("SELECT kind, gig_id FROM notices WHERE kind = 'gig_link'")
    assert [(row["kind"], row["gig_id"]) for row in kinds] == [("gig_link", gig.id)]
    number = await cast.database.read(cast.worker, linking.number_of, gig.id)
    assert number == 2
    token = Paths("", CONFIG.secret).gig_token(gig.id, number)
    await cast.database.act(
        cast.worker,
        linking.open_link,
        gig_id=gig.id,
        token_hash=access.hash_of(token),
        number=number,
        now=MONDAY,
    )
    async with phone(cast) as browser:
        assert (await browser.get(old)).status_code == 410
        assert "Send me a new link" in (await browser.get(old)).text
        assert (await browser.get(f"/o/{token}")).status_code == 303
        assert (await browser.send_form("/gig", "/gig/yes")).status_code == 303


async def test_another_number_on_file_ends_every_link_of_the_one_before(cast: Cast) -> None:
    _, link = await offer(cast, cast.aino)
    _, other = await offer(cast, cast.eetu)
    async with phone(cast) as browser, phone(cast) as eetu:
        await browser.get(link)
        await make.reach(cast, cast.aino, "Aino", "Aalto", "+358455550177")
        assert (await browser.get("/gig")).status_code == 410
        assert (await browser.get(link)).status_code == 410
        assert (await eetu.get(other)).status_code == 303
        same = Contact(cast.eetu, "Eetu", "Eskola", EETU_PHONE, "a@example.org")
        await cast.database.act(cast.maija, closing.keep_contact, same)
        assert (await eetu.get(other)).status_code == 303


async def test_browsers_are_listed_and_closed(cast: Cast) -> None:
    async with inside(cast, cast.aino) as browser, phone(cast) as lost:
        link = Paths("", CONFIG.secret).gig(await gig_of(cast, browser))
        await lost.get(link)
        await lost.send_form("/my/pin", "/my/pin", pin=PIN)
        shown = await browser.get("/my/browsers")
        assert "Another phone or computer" in shown.text
        form = browser.shown(shown, "/my/browsers")
        await browser.post("/my/browsers", data={**form, "browser": "all"})
        assert (await lost.get("/my")).status_code == 410
        assert (await browser.get("/my")).status_code == 410


async def gig_of(cast: Cast, browser: Surfer) -> UUID:
    form = await browser.form("/gig", "/gig/yes")
    return UUID(form["gig"])


async def test_own_hours_are_kept_and_the_matcher_looks_again(cast: Cast, fresh: Fresh) -> None:
    async with inside(cast, cast.eetu) as browser:
        await fresh.owner("DELETE FROM changes")
        shown = await browser.get("/my/hours")
        form = browser.shown(shown, "/my/hours")
        assert (form["from-0-1"], form["to-0-1"]) == ("420", "1200")
        week = {name: "" for name in form if re.match(r"(from|to)-\d", name)}
        some = {"from-1-1": "600", "to-1-1": "720", "from-1-2": "780", "to-1-2": "900"}
        kept = await browser.post("/my/hours", data={**form, **week, **some})
        assert kept.status_code == 303
        text = (await browser.get(kept.headers["location"])).text
        assert "Thank you, it is kept." in text
        assert "You have a gig outside these hours." in text
        stale = await browser.post("/my/hours", data={**form, **week})
        assert stale.status_code == 409
        half = await browser.send_form("/my/hours", "/my/hours", **{"from-3-1": "600"})
        assert half.status_code == 422
        assert "Choose both" in half.text
    rows = await fresh.owner(
        "SELECT weekday, from_minute, to_minute FROM client_hours WHERE client_id = $1 ORDER BY 2",
        cast.eetu,
    )
    assert [tuple(row) for row in rows] == [(1, 600, 720), (1, 780, 900)]
    changes = await fresh.owner("SELECT kind, client_id FROM changes")
    assert [tuple(row) for row in changes] == [("client_hours", cast.eetu)]


@pytest.mark.parametrize(
    ("fields", "begin", "end"),
    [
        ({"day": "2026-12-01"}, "2026-11-30T22:00", "2026-12-01T22:00"),
        ({"day": "1.12.2026", "last": "3.12.2026"}, "2026-11-30T22:00", "2026-12-03T22:00"),
        (
            {"day": "2026-12-01", "begin": "9.00", "end": "11:30"},
            "2026-12-01T07:00",
            "2026-12-01T09:30",
        ),
    ],
)
async def test_days_that_differ_are_kept_and_taken_back(
    cast: Cast, fresh: Fresh, fields: dict[str, str], begin: str, end: str
) -> None:
    async with inside(cast, cast.eetu) as browser:
        added = await browser.send_form("/my/hours", "/my/hours/exceptions", **fields)
        assert added.status_code == 303
        rows = await fresh.owner(
            "SELECT id, lower(during) AS a, upper(during) AS b, available FROM client_exceptions"
        )
        found = [f"{rows[0][side]:%Y-%m-%dT%H:%M}" for side in ("a", "b")]
        assert (found, rows[0]["available"]) == ([begin, end], False)
        drop = f"/my/hours/exceptions/{rows[0]['id']}/drop"
        assert (await browser.send_form("/my/hours", drop)).status_code == 303
    assert await fresh.owner("SELECT 1 FROM client_exceptions") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"day": ""},
        {"day": "2026-12-03", "last": "2026-12-01"},
        {"day": "2026-12-01", "begin": "25"},
        {"day": "2020-01-01"},
        {"day": "2027-03-28", "begin": "3.30", "end": "5"},
    ],
)
async def test_days_that_cannot_be_are_told_and_nothing_is_kept(
    cast: Cast, fresh: Fresh, fields: dict[str, str]
) -> None:
    async with inside(cast, cast.eetu) as browser:
        told = await browser.send_form("/my/hours", "/my/hours/exceptions", **fields)
        assert told.status_code == 422
    assert await fresh.owner("SELECT 1 FROM client_exceptions") == []


async def test_own_wishes_are_three_words(cast: Cast, fresh: Fresh) -> None:
    field = f"task:{cast.dishwashing}"
    async with inside(cast, cast.eetu) as browser:
        for word, kept in (("like", [(False, 3)]), ("not", [(True, 0)]), ("", [])):
            sent = await browser.send_form("/my/wishes", "/my/wishes", **{field: word})
            assert sent.status_code == 303
            rows = await fresh.owner("SELECT veto, points FROM client_wishes")
            assert [tuple(row) for row in rows] == kept
        text = (await browser.get("/my/wishes")).text
    assert "Keittiö Kallio" in text
    assert "Keittiö Oy" in text


async def test_the_own_page_tells_ones_support_and_why_one_was_asked(
    cast: Cast, fresh: Fresh
) -> None:
    """DOMAIN §4.1: one's own needs in plain words, and the reasons about oneself only."""
    order_id = await proposed(cast, cast.aino, cast.eetu)
    await fresh.owner(
        "UPDATE proposal_rows SET reasons = reasons || CASE rank WHEN 1"
        ' THEN \'[{"sentence": "Knows the place.", "values": {}}]\'::jsonb'
        ' ELSE \'[{"sentence": "Good at this kind of task.", "values": {}}]\'::jsonb END'
    )
    _, link = await offer(cast, cast.aino, order_id=order_id)
    await give_pin(cast, cast.aino)
    async with phone(cast) as browser:
        await browser.get(link)
        assert "You know the place." not in (await browser.get("/gig")).text
        await browser.send_form("/my/pin", "/my/pin", pin=PIN)
        start, told = (await browser.get("/my")).text, (await browser.get("/my/support")).text
        browser.cookies.set("jobcenter_language", "fi-easy")
        easy = (await browser.get("/my/support")).text + (await browser.get("/my")).text
    for words in ("Why this gig for me?", "You know the place.", "Your trip takes 11 minutes."):
        assert words in start
    assert "You are good at" not in start
    for words in ("The start", "Some support", "meeting at the door", "Tell your coach"):
        assert words in told
    for words in ("olemme ovella vastassa", "Paikka on sinulle tuttu.", "Korjaatte sen yhdessä"):
        assert words in easy
    looked = await fresh.owner("SELECT role FROM looks WHERE what = 'own support'")
    assert {row["role"] for row in looked} == {"client"}


async def test_pay_and_the_months_sums_are_behind_the_pin_only(cast: Cast, fresh: Fresh) -> None:
    gig, link = await offer(cast, cast.eetu)
    await give_pin(cast, cast.eetu)
    await worked(cast, gig)
    await fresh.owner(
        "INSERT INTO earnings_periods (organiser_id, client_id, benefit, kind, period,"
        " ceiling_cents, told_cents, committed_cents)"
        " VALUES (1, $1, 'disability_pension', 'MONTH', '2026-12-01', 99090, 12345, 0)",
        cast.eetu,
    )
    async with phone(cast, Clock(gig.end + timedelta(hours=1))) as browser:
        await browser.get(link)
        outside = (await browser.get("/gig")).text
        await browser.send_form("/my/pin", "/my/pin", pin=PIN)
        pay = (await browser.get("/my/pay")).text
    assert "123.45" not in outside
    assert "867.45" not in outside
    for told in ("€990.90", "€123.45", "€867.45", "€34.50", "Pay day 15.12.2026", "not approved"):
        assert told in pay


async def worked(cast: Cast, gig: Gig) -> None:
    who = cast.client(gig.client_id)
    await cast.database.act(who, answering.accept, gig_id=gig.id, via=Via.LINK, now=MONDAY)
    await cast.database.act(who, working.check_in, gig_id=gig.id, now=TUESDAY_TEN)
    await cast.database.act(who, working.check_out, gig_id=gig.id, now=gig.end)


async def test_who_looked_is_told_in_plain_words_and_reading_it_is_a_look(
    cast: Cast, fresh: Fresh
) -> None:
    async with phone(cast) as staff:
        await sign_in(staff, cast, cast.maija)
        await staff.get(f"/board/clients/{cast.aino}")
    async with phone(cast) as staff:
        await sign_in(staff, cast, cast.pekka)
        await staff.get(f"/board/clients/{cast.aino}")
    gig = key("a gig")
    await fresh.owner(
        "INSERT INTO looks (organiser_id, id, at, role, client_id, what, purpose, request_id)"
        " VALUES (1, gen_random_uuid(), $1, 'coach', $2, 'name', 'card of gig ' || $3::text, '')",
        MONDAY, cast.aino, str(gig),
    )  # fmt: skip
    async with inside(cast, cast.aino) as browser:
        assert "You yourself" not in (await browser.get("/my/looks")).text
        every = await browser.get("/my/looks?own_too=true")
        told = re.sub(r"<[^>]+>|\s+", " ", every.text)
        told = re.sub(r"\s+", " ", told)
        browser.cookies.set("jobcenter_language", "fi-easy")
        easy = (await browser.get("/my/looks?own_too=true")).text
    assert "Coordinator, Keittiöpaja Kaneli Mon 23 Nov at 9:00" in told
    assert "Your whole page. To plan work for you." in told
    assert "Your name. To print the card of your gig." in told
    assert str(gig) not in told + easy
    assert "Coordinator, Työpaja Kulma" in told
    assert "Wanted to see your page and was refused" in told
    assert "You yourself" in told
    assert "Maija" not in told
    assert "Pekka" not in told
    assert "Sinä itse" in easy
    rows = await fresh.owner("SELECT what FROM looks WHERE role = 'client'")
    assert "own log" in {row["what"] for row in rows}


async def test_the_log_comes_in_pages_and_shows_nobody_elses(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner(
        "INSERT INTO looks (organiser_id, id, at, role, client_id, what, purpose, request_id)"
        " SELECT 1, gen_random_uuid(), $1::timestamptz - n * interval '1 hour', 'coach',"
        " CASE WHEN n % 2 = 0 THEN $2::uuid ELSE $3::uuid END, 'client page', 'planning', ''"
        " FROM generate_series(1, 120) AS n",
        MONDAY,
        cast.aino,
        cast.eetu,
    )
    async with inside(cast, cast.aino) as browser:
        first = (await browser.get("/my/looks")).text
        older = re.search(r'href="(/my/looks\?before=[^"]+)"', first)
        assert older
        rest = (await browser.get(older[1])).text
        foreign = await fresh.owner("SELECT id FROM looks WHERE client_id = $1 LIMIT 1", cast.eetu)
        other = (await browser.get(f"/my/looks?before={foreign[0]['id']}")).text
    assert rest.count("To plan work for you") == 10
    assert "/my/looks?before=" not in rest
    # Somebody else's row is no place to go on from: the list begins anew.
    assert other.count("To plan work for you") == first.count("To plan work for you") == 50


async def test_the_phone_is_shown_for_one_gig_and_hidden_again(cast: Cast, fresh: Fresh) -> None:
    gig, link = await offer(cast, cast.aino)
    async with phone(cast) as browser:
        await browser.get(link)
        asked = await browser.form("/gig", "/gig/yes")
        early = await browser.post("/gig/phone", data={**asked, "shows": "1"})
        assert early.status_code == 409
        await browser.send_form("/gig", "/gig/yes")
        for shows in (True, False):
            assert (await browser.send_form("/gig", "/gig/phone")).status_code == 303
            rows = await fresh.owner("SELECT shows_phone FROM gigs WHERE id = $1", gig.id)
            assert rows[0]["shows_phone"] is shows
    rows = await fresh.owner(
        "SELECT gig_id, how, withdrawn_how FROM client_consents WHERE purpose = 'phone_to_orderer'"
    )
    assert [tuple(row) for row in rows] == [(gig.id, "gig_page", "gig_page")]


async def test_a_number_shown_for_a_gig_is_taken_back_at_any_time_and_ends_with_its_day(
    cast: Cast, fresh: Fresh
) -> None:
    """The orderer's login itself reads it while the tick stands and the gig's day lasts."""
    gig, link = await offer(cast, cast.aino)
    await give_pin(cast, cast.aino)
    midnight = TUESDAY_TEN.astimezone(HELSINKI).replace(hour=0) + timedelta(days=1)
    seen = []

    async def seen_by_the_orderer(*moments: datetime) -> list[bool]:
        for moment in moments:
            async with cast.database.transaction(
                replace(cast.sari, at=moment), purpose="test"
            ) as session:
                rows = await session.execute(
                    text("SELECT closed_phone, key_master, key_closed FROM agreed_workers")
                )
                seen.append(all(rows.one()))
        return seen[-len(moments) :]

    clock = Clock()
    async with phone(cast, clock) as browser:
        await browser.get(link)
        await browser.send_form("/gig", "/gig/yes")
        assert await seen_by_the_orderer(MONDAY) == [False]
        await browser.send_form("/gig", "/gig/phone")
        last, over = midnight - timedelta(seconds=1), midnight
        assert await seen_by_the_orderer(MONDAY, last, over) == [True, True, False]
        # While they work, and after it, the page takes it back at once.
        for move, now in (
            (working.check_in, gig.start), (working.check_out, midnight + timedelta(days=2))
        ):  # fmt: skip
            await cast.database.act(
                cast.client(cast.aino), move, gig_id=gig.id, now=min(now, gig.end)
            )
            clock.move(seconds=(now - clock()).total_seconds())
            await browser.get(link)
            assert "Hide my number" in (await browser.get("/gig")).text
            assert (await browser.send_form("/gig", "/gig/phone")).status_code == 303
            assert await seen_by_the_orderer(TUESDAY_TEN) == [False]
            if move is working.check_in:
                await browser.send_form("/gig", "/gig/phone")
        assert "Show my number" not in (await browser.get("/gig")).text


async def test_on_the_own_page_and_by_staff_a_number_is_taken_back_from_all_gigs(
    cast: Cast, fresh: Fresh
) -> None:
    async with inside(cast, cast.aino) as browser:
        assert (await browser.get("/my/consents")).text.count("phone_to_orderer") == 0
        await browser.send_form("/gig", "/gig/yes")
        await browser.send_form("/gig", "/gig/phone")
        path = "/my/consents/phone_to_orderer"
        assert (await browser.send_form("/my/consents", f"{path}/withdraw")).status_code == 303
        after = (await browser.get("/my/consents")).text
        assert f"{path}/give" not in after
        assert "on my own page" in after
        await browser.send_form("/gig", "/gig/phone")
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.kim)
        page = f"/board/clients/{cast.aino}/own"
        asked = {"purpose": "phone_to_orderer", "how": "phone"}
        form = await browser.form(page, f"{page}/consents")
        for verb, answer in (("give", 404), ("withdraw", 303)):
            sent = await browser.post(f"{page}/consents", data={**form, **asked, "verb": verb})
            assert sent.status_code == answer
    rows = await fresh.owner(
        "SELECT c.withdrawn_how, g.shows_phone FROM client_consents c JOIN gigs g"
        " ON g.id = c.gig_id WHERE c.purpose = 'phone_to_orderer' ORDER BY c.id"
    )
    assert [tuple(row) for row in rows] == [("own_page", False), ("phone", False)]


async def test_signing_out_closes_the_page(cast: Cast) -> None:
    async with inside(cast, cast.aino) as browser:
        assert (await browser.send_form("/my", "/signout")).status_code == 303
        assert (await browser.get("/my")).status_code == 410


async def test_the_page_closes_by_itself_after_a_quarter_of_an_hour(cast: Cast) -> None:
    clock = Clock()
    async with inside(cast, cast.aino, clock) as browser:
        clock.move(minutes=16)
        assert (await browser.get("/my")).status_code == 410
