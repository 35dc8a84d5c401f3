"""Changes the organiser's lists: from a day on, with who and when; what has held stays."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import Base, Json, asker
from jobcenter.errors import Changed, Fault, NotAllowed, NotFound, WrongMoment
from jobcenter.intake.told import Told, refuse
from jobcenter.lists import guards
from jobcenter.lists.drafting import Draft, begins_on, drafted
from jobcenter.lists.listing import Listing, Values, slug_of
from jobcenter.lists.reading import (
    Entry,
    dated_row,
    entries,
    is_retired,
    may_organise,
    parts_of,
    rows_of,
    sheet,
    values_of,
)
from jobcenter.lists.sources import sources
from jobcenter.orders.proposing import ask_round
from jobcenter.people.listed import ListChange
from jobcenter.people.parties import TaskType, Unit
from jobcenter.people.rights import note_role
from jobcenter.times import local


async def add(session: AsyncSession, listing: Listing, *, told: Told, now: datetime) -> str:
    """Begin a new entry and return its slug."""
    _may_change(session, listing)
    if not listing.takes_more:
        raise NotAllowed
    today = local(now).date()
    draft = drafted(listing, None, told, await sources(session, listing), today)
    key = draft.key or {"id": str(uuid7())}
    slug = slug_of(key)
    if slug in await entries(session, listing, today):
        refuse([Fault(listing.key[0].name, "known", "This is on the list already.")])
    await guards.begin(
        session, listing, key, draft.values,
        on=draft.holds_from, actor=asker(session).actor_id,
    )  # fmt: skip
    change = _note(session, listing, slug, key, "begun", draft, now)
    await _take_effect(session, listing, change, now)
    return slug


async def change(
    session: AsyncSession, listing: Listing, *, slug: str, seen: str, told: Told, now: datetime
) -> None:
    """Let something else hold for an entry from a day on."""
    entry = await _locked(session, listing, slug, seen, now)
    draft = drafted(listing, entry, told, await sources(session, listing), local(now).date())
    await guards.begin(
        session, listing, entry.key, draft.values,
        on=draft.holds_from, actor=asker(session).actor_id,
    )  # fmt: skip
    noted = _note(session, listing, slug, entry.key, "changed", draft, now)
    await _take_effect(session, listing, noted, now)


async def end(
    session: AsyncSession, listing: Listing, *, slug: str, seen: str, told: Told, now: datetime
) -> None:
    """End an entry from a day on: it is retired, never deleted."""
    entry = await _locked(session, listing, slug, seen, now)
    if not (listing.may_end or listing.retire):
        raise NotAllowed
    faults: list[Fault] = []
    begins = begins_on(told, entry.today, faults)
    refuse(faults)
    held = entry.on(begins)
    if held is None or entry.retired:
        raise WrongMoment("This has ended already.")
    await guards.end(session, listing, entry.key, now)
    draft = Draft(entry.key, {}, begins, held.values, None)
    noted = _note(session, listing, slug, entry.key, "ended", draft, now)
    await _take_effect(session, listing, noted, now)


async def undo(
    session: AsyncSession, listing: Listing, *, slug: str, seen: str, begins: date, now: datetime
) -> None:
    """Take back what was to begin or to end on a day to come, or what still waits past its day."""
    entry = await _locked(session, listing, slug, seen, now)
    waiting = [one for one in entry.waiting if one.holds_from == begins]
    if begins <= entry.today and not waiting:
        raise WrongMoment("This holds already. What has held stays as it was.")
    row = next((row for row in entry.ahead if row.valid_from == begins), None)
    taken_back = waiting if row or waiting else await _ends(session, listing, slug, begins)
    for one in taken_back:
        one.undone_at = now
    before = row.values if row else (dict(waiting[-1].after or {}) if waiting else None)
    draft = Draft(entry.key, {}, begins, before, None)
    noted = _note(session, listing, slug, entry.key, "undone", draft, now)
    noted.applied_at = now
    if not waiting:
        await _close_gap(session, listing, entry.key, begins)


async def _ends(
    session: AsyncSession, listing: Listing, slug: str, begins: date
) -> Sequence[ListChange]:
    """Return the log's lines that a dated entry ends on a day; nothing else lets it go on."""
    found = await session.scalars(
        select(ListChange).where(
            ListChange.organiser_id == asker(session).organiser_id,
            ListChange.list == listing.code,
            ListChange.entry == slug,
            ListChange.kind == "ended",
            ListChange.holds_from == begins,
            ListChange.undone_at.is_(None),
        )
    )
    ends = found.all()
    if not ends:
        raise NotFound
    return ends


def _may_change(session: AsyncSession, listing: Listing) -> None:
    may_organise(session)
    if not listing.editable:
        raise NotAllowed


async def _locked(
    session: AsyncSession, listing: Listing, slug: str, seen: str, now: datetime
) -> Entry:
    """Return the entry with its rows locked, unless somebody has changed it since."""
    _may_change(session, listing)
    found = await sheet(session, listing, slug=slug, now=now)
    await _rows(session, listing, found.entry.key)
    found = await sheet(session, listing, slug=slug, now=now)
    if found.seen != seen:
        raise Changed
    if listing.is_fixed(found.entry.key):
        raise NotAllowed
    return found.entry


