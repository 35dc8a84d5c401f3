"""The cast on a busy Tuesday, once more under another organiser, with a mark in every field.

Something lies in every table that is not for everybody; whoever reads has signed in before.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from jobcenter import access, masterkeys
from jobcenter.audit import emergencies
from jobcenter.database import Base, Face, OrganiserId, Who
from jobcenter.orders import (
    answering,
    changing,
    drafts,
    exports,
    feedback,
    incidents,
    linking,
    statements,
    unlocking,
    visiting,
    working,
)
from jobcenter.orders.gigs import Link, Via
from jobcenter.orders.letters import Paths
from jobcenter.orders.meanings import Step
from jobcenter.people import feeds
from jobcenter.people import staff as s
from jobcenter.people.clients import ClientBenefit
from jobcenter.people.decisions import ServiceDecision
from jobcenter.people.erasures import LegalHold
from jobcenter.people.invitations import Invitation
from jobcenter.people.parties import AgreedSite, AgreedTask, Agreement, OrderingParty, Site
from jobcenter.people.passports import PlacePassport, PlacePhoto
from jobcenter.people.programs import SCOPES
from jobcenter.people.slow_hash import slow_hash
from jobcenter.retention import erasing
from jobcenter.seed import canaries
from jobcenter.senders import Gateway, MailServer
from jobcenter.worker.exporting import make_exports
from jobcenter.worker.hands import WorkerConfig, hands
from jobcenter.worker.ticks import run_due
from tests import make, servers
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast, as_cast, key
from tests.conftest import Fresh, Server, cloned
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.test_hearing import hear
from tests.web.surfer import CONFIG, Clock, session_at, session_of, surfer
from tests.web.test_unit import proposed

OTHER = OrganiserId(2)
PIN = "4071"
FOREIGN = key("foreign")
BEA, TOVE = "bea@example.org", "tove@example.org"
DAY = timedelta(days=1)
ENDS = TUESDAY_TEN + timedelta(hours=3)
NOW = ENDS + timedelta(hours=1)
PATHS = Paths("", CONFIG.secret)
NAMES = ("sari", "maija", "kim", "merja", "pekka", "liisa", "raili", "jaana", "tuija")


COMING = (
    "SELECT DISTINCT order_id FROM gigs WHERE organiser_id = 1 AND client_id = $1"
    " AND status IN ('assigned', 'confirmed', 'in_progress')"
)
UNPAID = (
    "SELECT DISTINCT employer_id, max(pay_day) FROM pay_rows WHERE organiser_id = 1"
    " AND client_id = $1 AND statement_id IS NULL GROUP BY employer_id"
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
MONEYS = {"770": "PAY", "880": "LIMIT", "890": "EARNED", "900": "CEILING"}


@dataclass(frozen=True)
class Town:
    """A database full of marks, and how everybody in it comes in."""

    fresh: Fresh
    cast: Cast
    ids: Mapping[str, tuple[object, ...]]
    """What may stand in an address, by the name that routes give it."""
    cookies: Mapping[str, str]
    tokens: Mapping[str, str]
    links: Mapping[str, str]
    messages: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Happened:
    """What the addresses of this town lead to."""

    orders: tuple[UUID, ...]
    gigs: tuple[UUID, ...]
    statements: tuple[UUID, ...]
    rounds: tuple[UUID, ...]
    exports: tuple[UUID, ...]


@asynccontextmanager
async def settled(server: Server) -> AsyncIterator[Town]:
    """Build the town on a database of its own."""
    async with cloned(server, server.peopled) as fresh:
        cast = as_cast(fresh.owner_dsn, fresh.database)
        happened = await a_busy_day(cast, fresh)
        links = await opened_links(cast, happened)
        cookies = {name: await session_of(cast, getattr(cast, name), NOW) for name in NAMES}
        cookies |= {
            "tove": await session_at(
                cast, replace(cast.sari, actor_id=key("tove"), party_id=key("toinen")), TOVE, NOW
            ),
            "bea": await session_at(cast, replace(cast.maija, actor_id=key("bea")), BEA, NOW),
            "aino": await opened(cast, links["aino"], pin=PIN),
            "venla": await opened(cast, links["venla"]),
        }
        tokens = await _tokens(cast)
        await _mirror(fresh)
        # Only this one stays on its own side: the other organiser has a double of all before it.
        cookies["alone"] = await session_of(cast, cast.maija, NOW)
        await canaries.plant(fresh.owner_dsn, masterkeys.keyring(fresh.home))
        messages = await _delivered(cast, fresh)
        yield Town(fresh, cast, _ids(cast, happened), cookies, tokens, links, messages)


async def a_busy_day(cast: Cast, fresh: Fresh) -> Happened:
    """Have Aino work, Eetu agree, Venla be asked and Onni say no; somebody opens, says, settles."""
    await make.save(cast, *_rows())
    done = await steps.agreed(cast, cast.aino)
    later = await steps.agreed(cast, cast.aino, make.order(start=TUESDAY_TEN + 2 * DAY))
    for row in await fresh.owner("SELECT visit_id FROM visit_gigs WHERE gig_id = $1", later.gig_id):
        await cast.database.act(cast.kim, visiting.cannot, visit_id=row[0], now=MONDAY)
    eetu = await steps.agreed(cast, cast.eetu, make.order(start=TUESDAY_TEN + DAY))
    offered = await _asked(cast, cast.venla, by=cast.maija)
    theirs = await _asked(cast, cast.onni, by=cast.pekka)
    no = await _asked(cast, cast.onni, by=cast.pekka, days=3)
    await cast.database.act(cast.pekka, answering.decline, gig_id=no[1], via=Via.PHONE, now=MONDAY)
    await cast.database.act(
        cast.pekka, emergencies.open_record, client_id=cast.aino,
        reason="ten letters or more", now=MONDAY,
    )  # fmt: skip
    await cast.database.act(
        cast.sari, access.note_looks, [cast.aino], what="first_name", purpose="own order",
        now=MONDAY,
    )  # fmt: skip
    told = access.Told("orderer", "Keittiö Oy", "first name", "own order")
    await cast.database.act(cast.sari, access.disclose, clients=[cast.aino], told=told, now=MONDAY)
    stated = await _worked(cast, done.gig_id)
    elsewhere = make.order()
    elsewhere.party_id, elsewhere.site_id = key("toinen"), key("toinen_site")
    unseen = await make.save_order(cast, elsewhere)
    cancelled = await _said_and_called_off(cast, stated[0])
    listed = await proposed(cast, cast.eetu, cast.venla)
    ran = [row["id"] for row in await fresh.owner("SELECT id FROM rounds")]
    return Happened(
        orders=(done.order_id, theirs[0], unseen, listed, cancelled),
        gigs=(done.gig_id, theirs[1], offered[1], eetu.gig_id),
        statements=stated,
        rounds=tuple(ran),
        exports=tuple(row["id"] for row in await fresh.owner("SELECT id FROM exports")),
    )


async def _said_and_called_off(cast: Cast, statement_id: UUID) -> UUID:
    """Have Aino write back, an order called off, a pay file settled and somebody invited."""
    act = cast.database.act
    order = make.order(start=TUESDAY_TEN + 4 * DAY)
    order.cost_centre = "1"
    cancelled = await make.save_order(cast, order)
    await act(cast.sari, changing.cancel, order_id=cancelled, reason="rain", now=MONDAY)
    await act(
        cast.raili, statements.receive, statement_id=statement_id, received=True, receipt="1",
        now=NOW,
    )  # fmt: skip
    heard = await hear(cast, "Voinko tulla vasta keskiviikkona, jos bussi ei kulje?")
    assert heard.step is Step.CALL
    await act(
        cast.raili, exports.ask, kind="pay", days=(THIS_YEAR, date(2026, 12, 31)),
        reason="ten letters or more", now=NOW,
    )  # fmt: skip
    return cancelled


def _rows() -> list[Base]:
    """Return what the cast has not: a benefits adviser, another orderer, a benefit, a passkey."""
    return [
        s.User(organiser_id=CITY, id=key("bea"), email=BEA, name="Bea Borg"),
        s.User(organiser_id=CITY, id=key("tove"), email=TOVE, name="Tove Toinen"),
        s.Grant(organiser_id=CITY, user_id=key("bea"), role="benefits", unit_id=key("kaneli")),
        LegalHold(
            organiser_id=CITY, id=uuid7(), client_id=key("eetu"), placed_at=MONDAY,
            reason="a complaint is open", law="x",
        ),
        s.Passkey(
            organiser_id=CITY, id=uuid7(), user_id=key("maija"), credential_id=b"c",
            public_key=b"p", uses=0, name="key", created_at=MONDAY,
        ),
        ClientBenefit(
            organiser_id=CITY, client_id=key("aino"), benefit="disability_pension",
            personal_limit_cents=99_090, valid_from=THIS_YEAR,
        ),
        *(
            ServiceDecision(
                organiser_id=CITY, client_id=key(name), kind="shl-27e", first_day=THIS_YEAR,
                last_day=None, reference="1", recorded_at=MONDAY,
            )
            for name in ("aino", "onni")
        ),
        Invitation(
            organiser_id=CITY, party_id=key("keittio"), email="new@example.org", name="New",
            language="fi", token_hash=access.hash_of("new"), invited_by=key("sari"),
            expires_at=NOW + DAY,
        ),
        Agreement(
            organiser_id=CITY, id=key("agreed"), party_id=key("keittio"), title="Agreed",
            valid_from=THIS_YEAR, valid_to=None,
            tasks=[
                AgreedTask(
                    organiser_id=CITY, agreement_id=key("agreed"),
                    task_type_id=key("dishwashing"), hourly_cents=1_300,
                )
            ],
            places=[
                AgreedSite(organiser_id=CITY, agreement_id=key("agreed"), site_id=key("site"))
            ],
        ),
        OrderingParty(
            organiser_id=CITY, id=key("toinen"), kind="company", name="Toinen Oy",
            email="toinen@example.org", phone="+358401234568", employer_id=key("city"),
            business_id="0112038-9", verified_at=MONDAY, terms_accepted_at=MONDAY,
        ),
        s.Grant(organiser_id=CITY, user_id=key("tove"), role="orderer", party_id=key("toinen")),
        Site(
            organiser_id=CITY, id=key("toinen_site"), party_id=key("toinen"), name="Toinen",
            address="Toinen linja 1", postcode="00530", region="helsinki", lat=60.183, lon=24.951,
            confirmed_on=THIS_YEAR,
        ),
        *(
            PlacePassport(
                organiser_id=CITY, site_id=site, breaks="x", remark="x", version=1,
                confirmed_version=1, confirmed_at=MONDAY, written_at=MONDAY,
            )
            for site in (key("site"), key("toinen_site"))
        ),
        *(
            PlacePhoto(
                organiser_id=CITY, id=key(f"photo of {site}"), site_id=key(site), caption="x",
                jpeg=b"x", width=1, height=1, added_at=MONDAY,
            )
            for site in ("site", "toinen_site")
        ),
    ]  # fmt: skip


async def _asked(cast: Cast, client_id: UUID, *, by: Who, days: int = 1) -> tuple[UUID, UUID]:
    """Have a coordinator ask somebody; return the order and the gig."""
    start = TUESDAY_TEN + days * DAY
    order_id = await make.save_order(cast, make.order(start=start))
    return order_id, (await steps.assign(cast, order_id, client_id, start=start, by=by)).id


async def _worked(cast: Cast, gig_id: UUID) -> tuple[UUID, ...]:
    """Have Aino come, go and be paid; return the statements of it."""
    act, aino = cast.database.act, cast.client(cast.aino)
    await act(aino, working.check_in, gig_id=gig_id, now=TUESDAY_TEN)
    await act(aino, working.check_out, gig_id=gig_id, now=ENDS)
    await act(
        cast.sari, working.approve, gig_id=gig_id, minutes=170, reason="went earlier", now=ENDS
    )
    pay = await act(
        cast.raili, statements.state_pay, employer_id=key("city"), pay_day=date(2027, 1, 31),
        now=NOW,
    )  # fmt: skip
    bill = await act(
        cast.raili, statements.state_invoice, party_id=cast.keittio, month=date(2026, 11, 1),
        now=NOW,
    )  # fmt: skip
    for who in (aino, cast.sari):
        told = incidents.Told("a report", "a_little", TUESDAY_TEN)
        await act(who, incidents.report, incident_id=uuid7(), gig_id=gig_id, told=told, now=NOW)
        said = feedback.Said(2, "tidy", "words")
        await act(who, feedback.give, gig_id=gig_id, said=said, now=NOW)
    for owner in (f"user:{key('sari')}", "visitor:ffffffffffff"):
        await act(cast.sari, drafts.save, draft_id=uuid7(), owner=owner, fields={}, now=NOW)
    return pay.id, bill.id


async def opened_links(cast: Cast, happened: Happened) -> dict[str, str]:
    """Open the links that messages and addresses carry; return their paths."""
    aino, _, venla, _ = happened.gigs
    links = {name: PATHS.gig(gig) for name, gig in (("aino", aino), ("venla", venla))}
    for gig_id in (aino, venla):
        await cast.database.act(
            cast.worker, linking.open_link, gig_id=gig_id,
            token_hash=access.hash_of(PATHS.gig_token(gig_id)), now=MONDAY,
        )  # fmt: skip
    order_id = happened.orders[0]
    status = Link(
        organiser_id=CITY, token_hash=access.hash_of(PATHS.token("order", order_id)),
        order_id=order_id, expires_at=NOW + DAY,
    )  # fmt: skip
    await make.save(cast, status)
    links["status"] = PATHS.order(order_id)
    feed = access.new_token()
    await cast.database.act(cast.kim, feeds.renew_feed, feed_hash=access.hash_of(feed), now=NOW)
    return links | {"feed": f"/coach/feed/{feed}.ics"}


async def opened(cast: Cast, link: str, pin: str = "") -> str:
    """Open a link on a phone, with the PIN where one is given; return the phone's cookie."""
    if pin:
        kept = slow_hash(pin)
        await cast.database.act(
            cast.kim, unlocking.set_pin, client_id=cast.aino, pin_hash=kept, now=NOW
        )
    async with surfer(cast.database, Clock(NOW)) as phone:
        await phone.get(link)
        if pin:
            await phone.send_form("/my/pin", "/my/pin", pin=pin)
        return phone.cookies["jobcenter_session"]


