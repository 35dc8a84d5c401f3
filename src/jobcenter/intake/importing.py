"""Clients and coaches from an existing register: all or none, tried without writing first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Base, asker
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.intake import person
from jobcenter.intake.new_coaches import COACHES_HERE, known_codes, new_coach, site_of
from jobcenter.intake.person import SPOKEN
from jobcenter.intake.register import Line, hours_of, yes_or_no
from jobcenter.intake.told import Told
from jobcenter.orders.proposals import Change
from jobcenter.people import choices, closing
from jobcenter.people.clients import Client, ClientContact, ClientHours, ClientStrength
from jobcenter.people.closing import Contact
from jobcenter.people.parties import Unit
from jobcenter.people.staff import Coach
from jobcenter.people.upkeep import note_upkeep

KINDS = ("clients", "coaches")
MOST_FAULTS = 200
FIRST_LANGUAGE = "fi"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing that is wrong in one cell."""

    row: int
    fault: Fault


class RegisterRefused(Invalid):
    """Some rows need another look. Nothing was taken in."""

    code = "register_refused"

    def __init__(self, rows: Sequence[RowFault]) -> None:
        super().__init__(*(row.fault for row in rows))
        self.rows = tuple(rows)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a register would bring, or has brought: how many, and their names as first check."""

    kind: str
    names: tuple[str, ...]


async def try_out(
    session: AsyncSession, *, kind: str, unit_id: UUID, lines: Sequence[Line], now: datetime
) -> Taken:
    """Check every row as if it were taken in, and write nothing."""
    _, names = await _drafted(session, kind, unit_id, lines, now)
    return Taken(kind, names)


async def take_in(
    session: AsyncSession, *, kind: str, unit_id: UUID, lines: Sequence[Line], now: datetime
) -> Taken:
    """Take every row in, or none."""
    groups, names = await _drafted(session, kind, unit_id, lines, now)
    for rows in groups:
        session.add_all(rows)
        await session.flush()
    for row in groups[0]:
        told_of(session, row, now)
    note_upkeep(session, "register", unit_id, kind, now=now, version=len(names))
    await session.flush()
    return Taken(kind, names)


def told_of(session: AsyncSession, row: Base, now: datetime) -> None:
    """Write that somebody is new, and have the matcher look."""
    own = asker(session).organiser_id
    if isinstance(row, Client):
        note_upkeep(session, "client", row.id, "new", now=now, version=1)
        session.add(Change(organiser_id=own, kind="client_changed", client_id=row.id, at=now))
    elif isinstance(row, Coach):
        note_upkeep(session, "coach", row.id, "new", now=now, version=1)
        session.add(Change(organiser_id=own, kind="coach_changed", coach_id=row.id, at=now))


async def _drafted(
    session: AsyncSession, kind: str, unit_id: UUID, lines: Sequence[Line], now: datetime
) -> tuple[list[list[Base]], tuple[str, ...]]:
    """Return the rows to write, those that others point at first, with everybody's name."""
    who = asker(session)
    unit = await session.get(Unit, (who.organiser_id, unit_id))
    if unit is None or kind not in KINDS:
        raise NotFound
    who.require(unit.id, "assign")
    known = await known_in(session, unit, kind)
    accounts = await _accounts_in(session, unit) if kind == "coaches" else set()
    first: list[Base] = []
    then: list[Base] = []
    names: list[str] = []
    faults: list[RowFault] = []
    for line in lines:
        try:
            drafted = await _of_line(session, kind, unit, line, now)
            names.append(new_name(drafted, known))
            _one_account_each(drafted, accounts)
            first.append(drafted[0])
            then += drafted[1:]
        except Invalid as invalid:
            faults += [RowFault(line.number, fault) for fault in invalid.faults]
    if faults:
        raise RegisterRefused(faults[:MOST_FAULTS])
    return [first, then], tuple(names)


def new_name(rows: Sequence[Base], known: set[tuple[str, str | bytes]]) -> str:
    """Return whose row this is, unless somebody by that name and number is there already."""
    name, phone = _who(rows)
    if (name.casefold(), phone) in known:
        raise Invalid(Fault("phone", "known", "This person is here already."))
    known.add((name.casefold(), phone))
    return name