async def _rows(session: AsyncSession, listing: Listing, key: Values) -> Sequence[Base]:
    """Return the rows of an entry, locked, by their days."""
    columns = listing.model.__table__.c
    own = [columns[name] == _stored(listing, name, value) for name, value in key.items()]
    order = [columns.valid_from] if listing.dated else []
    rows = await session.scalars(
        select(listing.model)
        .where(*rows_of(session, listing), *own)
        .order_by(*order)
        .with_for_update()
        .options(*parts_of(listing))
        .execution_options(populate_existing=True)
    )
    return rows.all()


def _stored(listing: Listing, name: str, value: object) -> object:
    """Return a value of a key or a form as its column keeps it."""
    columns = listing.model.__table__.c
    if name in columns and isinstance(columns[name].type, PgUUID):
        return UUID(str(value))
    return int(str(value)) if name == "id" else value


def _note(
    session: AsyncSession,
    listing: Listing,
    slug: str,
    key: Values,
    kind: str,
    draft: Draft,
    now: datetime,
) -> ListChange:
    before: Json | None = dict(draft.before) if draft.before is not None else None
    after: Json | None = dict(draft.values) if kind in ("begun", "changed") else None
    noted = ListChange(
        organiser_id=asker(session).organiser_id,
        id=uuid7(),
        list=listing.code,
        entry=slug,
        key=dict(key),
        kind=kind,
        holds_from=draft.holds_from,
        before=before,
        after=after,
        at=now,
        actor=asker(session).actor_id,
        applied_at=None,
        undone_at=None,
    )
    session.add(noted)
    return noted


async def _take_effect(
    session: AsyncSession, listing: Listing, noted: ListChange, now: datetime
) -> None:
    """Write what dates tell at once; anything else waits until its day has come."""
    today = local(now).date()
    if listing.dated:
        await _write_dated(session, listing, noted)
        noted.applied_at = now
    elif noted.holds_from <= today:
        await apply(session, listing, noted, now)
    await session.flush()
    if listing.rematch and noted.holds_from <= today:
        await ask_round(session, kind="whole", now=now)


async def apply(session: AsyncSession, listing: Listing, noted: ListChange, now: datetime) -> None:
    """Let a change of a list without dated rows hold from now on."""
    rows = await _rows(session, listing, noted.key)
    held = values_of(listing, rows[0]) if rows else {}
    if noted.kind == "ended":
        for row in rows:
            retired: object = noted.holds_from if listing.retire == "retired_on" else False
            setattr(row, listing.retire, retired)
    elif rows:
        for row in rows:
            _set(listing, row, noted.after or {}, local(now).date())
    else:
        session.add(_made(listing, noted, asker(session).organiser_id))
    if listing.code == "roles":
        await note_role(
            session, str(noted.key["code"]), held, noted.after or {}, actor=noted.actor, now=now
        )
    noted.applied_at = now


def _set(listing: Listing, row: Base, values: Values, today: date) -> None:
    for name, value in {**values, **_derived(listing, values)}.items():
        setattr(row, name, value)
    if isinstance(row, Unit | TaskType):
        row.version += 1
    if is_retired(listing, row, today):
        setattr(row, listing.retire, None if listing.retire == "retired_on" else True)


def _made(listing: Listing, noted: ListChange, organiser_id: int) -> Base:
    values = noted.after or {}
    columns: Json = {**listing.fixed, **listing.unasked, **noted.key, **values}
    columns |= _derived(listing, values)
    columns = {name: _stored(listing, name, value) for name, value in columns.items()}
    if "id" in listing.model.__table__.c:
        columns.setdefault("id", uuid7())
    return listing.model(organiser_id=organiser_id, **columns)


def _derived(listing: Listing, values: Values) -> Values:
    return listing.derive(values) if listing.derive else {}


async def _write_dated(session: AsyncSession, listing: Listing, noted: ListChange) -> None:
    """Close the row that holds on the day, and begin the new one until the next that is planned."""
    rows = await _rows(session, listing, noted.key)
    begins = noted.holds_from
    until = _until(listing, rows, begins)
    for row in rows:
        from_, to = _days(row)
        if from_ == begins:
            await guards.remove(session, row)
            await session.delete(row)
        elif from_ < begins and (to is None or to > begins):
            dated_row(row).valid_to = begins
    await session.flush()
    if noted.kind == "ended":
        return
    made = _made(listing, noted, noted.organiser_id)
    dated_row(made).valid_from = begins
    dated_row(made).valid_to = until
    session.add(made)


async def _close_gap(session: AsyncSession, listing: Listing, key: Values, begins: date) -> None:
    """Remove a row that was to begin; what holds before goes on until the next that is planned."""
    rows = await _rows(session, listing, key)
    until = _until(listing, rows, begins)
    for row in rows:
        from_, to = _days(row)
        if from_ == begins:
            await guards.remove(session, row)
            await session.delete(row)
        elif to == begins:
            dated_row(row).valid_to = until
    await session.flush()


def _until(listing: Listing, rows: Sequence[Base], begins: date) -> date | None:
    """Return until when something holds that begins on a day: the next row, or an agreed end."""
    days = [_days(row) for row in rows]
    later = min((from_ for from_, _ in days if from_ > begins), default=None)
    ends = [to for from_, to in days if to and from_ <= begins < to] if listing.keeps_end else []
    return min([later, *ends], key=lambda day: day or date.max, default=later)


def _days(row: Base) -> tuple[date, date | None]:
    dated = dated_row(row)
    return dated.valid_from, dated.valid_to
