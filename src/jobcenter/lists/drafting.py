"""Reads a form of a list: what is to hold from which day, and what that would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jobcenter.errors import Fault
from jobcenter.intake.told import Told, clock_text, day, refuse
from jobcenter.lists.fields import Field, Sources, read, typed
from jobcenter.lists.listing import Listing, Values
from jobcenter.lists.reading import Entry, Row
from jobcenter.times import DAY

FROM = "from"
"""The field that says from which day on a change holds."""
OUT_OF_REACH = "Please choose from {least} to {most}."
SAME = "Nothing is different from what holds on that day."


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to hold from a day on."""

    key: Values
    values: Values
    holds_from: date
    before: Values | None
    until: date | None
    """The day on which something else, planned before, takes its place."""

    @property
    def last_day(self) -> date | None:
        """Return the last day on which it would hold."""
        return self.until - DAY if self.until else None


def drafted(
    listing: Listing, entry: Entry | None, told: Told, sources: Sources, today: date
) -> Draft:
    """Return the change that a form asks for; raises `Invalid` with everything that is wrong."""
    faults: list[Fault] = []
    key = entry.key if entry else _read(listing.key, told, sources, faults)
    sources = listing.narrowed(sources, key)
    values = _read(listing.values, told, sources, faults)
    _within_reach(listing, key, values, faults)
    if listing.check and not faults:
        listing.check({**key, **values}, faults)
    begins = begins_on(told, today, faults)
    refuse(faults)
    held = entry.on(begins) if entry else None
    if held is not None and _alike(held.values, values):
        refuse([Fault(listing.values[0].name if listing.values else FROM, "same", SAME)])
    until = held.valid_to if held and listing.keeps_end else _until(entry, begins)
    return Draft(key, values, begins, held.values if held else None, until)


def _within_reach(listing: Listing, key: Values, values: Values, faults: list[Fault]) -> None:
    reach, field = listing.reach(key), listing.values[0] if listing.values else None
    amount = values[field.name] if field else None
    if reach is None or field is None or not isinstance(amount, int):
        return
    if any(fault.field == field.name for fault in faults):
        return
    if not reach[0] <= amount <= reach[1]:
        least, most = (clock_text(n) if field.kind == "clock" else n for n in reach)
        said = {"least": least, "most": most}
        faults.append(Fault(field.name, "out_of_bounds", OUT_OF_REACH, said))


def _alike(held: Values, values: Values) -> bool:
    """Whether nothing is different: what may be ticked in any order has none."""
    plain = [{name: _unordered(one) for name, one in told.items()} for told in (held, values)]
    return plain[0] == plain[1]


def _unordered(value: object) -> object:
    words = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return frozenset(value) if isinstance(value, list) and words else value


def begins_on(told: Told, today: date, faults: list[Fault]) -> date:
    """Return from which day a change holds: today or later, for what has held is not rewritten."""
    found = day(told, FROM, faults) or today
    if found < today:
        faults.append(
            Fault(
                FROM, "past", "Please choose today or a later day. What has held stays as it was."
            )
        )
    return found


def _read(fields: Sequence[Field], told: Told, sources: Sources, faults: list[Fault]) -> Values:
    return {one.name: read(one, told, sources, faults) for one in fields}


def _until(entry: Entry | None, begins: date) -> date | None:
    later = [row.valid_from for row in (entry.rows if entry else ()) if row.valid_from]
    return min((day for day in later if day > begins), default=None)


def form_of(listing: Listing, row: Row | None, sources: Sources, today: date) -> Told:
    """Return what a form begins with: what holds, or nothing."""
    given: dict[str, tuple[str, ...]] = {FROM: (today.isoformat(),)}
    if row:
        for one in listing.values:
            given |= typed(one, row.values.get(one.name), sources)
    return Told(given)
