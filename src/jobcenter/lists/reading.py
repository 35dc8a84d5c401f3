"""Reads the organiser's lists: what holds today, what is to come, what held, and who changed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from jobcenter.database import Base, asker
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.lists.fields import Sources
from jobcenter.lists.listing import Listing, Values, slug_of
from jobcenter.lists.sources import sources
from jobcenter.people.listed import ListChange
from jobcenter.people.rights import ORGANISE
from jobcenter.people.staff import User
from jobcenter.times import DAY, local
from jobcenter.validity import Dated

# What tells an entry that has no key of its own.
ID = "id"


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row, or how an entry without dates stands."""

    values: Values
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def last_day(self) -> date | None:
        """Return the last day on which it holds."""
        return self.valid_to - DAY if self.valid_to else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list with its rows by their days."""

    slug: str
    key: Values
    today: date
    rows: tuple[Row, ...] = ()
    retired: bool = False
    waiting: tuple[ListChange, ...] = ()
    """Changes of days to come, where the list has no dated rows."""
    default: Values | None = None

    def on(self, day: date) -> Row | None:
        """Return the row that holds on a day, the newest where two do."""
        held = [
            row
            for row in self.rows
            if (row.valid_from is None or row.valid_from <= day)
            and (row.valid_to is None or day < row.valid_to)
        ]
        return held[-1] if held else None

    @property
    def now(self) -> Row | None:
        """Return what holds today, also where that is what holds without any row."""
        return self.on(self.today) or (Row(self.default) if self.default else None)

    @property
    def ahead(self) -> tuple[Row, ...]:
        """Return what is to come."""
        return tuple(row for row in self.rows if row.valid_from and row.valid_from > self.today)

    @property
    def past(self) -> tuple[Row, ...]:
        """Return what no longer holds, the newest first."""
        return tuple(
            row for row in reversed(self.rows) if row.valid_to and row.valid_to <= self.today
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as it stands, and what its fields are chosen from."""

    listing: Listing
    entries: tuple[Entry, ...]
    sources: Sources


@dataclass(frozen=True, slots=True)
class Told:
    """A change with the name of whoever made it."""

    change: ListChange
    who: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One entry with everything that ever changed in it."""

    listing: Listing
    entry: Entry
    sources: Sources
    changes: tuple[Told, ...]

    @property
    def seen(self) -> str:
        """Return the newest change, by which a form knows that nobody was faster."""
        return str(self.changes[0].change.id) if self.changes else ""

    @property
    def ends(self) -> date | None:
        """Return the day to come from which somebody has ended it, if it does end then."""
        closes = {row.valid_to for row in self.entry.rows}
        closes -= {row.valid_from for row in self.entry.rows}
        ends = (
            told.change.holds_from
            for told in self.changes
            if told.change.kind == "ended" and told.change.undone_at is None
        )
        return next((day for day in ends if day in closes and day > self.entry.today), None)


async def shown(session: AsyncSession, listing: Listing, *, now: datetime) -> Shown:
    """Return a list; only an administrator reads it as one."""
    may_organise(session)
    found = await entries(session, listing, local(now).date())
    return Shown(listing, tuple(found.values()), await sources(session, listing))


async def sheet(session: AsyncSession, listing: Listing, *, slug: str, now: datetime) -> Sheet:
    """Return one entry with its history."""
    may_organise(session)
    found = (await entries(session, listing, local(now).date())).get(slug)
    if found is None:
        raise NotFound
    rows = await session.execute(
        select(ListChange, User.name)
        .outerjoin(
            User, (User.organiser_id == ListChange.organiser_id) & (User.id == ListChange.actor)
        )
        .where(_of_entry(session, listing, slug))
        .order_by(ListChange.id.desc())
    )
    told = tuple(Told(change, name or "") for change, name in rows)
    chosen_from = listing.narrowed(await sources(session, listing), found.key)
    return Sheet(listing, found, chosen_from, told)


async def overdue(session: AsyncSession, *, now: datetime) -> Sequence[ListChange]:
    """Return the changes whose day has come and that still wait."""
    may_organise(session)
    found = await session.scalars(
        select(ListChange).where(*waits(session, now)).order_by(ListChange.holds_from)
    )
    return found.all()


def waits(session: AsyncSession, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what tells the changes that should hold by now and do not."""
    return (
        ListChange.organiser_id == asker(session).organiser_id,
        ListChange.applied_at.is_(None),
        ListChange.undone_at.is_(None),
        ListChange.holds_from <= local(now).date(),
    )


def may_organise(session: AsyncSession) -> None:
    """Let administrators go on."""
    if not asker(session).may(ORGANISE):
        raise NotAllowed


