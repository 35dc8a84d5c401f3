"""Who a client is and how to reach them: the first short form, and the same form later."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Fault, NotAllowed, NotFound
from jobcenter.fields import email_of, phone_of, text_of
from jobcenter.intake import responsible
from jobcenter.intake.told import Told, filled, refuse
from jobcenter.orders.proposals import Change
from jobcenter.people import choices, closing
from jobcenter.people.clients import Client
from jobcenter.people.closing import Contact
from jobcenter.people.parties import District, Unit
from jobcenter.people.upkeep import note_upkeep
from jobcenter.texts import LANGUAGES
from jobcenter.times import local

# Languages that people and coaches may share; codes of ISO 639-1.
SPOKEN: Mapping[str, str] = {
    "fi": "Suomi", "sv": "Svenska", "en": "English", "ru": "Русский", "et": "Eesti",
    "so": "Soomaali", "ar": "العربية", "fa": "فارسی", "uk": "Українська", "fr": "Français",
    "es": "Español", "vi": "Tiếng Việt", "zh": "中文", "ku": "Kurdî", "tr": "Türkçe",
}  # fmt: skip
# Until limits are agreed, only light work is proposed; without hours none is.
FIRST_LIMITS = (1, 1, 1, 1, 1, 0)
FIRST_TRAVEL = 45
FIRST_WEEK_MINUTES = 360
FIRST_WEEK_GIGS = 2


async def create(session: AsyncSession, *, told: Told, now: datetime) -> UUID:
    """Take a client in: who they are; nothing is proposed before their hours are told."""
    who = asker(session)
    if not who.units_with("assign", "coach"):
        raise NotAllowed
    client, contact = await drafted(session, told=told, now=now)
    session.add(client)
    await session.flush()
    await closing.keep_contact(session, contact)
    note_upkeep(session, "client", client.id, "new", now=now, version=1)
    session.add(
        Change(organiser_id=who.organiser_id, kind="client_changed", client_id=client.id, at=now)
    )
    await session.flush()
    return client.id


async def drafted(session: AsyncSession, *, told: Told, now: datetime) -> tuple[Client, Contact]:
    """Return a client as told, checked but not yet written."""
    unit = await _unit(session, told.text("unit"))
    client = Client(
        organiser_id=unit.organiser_id,
        id=uuid7(),
        unit_id=unit.id,
        region=unit.region,
        postcode=None,
        lat=unit.lat,
        lon=unit.lon,
        limits=list(FIRST_LIMITS),
        travel_minutes=FIRST_TRAVEL,
        week_minutes=FIRST_WEEK_MINUTES,
        week_gigs=FIRST_WEEK_GIGS,
        joined_on=local(now).date(),
        version=1,
    )
    client.coach_id = await responsible.first_for(session, unit)
    if not told.text(responsible.FIELD).strip():
        told = replace(
            told, fields={k: v for k, v in told.fields.items() if k != responsible.FIELD}
        )
    return client, await _told(session, client, told, now)


async def _unit(session: AsyncSession, code: str) -> Unit:
    """Return the unit that was chosen among the asker's own, or their only one."""
    who = asker(session)
    units = who.units_with("assign", "coach")
    own = [unit for unit in units if str(unit) == code or len(units) == 1]
    found = await session.get(Unit, (who.organiser_id, own[0])) if own else None
    if found is None:
        raise NotFound
    return found


async def write(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down who a client is, how to reach them and which coach is responsible."""
    before = client.coach_id
    contact = await _told(session, client, told, now)
    await closing.keep_contact(session, contact, texts_again=told.ticked("texts_again"))
    if client.coach_id != before:
        note_upkeep(session, "client", client.id, "coach", now=now, version=client.version + 1)


async def _told(session: AsyncSession, client: Client, told: Told, now: datetime) -> Contact:
    """Write down who a client is, and return how to reach them."""
    faults: list[Fault] = []
    given = text_of(told.text("given_name"), "given_name", faults, most=60, required=True)
    family = text_of(told.text("family_name"), "family_name", faults, most=60, required=True)
    phone = phone_of(told.text("phone"), "phone", faults, required=True)
    email = email_of(told.text("email"), "email", faults)
    language = _one_of(told, "language", LANGUAGES, faults)
    offered = (await choices.services(session, now=now)).offered("fi", (client.service or "",))
    service = _one_of(told, "service", offered, faults)
    basis = _one_of(told, "legal_basis", choices.LAWS, faults)
    district = await district_of(session, told, faults)
    coach_id = await responsible.chosen(session, client, told, faults)
    refuse(faults)
    client.coach_id = coach_id
    client.language, client.service, client.legal_basis = language, service, basis
    client.spoken = [code for code in told.many("spoken") if code in SPOKEN]
    if district:
        client.postcode, client.lat, client.lon = district.postcode, district.lat, district.lon
    return Contact(client.id, given, family, phone, email or None, told.ticked("wants_calls"))


async def district_of(session: AsyncSession, told: Told, faults: list[Fault]) -> District | None:
    """Return where the client sets out from: a district is near enough, an address is not kept."""
    code = told.text("postcode").strip()
    if not code:
        return None
    found = await session.get(District, code)
    if found is None:
        faults.append(Fault("postcode", "unknown", "We do not know this postcode."))
    return found


def _one_of(
    told: Told, name: str, known: tuple[str, ...] | Mapping[str, object], faults: list[Fault]
) -> str:
    chosen = told.text(name)
    if chosen not in known:
        faults.append(Fault(name, "blank", "Please choose one."))
    return chosen


async def shown(session: AsyncSession, client: Client) -> Told:
    """Return the form as it stands; read it after the look is logged."""
    contact = (await closing.contacts(session, [client.id])).get(client.id)
    if contact is None:
        raise NotFound
    return filled(
        {
            "given_name": contact.given_name,
            "family_name": contact.family_name,
            "phone": contact.phone,
            "email": contact.email,
            "wants_calls": contact.wants_calls,
            "texts_stopped": contact.texts_stopped,
            "language": client.language,
            "service": client.service,
            "legal_basis": client.legal_basis,
            "spoken": client.spoken,
            "postcode": client.postcode,
            "coach": str(client.coach_id or ""),
        }
    )


async def districts(session: AsyncSession) -> list[District]:
    """Return every district, by name."""
    return list(await session.scalars(select(District).order_by(District.name_fi)))
