"""Everybody reads everything they can reach; no mark is found where it may never be.

Two organisers with the same ids, two units each: whatever is not one's own must stay unseen.
"""

import logging
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from jobcenter import access
from jobcenter.database import OrganiserId, Who
from jobcenter.orders import answering
from jobcenter.seed import canaries
from tests import make
from tests.cast import CITY, MONDAY, Cast, as_cast
from tests.conftest import Fresh, Server, cloned
from tests.orders.steps import agreed, assign, decline
from tests.web.lending import Lent
from tests.web.programs import Programs, browser_of
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer

FOUND = re.compile(r"CANARY-([A-Z]+)-(\d+)-([0-9a-f]{8})")
LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)')
NUMBER = re.compile(r"35850999\d{4}|0?50 ?999 ?\d{2} ?\d{2}")
# Signing out, or another language, would only read the same again.
LEFT_OUT = ("/signout", "/language/", "/static/", "/schema/")
OTHER = OrganiserId(2)
ENOUGH = 120


@dataclass
class Town:
    """The cast and its mirror under another organiser, with marks in every field."""

    fresh: Fresh
    cast: Cast
    link: str
    paths: list[str]


@dataclass
class Heard:
    """Everything that somebody was answered, by address."""

    texts: dict[str, str] = field(default_factory=dict)

    def marks(self) -> set[tuple[str, str, str]]:
        """Return the marks that were heard: kind, organiser, whose."""
        return {
            (kind, organiser, whose)
            for text in self.texts.values()
            for kind, organiser, whose in FOUND.findall(text)
        }

    def where(self, mark: tuple[str, str, str]) -> list[str]:
        """Return where a mark was heard."""
        return [path for path, text in self.texts.items() if "CANARY-" + "-".join(mark) in text]


@pytest_asyncio.fixture(scope="module")
async def town(server: Server) -> AsyncIterator[Town]:
    async with cloned(server, server.peopled) as fresh:
        cast = as_cast(fresh.owner_dsn, fresh.database)
        done = await agreed(cast, cast.aino)
        no = await assign(cast, await make.save_order(cast, make.order()), cast.eetu)
        await decline(cast, no.id)
        offered = await assign(cast, await make.save_order(cast, make.order()), cast.venla)
        theirs = await assign(
            cast, await make.save_order(cast, make.order()), cast.onni, by=cast.pekka
        )
        token = access.derived_token(CONFIG.secret, "gig", offered.id)
        await cast.database.act(
            cast.worker, answering.open_link, gig_id=offered.id,
            token_hash=access.hash_of(token), now=MONDAY,
        )  # fmt: skip
        await _mirror(fresh.owner_dsn)
        await canaries.plant(fresh.owner_dsn)
        gigs = [done.gig_id, no.id, offered.id, theirs.id]
        yield Town(fresh, cast, f"/o/{token}", await _paths(fresh, cast, gigs))


async def _mirror(owner_dsn: str) -> None:
    """Give another organiser the same rows under the same ids: the worst neighbour there is."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        await connection.execute("SET session_replication_role = replica")
        found = await connection.fetch(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ') AS columns"
            " FROM information_schema.columns JOIN information_schema.tables t"
            " USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND is_generated = 'NEVER'"
            " AND table_type = 'BASE TABLE' AND column_name <> 'organiser_id'"
            " AND table_name IN (SELECT table_name"
            " FROM information_schema.columns WHERE column_name = 'organiser_id')"
            " GROUP BY table_name"
        )
        for table, columns in found:
            await connection.execute(
                f"INSERT INTO {table} (organiser_id, {columns}) SELECT 2, {columns} FROM {table}"
                " ON CONFLICT DO NOTHING"
            )
        await connection.execute(
            "INSERT INTO organisers SELECT (jsonb_populate_record(NULL::organisers,"
            " to_jsonb(o) || '{\"id\": 2}')).* FROM organisers o"
        )
    finally:
        await connection.close()


async def _paths(fresh: Fresh, cast: Cast, gigs: Iterable[UUID]) -> list[str]:
    """Return every address that an id of this town makes, whoever's it is."""
    orders = [row["id"] for row in await fresh.owner("SELECT DISTINCT id FROM orders")]
    people = [cast.aino, cast.eetu, cast.venla, cast.onni]
    return [
        *(f"/orders/{one}{end}" for one in orders for end in ("", "/receipt", "/change")),
        *(f"/orders/{one}/cancel" for one in orders),
        *(f"/board/orders/{one}" for one in orders),
        *(f"/board/clients/{one}" for one in people),
        *(f"/api/orders/{one}{end}" for one in orders for end in ("", "/candidates")),
        *(f"/api/gigs/{one}" for one in gigs),
        *(f"/api/coaches/{one}/visits" for one in (cast.kim_coach, cast.liisa_coach)),
        "/", "/orders", "/orders/new", "/board", "/board?every=1", "/board?q=CANARY", "/coach",
        "/gig", "/gig/calendar.ics", "/account", "/signin",
    ]  # fmt: skip


