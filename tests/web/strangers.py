"""Somebody else's ids, and nobody's: who sends them, and what stands in the addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from jobcenter import access
from jobcenter.database import Base, OrganiserId, Who
from jobcenter.people import staff as s
from jobcenter.people.clients import ClientException
from jobcenter.people.parties import UnitClosure, UnitSite
from jobcenter.people.programs import SCOPES
from jobcenter.tables import METADATA
from tests import make
from tests.canaries.town import NOW, PIN, Happened, opened, opened_links
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import session_at, session_of

NOBODY = UUID("00000000-0000-7000-8000-000000000000")
ELSEWHERE = OrganiserId(2)
DAY = timedelta(days=1)
IN_SPRING = date(2027, 3, 1)
# What writes down that somebody asked, whatever they asked for.
NOTING = {"looks", "attempts", "tries", "sessions", "near_misses"}
Ids = Mapping[str, UUID]


@dataclass(frozen=True)
class Stranger:
    """Somebody who sends others' ids: theirs stand beside them, where an address takes two."""

    name: str
    organiser: OrganiserId
    cookie: str
    csrf: str
    token: str
    others: Ids
    own: Ids


async def _save(cast: Cast, at: OrganiserId, *rows: Base) -> None:
    """Write rows of an organiser."""
    worker = replace(cast.worker, organiser_id=at)
    await make.save(replace(cast, worker=worker), *rows)


async def joins(
    cast: Cast, name: str, *roles: str, at: OrganiserId = CITY, **where: UUID | None
) -> Who:
    """Add somebody with these roles, and return who they are."""
    user = s.User(organiser_id=at, id=key(name), email=f"{name}@example.org", name=name)
    given = {"unit_id": None, "party_id": None} | where
    grants = [
        s.Grant(organiser_id=at, id=key(f"{role} of {name}"), user_id=user.id, role=role, **given)
        for role in roles
    ]
    await _save(cast, at, user, *grants)
    return replace(cast.maija, organiser_id=at, actor_id=user.id, name=name)


async def everything_that_can_be_done(fresh: Fresh, at: OrganiserId) -> None:
    """Add a role with every right that any role has."""
    await fresh.owner(
        "INSERT INTO roles (organiser_id, code, name, rights) SELECT $1, 'all', 'all',"
        " array_agg(DISTINCT one) FROM roles, unnest(rights) one",
        at,
    )


async def another_organiser(cast: Cast, fresh: Fresh) -> Who:
    """Add an organiser with one unit, and somebody who may there do whatever can be done."""
    await fresh.owner(
        "INSERT INTO organisers SELECT (jsonb_populate_record(NULL::organisers,"
        " to_jsonb(o) || '{\"id\": 2}')).* FROM organisers o"
    )
    await everything_that_can_be_done(fresh, ELSEWHERE)
    (unit,) = await fresh.owner(
        "INSERT INTO units SELECT (jsonb_populate_record(NULL::units, to_jsonb(u) ||"
        " jsonb_build_object('organiser_id', 2, 'id', gen_random_uuid()))).*"
        " FROM units u LIMIT 1 RETURNING id"
    )
    return await joins(cast, "else", "all", at=ELSEWHERE, unit_id=unit["id"])


def _dated(cast: Cast) -> list[Base]:
    """Return what a unit, a coach and a client note for some days."""
    during = Range(MONDAY + 30 * DAY, MONDAY + 31 * DAY)
    return [
        UnitClosure(
            organiser_id=CITY, id=key("closure"), unit_id=cast.kaneli, first_day=IN_SPRING,
            last_day=IN_SPRING,
        ),
        s.StandIn(
            organiser_id=CITY, id=key("stand_in"), user_id=key("maija"), deputy_id=key("merja"),
            unit_id=cast.kaneli, first_day=IN_SPRING, last_day=IN_SPRING, ended_at=None,
        ),
        s.CoachAbsence(
            organiser_id=CITY, id=key("absence"), coach_id=cast.kim_coach, during=during
        ),
        UnitSite(
            organiser_id=CITY, id=key("unit_site"), unit_id=cast.kaneli, name="Sivupiste",
            address="Sivukatu 1", postcode="00500", lat=60.187, lon=24.964,
            valid_from=THIS_YEAR,
        ),
        ClientException(
            organiser_id=CITY, id=key("exception"), client_id=cast.eetu, during=during,
            available=False,
        ),
    ]  # fmt: skip