async def _tokens(cast: Cast) -> dict[str, str]:
    """Give a few of them a program."""
    tokens = {name: access.new_token() for name in ("sari", "maija", "kim", "pekka", "liisa")}
    rows = [
        s.ApiToken(
            organiser_id=CITY, token_hash=access.hash_of(token), user_id=key(name),
            created_at=MONDAY, expires_at=MONDAY + 90 * DAY, scopes=list(SCOPES),
        )
        for name, token in tokens.items()
    ]  # fmt: skip
    await make.save(cast, *rows)
    return tokens


async def _mirror(fresh: Fresh) -> None:
    """Give another organiser the same rows under the same ids: the worst neighbour there is."""
    connection = await asyncpg.connect(fresh.owner_dsn)
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
        # And a client of its own, in the unit of the same id.
        columns = dict(map(tuple, found))
        for table, name in (("clients", "id"), ("client_contacts", "client_id")):
            others = ", ".join(one for one in columns[table].split(", ") if one != name)
            await connection.execute(
                f"INSERT INTO {table} (organiser_id, {name}, {others})"
                f" SELECT 2, $1, {others} FROM {table} WHERE organiser_id = 2 AND {name} = $2",
                FOREIGN, key("eetu"),
            )  # fmt: skip
        await connection.execute(
            "INSERT INTO organisers SELECT (jsonb_populate_record(NULL::organisers,"
            " to_jsonb(o) || '{\"id\": 2}')).* FROM organisers o"
        )
    finally:
        await connection.close()


