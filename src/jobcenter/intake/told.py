"""What somebody told in a form or a row of a register: fields by name, read with their faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from jobcenter.errors import Fault, Invalid
from jobcenter.fields import cents_of
from jobcenter.times import clock_of, day_of, of_wall

# What a form begins with: nothing, one value, a box, or several values.
Shown = Sequence[str] | str | int | bool | None

LONGEST_NUMBER = 6
MIDNIGHT = 24 * 60
MOST_VALUES = 400
LONGEST_VALUE = 4000
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Told:
    """Fields as they were typed; one that is not there is empty."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return one field, the last where it came twice."""
        return (self.fields.get(name) or ("",))[-1]

    def many(self, name: str) -> tuple[str, ...]:
        """Return every value of a field."""
        return self.fields.get(name, ())

    def ticked(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self.text(name))

    def has(self, name: str, value: str) -> bool:
        """Return whether this value of a field is chosen."""
        return value in self.many(name)


def filled(fields: Mapping[str, Shown]) -> Told:
    """Return what a form begins with."""
    return Told({name: _values(value) for name, value in fields.items()})


def _values(value: Shown) -> tuple[str, ...]:
    if value is None or value is False or value == "":
        return ()
    if value is True:
        return ("1",)
    if isinstance(value, (str, int)):
        return (str(value),)
    return tuple(value)


def received(given: Mapping[str, Sequence[str]]) -> Told:
    """Read a form that was sent; what no database can keep is left out, as is what is too much."""
    return Told(
        {
            name: tuple(_storable(text)[:LONGEST_VALUE] for text in values[:MOST_VALUES])
            for name, values in given.items()
        }
    )


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def whole(told: Told, name: str, faults: list[Fault], *, least: int, most: int) -> int:
    """Return a whole number between two bounds."""
    text = told.text(name).strip()
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER:
        number = int(text)
        if least <= number <= most:
            return number
    faults.append(
        Fault(
            name,
            "not_a_number",
            "Please write a whole number from {least} to {most}.",
            {"least": least, "most": most},
        )
    )
    return least


def day(told: Told, name: str, faults: list[Fault]) -> date | None:
    """Return a day, or nothing where nothing was told."""
    text = told.text(name)
    if not text.strip():
        return None
    try:
        return day_of(text, field=name)
    except Invalid as invalid:
        faults += invalid.faults
        return None


def stretch(told: Told, name: str, *, today: date, most: timedelta) -> tuple[date, date]:
    """Return a first and a last day within the coming year; without a last one it is one day."""
    faults: list[Fault] = []
    begins, ends = f"{name}_first", f"{name}_last"
    first = day(told, begins, faults)
    last = day(told, ends, faults) or first
    if first is None or last is None:
        if not any(fault.field == begins for fault in faults):
            faults.append(Fault(begins, "blank", "Please fill this in."))
        raise Invalid(*faults)
    if last < first:
        faults.append(Fault(ends, "end_before_start", "The end is before the start."))
    elif first < today or last > today + FURTHEST or last - first > most:
        faults.append(Fault(begins, "not_ahead", "Please choose a day of the coming year."))
    refuse(faults)
    return first, last


def euros(told: Told, name: str, faults: list[Fault]) -> int | None:
    """Return cents, or nothing where nothing was told."""
    return cents_of(told.text(name), name, faults) if told.text(name).strip() else None


def clock(text: str, name: str, faults: list[Fault], *, ends: bool = False) -> int | None:
    """Return a time of day in minutes; as an end, midnight is the end of the day."""
    try:
        at = clock_of("0" if text.strip() in {"24", "24.00", "24:00"} else text, field=name)
    except Invalid as invalid:
        faults += invalid.faults
        return None
    minutes = at.hour * 60 + at.minute
    return MIDNIGHT if ends and not minutes else minutes


def moment(on: date, minute: int, name: str, faults: list[Fault]) -> datetime | None:
    """Return the moment at which the wall's clock of a day shows this."""
    wall = datetime.combine(on, time()) + timedelta(minutes=minute)
    try:
        return of_wall(wall, field=name)
    except Invalid as invalid:
        faults += invalid.faults
        return None


def clock_text(minute: int) -> str:
    """Return minutes of a day as a form shows them."""
    return f"{minute // 60:02d}:{minute % 60:02d}" if minute < MIDNIGHT else "24:00"


def refuse(faults: Sequence[Fault]) -> None:
    """Raise everything that is wrong at once."""
    if faults:
        raise Invalid(*faults)