def _of_entry(session: AsyncSession, listing: Listing, slug: str) -> ColumnElement[bool]:
    return (
        (ListChange.organiser_id == asker(session).organiser_id)
        & (ListChange.list == listing.code)
        & (ListChange.entry == slug)
    )


async def entries(session: AsyncSession, listing: Listing, today: date) -> dict[str, Entry]:
    """Return every entry of a list by its slug, in the order of the list."""
    rows = await session.scalars(
        select(listing.model)
        .where(*rows_of(session, listing))
        .order_by(*_order(listing))
        .options(*parts_of(listing))
    )
    waiting = await session.scalars(
        select(ListChange)
        .where(ListChange.organiser_id == asker(session).organiser_id)
        .where(ListChange.list == listing.code)
        .where(ListChange.applied_at.is_(None), ListChange.undone_at.is_(None))
        .order_by(ListChange.holds_from, ListChange.id)
    )
    return _grouped(listing, rows.all(), waiting.all(), today)


def parts_of(listing: Listing) -> list[ExecutableOption]:
    """Return what reads the parts of a row with it."""
    return [selectinload(getattr(listing.model, part)) for part in listing.parts]


def rows_of(session: AsyncSession, listing: Listing) -> list[ColumnElement[bool]]:
    """Return what tells the rows of a list."""
    columns = listing.model.__table__.c
    wanted = [columns[listing.owner] == asker(session).organiser_id]
    wanted += [columns[name] == value for name, value in listing.fixed.items()]
    if listing.closed:
        (only,) = listing.key
        wanted.append(columns[only.name].in_(only.choices("en", Sources())))
    return wanted


def _order(listing: Listing) -> list[ColumnElement[object]]:
    columns = listing.model.__table__.c
    names = [one.name for one in listing.key or listing.values[:1]] + (
        ["valid_from"] if listing.dated else []
    )
    return [columns[name] for name in names]


def _grouped(
    listing: Listing, rows: Sequence[Base], waiting: Sequence[ListChange], today: date
) -> dict[str, Entry]:
    keys: dict[str, Values] = {}
    if listing.closed:
        (only,) = listing.key
        keys = {
            slug_of({only.name: code}): {only.name: code} for code in only.choices("en", Sources())
        }
    by_slug: dict[str, list[Base]] = {slug: [] for slug in keys}
    for row in rows:
        key = key_of(listing, row)
        keys[slug_of(key)] = key
        by_slug.setdefault(slug_of(key), []).append(row)
    planned = [change for change in waiting if change.entry not in keys]
    keys |= {change.entry: change.key for change in planned}
    return {
        slug: _entry(listing, slug, key, by_slug.get(slug, ()), waiting, today)
        for slug, key in keys.items()
    }


def _entry(
    listing: Listing,
    slug: str,
    key: Values,
    rows: Iterable[Base],
    waiting: Iterable[ListChange],
    today: date,
) -> Entry:
    held = list(rows)
    return Entry(
        slug=slug,
        key=key,
        today=today,
        rows=tuple(_row(listing, row) for row in held),
        retired=any(is_retired(listing, row, today) for row in held),
        waiting=tuple(change for change in waiting if change.entry == slug),
        default=_default(listing, key),
    )


def _default(listing: Listing, key: Values) -> Values | None:
    if not listing.defaults:
        return None
    amount = listing.defaults.get(str(next(iter(key.values()))))
    return None if amount is None else {listing.values[0].name: amount}


def is_retired(listing: Listing, row: Base, today: date) -> bool:
    """Whether an entry without dates is no longer in use."""
    if not listing.retire:
        return False
    mark: object = getattr(row, listing.retire)
    return mark <= today if isinstance(mark, date) else mark is False


def _row(listing: Listing, row: Base) -> Row:
    values = values_of(listing, row)
    return Row(values, row.valid_from, row.valid_to) if isinstance(row, Dated) else Row(values)


def key_of(listing: Listing, row: Base) -> Values:
    """Return what tells the entry of a row."""
    if not listing.key:
        return {"id": str(getattr(row, ID))}
    told: dict[str, object] = {one.name: getattr(row, one.name) for one in listing.key}
    return {name: str(one) if isinstance(one, UUID) else one for name, one in told.items()}


def values_of(listing: Listing, row: Base) -> Values:
    """Return the values of a row."""
    told: dict[str, object] = {one.name: getattr(row, one.name) for one in listing.values}
    return {name: str(one) if isinstance(one, UUID) else one for name, one in told.items()}


def dated_row(row: Base) -> Dated:
    """Return the row of a list that keeps days."""
    assert isinstance(row, Dated)
    return row