async def _delivered(cast: Cast, fresh: Fresh) -> tuple[dict[str, str], ...]:
    """Let the worker send everything that waits; return what came in outside."""
    with ExitStack() as stack:
        sms, mail = (stack.enter_context(servers.running(kind)) for kind in ("sms", "mail"))
        config = WorkerConfig(
            organiser=CITY,
            base_url=CONFIG.base_url,
            secret=CONFIG.secret,
            gateway=Gateway(f"http://127.0.0.1:{sms.port}/send"),
            server=MailServer("127.0.0.1", mail.port, "jobcenter@example.org"),
            direct_dsn=fresh.doors[Face.SERVICE],
        )
        works = hands(cast.database, config)
        await make_exports(works, NOW)
        await run_due(works, MONDAY + timedelta(minutes=5))
        return (*sms.received(), *mail.received())


def _ids(cast: Cast, happened: Happened) -> dict[str, tuple[object, ...]]:
    return {
        "order_id": happened.orders,
        "gig_id": happened.gigs[:2],
        "client_id": (cast.aino, cast.onni, FOREIGN),
        "user_id": (key("kim"), key("pekka")),
        "coach_id": (cast.kim_coach, cast.liisa_coach),
        "unit_id": (cast.kaneli, cast.kulma),
        "statement_id": happened.statements,
        "round_id": happened.rounds,
        "export_id": happened.exports,
        "site_id": (cast.site, key("toinen_site")),
        "party_id": (cast.keittio, key("toinen")),
        "photo_id": (key("photo of site"), key("photo of toinen_site")),
    }


