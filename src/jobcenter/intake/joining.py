"""Somebody gets an account: an administrator writes them down, and a mail has their way in."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import asker
from jobcenter.errors import Fault, Invalid, NotAllowed, NotFound, WrongMoment
from jobcenter.fields import email_of, phone_of, text_of
from jobcenter.intake.told import Told, filled, refuse
from jobcenter.notices import tell
from jobcenter.orders.gigs import Link
from jobcenter.people import account, rights, sessions
from jobcenter.people.staff import Role, User

# What staff are written to in; easy Finnish is for clients.
WRITTEN_IN = ("fi", "sv", "en")
KNOWN = Fault("email", "known", "Somebody signs in by this address already.")
Mint = Callable[[UUID, datetime], bytes]


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody who signs in is called and reached."""

    name: str
    email: str
    phone: str
    language: str


def form_of(user: User) -> Told:
    """Return what the form for an account begins with."""
    return filled({name: getattr(user, name) for name in Person.__dataclass_fields__})


async def add(session: AsyncSession, *, told: Told, mint: Mint, now: datetime) -> UUID:
    """Make an account with its first role, and mail whoever it is for a way in."""
    organiser = _kept_by(session)
    faults: list[Fault] = []
    person = await _read(session, told, faults)
    role = await session.get(Role, (organiser, told.text("role")))
    unit_id = _unit_of(told, role, faults)
    refuse(faults)
    # Two forms may be sent at once: whoever is second finds the address taken.
    user_id: UUID | None = await session.scalar(
        insert(User)
        .values(organiser_id=organiser, id=uuid7(), **asdict(person))
        .on_conflict_do_nothing()
        .returning(User.id)
    )
    if user_id is None:
        raise Invalid(KNOWN)
    rights.note(session, user_id, "added", now)
    await rights.give(session, user_id=user_id, role=told.text("role"), unit_id=unit_id, now=now)
    await _write_to(session, user_id, person.email, mint, now)
    return user_id


async def edit(
    session: AsyncSession, *, user_id: UUID, told: Told, mint: Mint, now: datetime
) -> None:
    """Change how somebody is called and reached; with another address all ways in begin anew."""
    organiser = _kept_by(session)
    user = await session.get(User, (organiser, user_id), with_for_update=True)
    if user is None:
        raise NotFound
    if user.disabled_at:
        raise WrongMoment(rights.IS_OUT)
    faults: list[Fault] = []
    person = await _read(session, told, faults, but=user_id)
    refuse(faults)
    others = {name: text for name, text in asdict(person).items() if getattr(user, name) != text}
    if not others:
        return
    for name, text in others.items():
        setattr(user, name, text)
    await session.flush()
    # The log outlives the name: it says what was changed, and not from what to what.
    rights.note(session, user_id, "edited", now, fields=" ".join(others))
    if "email" in others:
        await _end_ways(session, user_id, now)
        await _write_to(session, user_id, person.email, mint, now)


def _kept_by(session: AsyncSession) -> int:
    """Return whose accounts the asker keeps."""
    who = asker(session)
    if not who.may(rights.ORGANISE):
        raise NotAllowed
    return who.organiser_id


async def _read(
    session: AsyncSession, told: Told, faults: list[Fault], *, but: UUID | None = None
) -> Person:
    name = text_of(told.text("name"), "name", faults, most=80, required=True)
    email = email_of(told.text("email"), "email", faults, required=True).lower()
    phone = phone_of(told.text("phone"), "phone", faults)
    language = told.text("language")
    if language not in WRITTEN_IN:
        faults.append(Fault("language", "unknown", "Please choose one."))
    taken = select(User.id).where(
        User.organiser_id == asker(session).organiser_id, func.lower(User.email) == email
    )
    if email and await session.scalar(taken) not in {None, but}:
        faults.append(KNOWN)
    return Person(name, email, phone, language)


def _unit_of(told: Told, role: Role | None, faults: list[Fault]) -> UUID | None:
    """Return the unit of a first role; one that is about a unit's people holds nowhere without."""
    if role is None:
        faults.append(Fault("role", "unknown", "Please choose one."))
    elif role.is_for_a_unit and not told.text("unit"):
        faults.append(Fault("unit", "blank", "This role is for a unit. Please choose one."))
    try:
        return UUID(told.text("unit")) if told.text("unit") else None
    except ValueError:
        faults.append(Fault("unit", "unknown", "We do not know this unit."))
        return None


async def _end_ways(session: AsyncSession, user_id: UUID, now: datetime) -> None:
    """End what was opened by the former address, or mailed to it."""
    organiser = asker(session).organiser_id
    await account.end_ways(session, user_id=user_id, now=now)
    await session.execute(
        update(Link)
        .where(
            Link.organiser_id == organiser,
            Link.id.in_(select(func.links_mailed_to(organiser, user_id))),
        )
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


async def _write_to(
    session: AsyncSession, user_id: UUID, email: str, mint: Mint, now: datetime
) -> None:
    """Mail somebody their way in; whoever comes through a directory has theirs already."""
    offered = await sessions.offer(session, email=email, mint=mint, now=now)
    if offered:
        version = int(offered.expires_at.timestamp())
        await tell(session, kind="account", user_id=user_id, way="mail", version=version, now=now)