def _one_account_each(rows: Sequence[Base], accounts: set[UUID]) -> None:
    """Refuse an account by which somebody else coaches here: it would show the days of one."""
    for row in rows:
        if isinstance(row, Coach) and row.user_id:
            if row.user_id in accounts:
                raise Invalid(COACHES_HERE)
            accounts.add(row.user_id)


async def _accounts_in(session: AsyncSession, unit: Unit) -> set[UUID]:
    found = await session.scalars(
        select(Coach.user_id)
        .where(Coach.organiser_id == unit.organiser_id, Coach.unit_id == unit.id)
        .where(Coach.active, Coach.user_id.is_not(None))
    )
    return {one for one in found if one}


def _who(rows: Sequence[Base]) -> tuple[str, str | bytes]:
    for row in rows:
        if isinstance(row, ClientContact):
            return f"{row.given_name} {row.family_name}", row.phone_index
        if isinstance(row, Coach):
            return row.name, row.phone
    raise NotFound


async def compared(session: AsyncSession, *, unit_id: UUID) -> Sequence[UUID]:
    """Return the clients whose names and numbers a register's lines are compared with."""
    who = asker(session)
    who.require(unit_id, "assign")
    found = await session.scalars(
        select(Client.id)
        .where(Client.organiser_id == who.organiser_id, Client.unit_id == unit_id)
        .order_by(Client.id)
    )
    return found.all()


async def known_in(session: AsyncSession, unit: Unit, kind: str) -> set[tuple[str, str | bytes]]:
    """Return names and numbers of the unit's own people, so that nobody is taken in twice."""
    if kind == "coaches":
        coaches = await session.scalars(
            select(Coach).where(Coach.organiser_id == unit.organiser_id, Coach.unit_id == unit.id)
        )
        return {(row.name.casefold(), row.phone) for row in coaches}
    contacts = await session.execute(
        select(ClientContact.given_name, ClientContact.family_name, ClientContact.phone_index)
        .join(
            Client,
            (Client.organiser_id == ClientContact.organiser_id)
            & (Client.id == ClientContact.client_id),
        )
        .where(Client.organiser_id == unit.organiser_id, Client.unit_id == unit.id)
    )
    return {(f"{given} {family}".casefold(), phone) for given, family, phone in contacts}


async def _of_line(
    session: AsyncSession, kind: str, unit: Unit, line: Line, now: datetime
) -> list[Base]:
    if kind == "coaches":
        return await new_coach(session, unit, line.told, now)
    return await _client(session, unit, line.told, now)


async def _client(session: AsyncSession, unit: Unit, told: Told, now: datetime) -> list[Base]:
    faults: list[Fault] = []
    usual = {"unit": (str(unit.id),), "language": (told.text("language") or FIRST_LANGUAGE,),
             "service": (told.text("service") or unit.service,)}  # fmt: skip
    calls = yes_or_no(told, "wants_calls", faults)
    hours = hours_of(told, faults)
    codes = await _strengths(session, told, faults, now)
    site_id = await site_of(session, unit, told, faults, now)
    known_codes(told, "spoken", SPOKEN, faults)
    fields = {**told.fields, **usual, "wants_calls": ("1",) if calls else ()}
    rows: tuple[Client, Contact] | None = None
    try:
        rows = await person.drafted(session, told=Told(fields), now=now)
    except Invalid as invalid:
        faults += invalid.faults
    if faults or rows is None:
        raise Invalid(*faults)
    client, contact = rows
    client.site_id = site_id
    own = {"organiser_id": unit.organiser_id, "client_id": client.id}
    return [
        client,
        *await closing.first_rows(session, contact),
        *(ClientHours(**own, weekday=day, from_minute=begin, to_minute=end)
          for day, begin, end in hours),
        *(ClientStrength(**own, code=code) for code in codes),
    ]  # fmt: skip


async def _strengths(
    session: AsyncSession, told: Told, faults: list[Fault], now: datetime
) -> list[str]:
    """Read strengths by their code or by their name in any language."""
    by_word = {
        word.casefold(): one.code
        for one in (await choices.strengths(session, now=now)).all
        for word in (one.code, one.name_fi, one.name_sv, one.name_en)
    }
    words = [word.casefold() for word in told.many("strengths")]
    known_codes(replace(told, fields={"strengths": tuple(words)}), "strengths", by_word, faults)
    return sorted({by_word[word] for word in words if word in by_word})