async def erased(town: Town) -> None:
    """Call Aino's coming gigs off, have her pay go out, and erase her."""
    act, cast = town.cast.database.act, town.cast
    for row in await town.fresh.owner(COMING, cast.aino):
        await act(cast.sari, changing.cancel, order_id=row[0], reason="snow", now=NOW)
    for row in await town.fresh.owner(UNPAID, cast.aino):
        made = await act(
            cast.raili, statements.state_pay, employer_id=row[0], pay_day=row[1], now=NOW
        )
        await act(
            cast.raili, statements.receive, statement_id=made.id, received=True, receipt="2",
            now=NOW,
        )  # fmt: skip
    await act(Who(CITY, "operator"), erasing.erase, client_id=cast.aino, law="she asked", now=NOW)


async def searched(fresh: Fresh, client_id: UUID) -> dict[str, set[str]]:
    """Return, by table, the kinds of this client's marks that still stand in any of its rows.

    All that a table holds is read: texts, numbers, structures, and what is kept as bytes.
    """
    numbers = f"{canaries.digits(CITY, client_id):04}"
    ends = f"-{CITY}-{str(client_id)[-canaries.LETTERS :]}"
    patterns = {
        "text": f"CANARY-([A-Z]+){ends}",
        "bytes": f"43414e4152592d((?:[0-9a-f]{{2}})+?){ends.encode().hex()}",
        "phone": f"()50999{numbers}",
        "money": rf"\m(770|880|890|900){numbers}\M",
    }
    found: dict[str, set[str]] = {}
    for (table,) in await fresh.owner(TABLES):
        for kind, pattern in patterns.items():
            rows = await fresh.owner(
                f"SELECT DISTINCT m[1] FROM {table} t,"
                f" regexp_matches(t::text, $1, 'g') m", pattern
            )  # fmt: skip
            for (what,) in rows:
                told = {"text": what, "money": MONEYS.get(what, ""), "phone": "PHONE"}
                found.setdefault(table, set()).add(told.get(kind, kind))
    return found