async def crawl(browser: Surfer, paths: Iterable[str]) -> Heard:
    """Ask these addresses, and every address that their pages lead to."""
    heard, waiting = Heard(), list(paths)
    while waiting and len(heard.texts) < ENOUGH:
        path = waiting.pop(0)
        if path in heard.texts or path.startswith(LEFT_OUT):
            continue
        answer = await browser.get(path)
        assert answer.status_code < 500, path
        heard.texts[path] = answer.text + str(answer.headers)
        waiting += [found.replace("&amp;", "&") for found in LINK.findall(answer.text)]
    return heard


async def _as_user(town: Town, who: Who) -> Heard:
    async with surfer(town.fresh.database) as browser:
        await sign_in(browser, town.cast, who)
        heard = await crawl(browser, town.paths)
    clock = Clock()
    often = replace(CONFIG, api_a_minute=1_000_000)
    app = Lent(town.fresh.database, often, clock)
    async with browser_of(app) as http:
        program = await Programs(town.cast, http, clock).of(who)
        for path in (path for path in town.paths if path.startswith("/api/")):
            heard.texts[path] = (await program.get(path)).text
    return heard


def short(value: UUID) -> str:
    return str(value)[:8]


def nothing_of(heard: Heard, *kinds: str, but: Iterable[UUID] = ()) -> None:
    """Hold that no mark of these kinds was heard, but of these people or units."""
    allowed = {short(one) for one in but}
    wrong = {m: heard.where(m) for m in heard.marks() if m[0] in kinds and m[2] not in allowed}
    assert not wrong, wrong


def nothing_of_others(heard: Heard) -> None:
    """Hold that nothing of the other organiser was heard."""
    assert {mark: heard.where(mark) for mark in heard.marks() if mark[1] != str(CITY)} == {}


@pytest.fixture(autouse=True)
def quiet_logs(caplog: pytest.LogCaptureFixture) -> Iterable[None]:
    """Hold that no mark is in a line of the log."""
    caplog.set_level(logging.INFO)
    yield
    assert not FOUND.search(caplog.text)
    assert not NUMBER.search(caplog.text)


async def test_an_orderer_hears_a_first_name_after_the_yes_and_nothing_else(town: Town) -> None:
    heard = await _as_user(town, town.cast.sari)
    nothing_of_others(heard)
    nothing_of(heard, "FAMILY", "EMAIL", "NEED", "UNIT", "REASON")
    nothing_of(heard, "GIVEN", but=[town.cast.aino])
    assert ("GIVEN", "1", short(town.cast.aino)) in heard.marks()
    assert not [path for path, text in heard.texts.items() if NUMBER.search(text)]


@pytest.mark.parametrize("name", ["maija", "kim"])
async def test_a_unit_hears_of_its_own_people_only(town: Town, name: str) -> None:
    heard = await _as_user(town, getattr(town.cast, name))
    nothing_of_others(heard)
    own = [town.cast.aino, town.cast.eetu, town.cast.venla]
    nothing_of(heard, "GIVEN", "FAMILY", "EMAIL", "NEED", but=own)
    # The marks can be seen at all, where they should be.
    assert {("GIVEN", "1", short(one)) for one in own[:1]} <= heard.marks()
    assert ("NEED", "1", short(town.cast.aino)) in heard.marks()


async def test_another_unit_hears_nothing_of_it(town: Town) -> None:
    heard = await _as_user(town, town.cast.pekka)
    nothing_of_others(heard)
    nothing_of(heard, "GIVEN", "FAMILY", "EMAIL", "NEED", "REASON", but=[town.cast.onni])


async def test_a_visitor_hears_nothing(town: Town) -> None:
    async with surfer(town.fresh.database) as browser:
        heard = await crawl(browser, town.paths)
    assert heard.marks() == set()


async def test_a_client_hears_of_nobody_else(town: Town) -> None:
    async with surfer(town.fresh.database) as browser:
        heard = await crawl(browser, [town.link, "/gig", *town.paths])
    nothing_of_others(heard)
    nothing_of(heard, "GIVEN", "FAMILY", "EMAIL", "NEED", but=[town.cast.venla])
    nothing_of(heard, "REASON")


async def test_another_organiser_hears_only_of_its_own(town: Town) -> None:
    there = replace(CONFIG, organiser=OTHER)
    async with surfer(town.fresh.database, config=there) as browser:
        await sign_in(browser, town.cast, replace(town.cast.maija, organiser_id=OTHER))
        heard = await crawl(browser, town.paths)
    assert heard.marks()
    assert {mark: heard.where(mark) for mark in heard.marks() if mark[1] != str(OTHER)} == {}


async def test_a_session_of_one_organiser_opens_nothing_at_another(town: Town) -> None:
    there = replace(CONFIG, organiser=OTHER)
    async with surfer(town.fresh.database, config=there) as browser:
        await sign_in(browser, town.cast, town.cast.maija)
        heard = await crawl(browser, town.paths)
    assert heard.marks() == set()


async def test_an_answer_about_others_is_the_same_as_about_nobody(town: Town) -> None:
    """Whoever asks for somebody else's hears the same words as about nobody."""
    nobody = "00000000-0000-7000-8000-000000000000"
    async with surfer(town.fresh.database) as browser:
        await sign_in(browser, town.cast, town.cast.pekka)
        same = {"x-request-id": "same"}
        theirs = await browser.get(f"/board/clients/{town.cast.aino}", headers=same)
        none = await browser.get(f"/board/clients/{nobody}", headers=same)
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.text.replace(str(town.cast.aino), nobody) == none.text
