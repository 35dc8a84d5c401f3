"""The standing cast, the same in every test.

Sari orders for Keittiö Oy. Aino, Eetu and Venla are clients of Keittiöpaja Kaneli, Kim coaches
there and Maija coordinates; Merja leads the unit, Raili settles the accounts. Pekka coordinates
another unit, Työpaja Kulma, where Onni is a client and Liisa coaches: whatever he asks about
Maija's people must be refused. Tuija is the data-protection officer, and Jaana keeps the users.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool

from jobcenter.benefits import BenefitRule
from jobcenter.database import Base, Database, OrganiserId, Who, asyncpg_url
from jobcenter.envelopes import Keyring
from jobcenter.people import choices as ch
from jobcenter.people import clients as c
from jobcenter.people import decisions as d
from jobcenter.people import parties as p
from jobcenter.people import staff as s
from jobcenter.people.closing import Reach

CITY = OrganiserId(1)
SEED = UUID("7b1c8f0e-3f0f-4f4e-9a44-6a1c0b7d2f11")
# A Monday in winter time, 09:00 in Helsinki.
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
THIS_YEAR = date(2026, 1, 1)

RIGHTS = {
    "orderer": ["order"],
    "party_manager": ["manage_party"],
    "coordinator": ["assign", "see_clients"],
    "coach": ["coach", "see_caseload"],
    "unit_lead": ["assign", "see_clients", "lead"],
    "benefits": ["override_ceiling"],
    "admin": ["organise"],
    "data_protection_officer": ["read_log"],
    "accountant": ["settle"],
}


def key(name: str) -> UUID:
    """Return the id that this name has in every test."""
    return uuid5(SEED, name)


@dataclass(frozen=True)
class Cast:
    """Who they are to the database, and the two doors to it."""

    database: Database
    owner_dsn: str
    sari: Who
    maija: Who
    pekka: Who
    kim: Who
    tuija: Who
    jaana: Who
    liisa: Who
    raili: Who
    merja: Who
    worker: Who
    kaneli: UUID
    kulma: UUID
    keittio: UUID
    site: UUID
    dishwashing: UUID
    aino: UUID
    eetu: UUID
    venla: UUID
    onni: UUID
    kim_coach: UUID
    liisa_coach: UUID

    def client(self, client_id: UUID, unit_id: UUID | None = None) -> Who:
        """Return a client as they are when they come by their link."""
        units = (unit_id or self.kaneli,)
        return Who(CITY, "client", client_id=client_id, unit_ids=units, name="")


async def settle(owner_dsn: str, ring: Keyring) -> None:
    """Write the cast into an empty database."""
    engine = create_async_engine(asyncpg_url(owner_dsn), poolclass=NullPool)
    try:
        async with async_sessionmaker(engine)() as session, session.begin():
            for rows in (_ground(), _parties(), _staff(), _clients(), _contacts(ring), _details()):
                await _insert(session, rows)
    finally:
        await engine.dispose()


async def _insert(session: AsyncSession, rows: list[Base]) -> None:
    for row in rows:
        session.add(row)
        await session.flush()


def _ground() -> list[Base]:
    districts = [
        p.District(postcode="00500", name_fi="Sörnäinen", name_sv="Sörnäs", lat=60.187, lon=24.964),
        p.District(postcode="00530", name_fi="Kallio", name_sv="Berghäll", lat=60.182, lon=24.950),
        p.District(postcode="00700", name_fi="Malmi", name_sv="Malm", lat=60.248, lon=25.027),
    ]
    city = p.Organiser(
        id=CITY, name="Helsinki", contact_name="Jaana Rinne", contact_phone="09 310 00000",
        contact_email="jobcenter@example.org", town="Helsinki",
    )  # fmt: skip
    roles = [
        s.Role(organiser_id=CITY, code=code, name=code, rights=rights)
        for code, rights in RIGHTS.items()
    ]
    figures = [
        p.Figure(organiser_id=CITY, kind=kind, key=name, amount=amount, valid_from=THIS_YEAR,
                 source="test")
        for kind, name, amount in FIGURES
    ]  # fmt: skip
    terms = [
        p.CancellationTerm(
            organiser_id=CITY, contract_form="fixed_term", employer_kind="CITY",
            minutes_before=before, percent=percent, valid_from=THIS_YEAR, source="test",
        )
        for before, percent in ((0, 100), (1440, 50), (2880, 0))
    ]  # fmt: skip
    pension = BenefitRule(
        organiser_id=CITY, benefit="disability_pension", kind="MONTH", amount_cents=99_090,
        components=["pay"], valid_from=THIS_YEAR, source="test",
    )  # fmt: skip
    coaching = [
        d.CoachingRule(organiser_id=CITY, coaching=kind, valid_from=THIS_YEAR, source="test")
        for kind in (d.OWN_UNIT, d.OTHER_UNIT)
    ]
    counters = [
        p.CounterRule(organiser_id=CITY, code=code, unit="days", per=per, threshold=90,
                      warn_at=[60, 80], valid_from=THIS_YEAR, source="test")
        for code, per in (("HP", "ever"), ("RC", "year"))
    ]  # fmt: skip
    chosen = [ch.Choice(organiser_id=CITY, **row) for row in ch.usual()]
    return [*districts, city, *chosen, *roles, *figures, *terms, *coaching, *counters, pension]


FIGURES = (
    ("pay_floor", "G1", 1120), ("pay_floor", "G2", 1190), ("pay_floor", "G3", 1270),
    ("pay_floor", "G4", 1370), ("pay_floor", "G5", 1600), ("side_costs", "", 2200),
    ("fee", "", 0), ("vat", "", 2550), ("quiet_from", "", 1200), ("quiet_to", "", 480),
    ("answer_minutes", "far", 1440), ("answer_minutes", "near", 1440),
    ("answer_minutes", "same_day", 1440), ("looks_an_hour", "people", 80),
    ("looks_an_hour", "strangers", 5),
    ("supplement", "evening", 1500),
    ("supplement", "night", 3000), ("supplement", "saturday", 2000),
    ("supplement", "sunday", 10000), ("supplement", "holiday_compensation", 0),
    ("unit_cancels", "", 10000), ("activity_days", "189/2001", 4),
)  # fmt: skip


def _parties() -> list[Base]:
    dishwashing = p.TaskType(
        organiser_id=CITY, id=key("dishwashing"), number=2, name_fi="Tiskaus", name_sv="Diskning",
        name_en="Dishwashing", sector="restaurant", least_minutes=180, most_minutes=240,
        demands=[2, 1, 1, 2, 2, 0], outdoors=False, qualifications=[], pay_group="G1",
    )  # fmt: skip
    return [
        _unit("kaneli", "Keittiöpaja Kaneli", "00500", 60.187, 24.964),
        _unit("kulma", "Työpaja Kulma", "00530", 60.182, 24.950),
        p.Employer(
            organiser_id=CITY, id=key("city"), kind="CITY", name="Helsingin kaupunki",
            business_id="0201256-6", insurer="Kaupungin vakuutus",
        ),
        p.OrderingParty(
            organiser_id=CITY, id=key("keittio"), kind="company", name="Keittiö Oy",
            email="sari@keittio.example", phone="+358401234567", employer_id=key("city"),
            business_id="0112038-9", verified_at=MONDAY, terms_accepted_at=MONDAY,
        ),
        p.Site(
            organiser_id=CITY, id=key("site"), party_id=key("keittio"), name="Keittiö Kallio",
            address="Fleminginkatu 1", postcode="00530", region="helsinki", lat=60.183, lon=24.951,
            confirmed_on=THIS_YEAR,
        ),
        dishwashing,
    ]  # fmt: skip


def _unit(name: str, title: str, postcode: str, lat: float, lon: float) -> Base:
    return p.Unit(
        organiser_id=CITY, id=key(name), name=title, service="disability", postcode=postcode,
        region="helsinki", lat=lat, lon=lon, languages=["fi"], phone="09 310 11111",
    )  # fmt: skip


STAFF = (
    ("sari", "sari@keittio.example", "Sari Salo", "orderer", None, "keittio"),
    ("maija", "maija@example.org", "Maija Mäki", "coordinator", "kaneli", None),
    ("pekka", "pekka@example.org", "Pekka Puro", "coordinator", "kulma", None),
    ("kim", "kim@example.org", "Kim Koski", "coach", "kaneli", None),
    ("liisa", "liisa@example.org", "Liisa Laine", "coach", "kulma", None),
    ("tuija", "tuija@example.org", "Tuija Tarkka", "data_protection_officer", None, None),
    ("jaana", "jaana@example.org", "Jaana Rinne", "admin", None, None),
    ("raili", "raili@example.org", "Raili Raha", "accountant", None, None),
    ("merja", "merja@example.org", "Merja Meri", "unit_lead", "kaneli", None),
)


def _staff() -> list[Base]:
    rows: list[Base] = []
    for name, email, full, role, unit, party in STAFF:
        rows.append(s.User(organiser_id=CITY, id=key(name), email=email, name=full))
        rows.append(
            s.Grant(
                organiser_id=CITY, user_id=key(name), role=role,
                unit_id=unit and key(unit), party_id=party and key(party),
            )
        )  # fmt: skip
    rows.append(
        s.Grant(
            organiser_id=CITY, user_id=key("sari"), role=s.MANAGER, unit_id=None,
            party_id=key("keittio"),
        )
    )  # fmt: skip
    for name, unit in (("kim", "kaneli"), ("liisa", "kulma")):
        coach = key(f"{name}_coach")
        rows.append(
            s.Coach(
                organiser_id=CITY, id=coach, unit_id=key(unit), user_id=key(name),
                name=f"{name.title()} Koski" if name == "kim" else "Liisa Laine",
                phone="+358451234567", languages=["fi"], lat=60.187, lon=24.964,
            )
        )  # fmt: skip
        rows.extend(
            s.CoachHours(
                organiser_id=CITY, coach_id=coach, weekday=day, from_minute=480, to_minute=960
            )
            for day in range(5)
        )
    return rows


CLIENTS: tuple[tuple[str, str, str, str, dict[str, int]], ...] = (
    ("aino", "kaneli", "Aino", "Aalto", {"START": 2, "SAFE": 2}),
    ("eetu", "kaneli", "Eetu", "Eskola", {}),
    ("venla", "kaneli", "Venla", "Virta", {}),
    ("onni", "kulma", "Onni", "Ora", {}),
)


def _clients() -> list[Base]:
    return [
        c.Client(
            organiser_id=CITY, id=key(name), unit_id=key(unit), service="disability",
            coach_id=key("kim_coach" if unit == "kaneli" else "liisa_coach"),
            legal_basis="27e", spoken=["fi"], region="helsinki", lat=60.190, lon=24.960,
            limits=[3, 3, 3, 3, 3, 3], travel_minutes=60, week_minutes=1200, week_gigs=5,
            joined_on=THIS_YEAR,
        )
        for name, unit, *_ in CLIENTS
    ]  # fmt: skip


def _contacts(ring: Keyring) -> list[Base]:
    rows: list[Base] = []
    for number, (name, _unit_name, given, family, _) in enumerate(CLIENTS):
        opened, wrapped = ring.new_key(CITY, key(name))
        reach = Reach(f"+35845555010{number}").closed(ring, CITY, opened)
        rows += [
            c.ClientKey(
                organiser_id=CITY, client_id=key(name), master=wrapped.master, closed=wrapped.closed
            ),
            c.ClientContact(
                organiser_id=CITY, client_id=key(name), given_name=given, family_name=family,
                **reach,
            ),
        ]  # fmt: skip
    return rows


def _details() -> list[Base]:
    rows: list[Base] = []
    for name, _unit_name, _given, _family, needs in CLIENTS:
        rows.extend(
            c.ClientHours(
                organiser_id=CITY, client_id=key(name), weekday=day, from_minute=420, to_minute=1200
            )
            for day in range(7)
        )
        rows.append(
            c.ClientConsent(
                organiser_id=CITY, client_id=key(name), purpose="name_to_orderer",
                text_version="1", given_at=MONDAY, how="face_to_face", recorded_by=key("maija"),
            )
        )  # fmt: skip
        rows.extend(
            c.ClientNeed(
                organiser_id=CITY, client_id=key(name), code=code, level=level,
                assessed_on=THIS_YEAR,
            )
            for code, level in needs.items()
        )  # fmt: skip
    return rows


def as_cast(owner_dsn: str, database: Database) -> Cast:
    """Return who they are in a database that the cast is settled in."""

    def staff(name: str, role: str, *, unit: str | None = None, party: str | None = None) -> Who:
        rights = [*RIGHTS[role], *(RIGHTS["party_manager"] if party else ())]
        return Who(
            CITY, role, actor_id=key(name), rights=frozenset(rights), name=name.title(),
            unit_ids=(key(unit),) if unit else (), party_id=key(party) if party else None,
        )  # fmt: skip

    return Cast(
        database=database,
        owner_dsn=owner_dsn,
        sari=staff("sari", "orderer", party="keittio"),
        maija=staff("maija", "coordinator", unit="kaneli"),
        pekka=staff("pekka", "coordinator", unit="kulma"),
        kim=staff("kim", "coach", unit="kaneli"),
        tuija=staff("tuija", "data_protection_officer"),
        jaana=staff("jaana", "admin"),
        liisa=staff("liisa", "coach", unit="kulma"),
        raili=staff("raili", "accountant"),
        merja=staff("merja", "unit_lead", unit="kaneli"),
        worker=Who(CITY, "worker", name="worker"),
        kaneli=key("kaneli"),
        kulma=key("kulma"),
        keittio=key("keittio"),
        site=key("site"),
        dishwashing=key("dishwashing"),
        aino=key("aino"),
        eetu=key("eetu"),
        venla=key("venla"),
        onni=key("onni"),
        kim_coach=key("kim_coach"),
        liisa_coach=key("liisa_coach"),
    )