async def of_kaneli(cast: Cast, fresh: Fresh, happened: Happened) -> dict[str, UUID]:
    """Return an id of everything that Kaneli and Keittiö have, or one of theirs."""
    # A gig ahead, with a visit that can still be moved.
    await steps.agreed(cast, cast.aino, make.order(start=TUESDAY_TEN + 7 * DAY))
    ulla = await joins(cast, "ulla", s.ORDERER, party_id=cast.keittio)
    await make.save(cast, *_dated(cast))
    await session_of(cast, cast.kim, NOW)
    words = ("closure", "stand_in", "absence", "unit_site", "exception")
    found = {f"{word}_id": key(word) for word in words}
    for name, asked in LOOKED_UP.items():
        (row, *_) = await fresh.owner(f"SELECT id FROM {asked}")
        found[name] = row["id"]
    return found | {
        "order_id": happened.orders[0],
        "gig_id": happened.gigs[0],
        # Not of the order that the link of an order opens.
        "other_gig_id": happened.gigs[3],
        "client_id": cast.aino,
        "unit_id": cast.kaneli,
        "coach_id": cast.kim_coach,
        "statement_id": happened.statements[0],
        "site_id": cast.site,
        "photo_id": key("photo of site"),
        "user_id": ulla.actor_id or NOBODY,
    }


LOOKED_UP = {
    "flag_id": "flags",
    "incident_id": "incidents",
    "todo_id": "todos WHERE unit_id IS NOT NULL OR coach_id IS NOT NULL",
    "visit_id": "visits ORDER BY during DESC",
    "invitation_id": "invitations",
    "hold_id": "legal_holds",
    "passkey_id": "passkeys",
    "session_id": "sessions WHERE user_id IS NOT NULL ORDER BY id DESC",
}


async def strangers(cast: Cast, fresh: Fresh, happened: Happened) -> list[Stranger]:
    """Return everybody who has nothing to do with Kaneli and Keittiö; and last who has."""
    ids = await of_kaneli(cast, fresh, happened)
    olli = await joins(cast, "olli", s.ORDERER, s.MANAGER, party_id=key("toinen"))
    far = await another_organiser(cast, fresh)
    toinen = {"order_id": happened.orders[2], "site_id": key("toinen_site"),
              "photo_id": key("photo of toinen_site"), "user_id": key("olli")}  # fmt: skip
    kulma = {"unit_id": cast.kulma, "coach_id": cast.liisa_coach, "gig_id": happened.gigs[1],
             "client_id": cast.onni, "order_id": happened.orders[1]}  # fmt: skip
    told: list[tuple[Who, Ids, Ids]] = [
        (cast.pekka, ids, kulma), (cast.liisa, ids, kulma), (olli, ids, toinen),
        (cast.sari, toinen, ids), (far, ids, {}),
        *((who, {}, ids) for who in owners(cast)),
    ]  # fmt: skip
    links = await opened_links(cast, happened)
    phone = await opened(cast, links["aino"], pin=PIN)
    aino = Stranger("aino", CITY, phone, await csrf_of(fresh, phone), "", ids, {})
    return [aino, *[await _stranger(cast, fresh, *one) for one in told]]


def owners(cast: Cast) -> tuple[Who, ...]:
    """Return those to whom something of Kaneli's or Keittiö's is their own."""
    bea = replace(cast.maija, actor_id=key("bea"), name="Bea")
    return (cast.maija, cast.kim, cast.merja, cast.raili, cast.tuija, cast.sari, cast.jaana, bea)


async def _stranger(cast: Cast, fresh: Fresh, who: Who, others: Ids, own: Ids) -> Stranger:
    """Sign somebody in, with a program beside."""
    (found,) = await fresh.owner(
        "SELECT email FROM users WHERE organiser_id = $1 AND id = $2",
        who.organiser_id, who.actor_id,
    )  # fmt: skip
    cookie, token = await session_at(cast, who, found["email"], NOW), access.new_token()
    row = s.ApiToken(
        organiser_id=who.organiser_id, token_hash=access.hash_of(token), user_id=who.actor_id,
        created_at=MONDAY, expires_at=NOW + DAY, scopes=list(SCOPES),
    )  # fmt: skip
    await _save(cast, who.organiser_id, row)
    name, csrf = who.name.lower(), await csrf_of(fresh, cookie)
    return Stranger(name, who.organiser_id, cookie, csrf, token, others, own)


async def csrf_of(fresh: Fresh, cookie: str) -> str:
    """Return what a session's forms carry."""
    rows = await fresh.owner(
        "SELECT csrf FROM sessions WHERE token_hash = $1", access.hash_of(cookie)
    )
    return str(rows[0]["csrf"])


async def kept(fresh: Fresh) -> dict[str, str]:
    """Return what is written in each table, as one word."""
    asked = " UNION ALL ".join(
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"
        f" FROM {name} t"
        for name in METADATA.tables.keys() - NOTING
    )
    return {row[0]: row[1] for row in await fresh.owner(asked)}
