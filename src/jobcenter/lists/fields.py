"""One value of a list, by its kind: how it is read from a form, kept, typed again and shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from jobcenter import showing
from jobcenter.errors import Fault
from jobcenter.fields import business_id_of, cents_of, email_of, phone_of, text_of
from jobcenter.intake.told import Told, clock, clock_text, whole
from jobcenter.lists import steps
from jobcenter.texts import say

Kind = Literal[
    "text", "area", "email", "phone", "business_id", "euros", "percent", "number", "minutes",
    "clock", "tick", "choice", "many", "numbers", "levels", "steps", "prices",
]  # fmt: skip
# Codes with their names in a reader's language, by what there is to choose from.
Options = Callable[[str, "Sources"], Mapping[str, str]]

WHOLE_PERCENT = 100
MOST_EACH = 100_000


def _clock(text: str, name: str, faults: list[Fault]) -> int | None:
    """Return a time of day in minutes; the end of the day is written as 24."""
    return clock(text, name, faults, ends=text.strip().startswith("24"))


# Kinds whose text says all: the address, number or time that it must be.
WRITTEN: Mapping[str, Callable[[str, str, list[Fault]], object]] = {
    "email": email_of, "phone": phone_of, "business_id": business_id_of, "clock": _clock,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sources:
    """What some fields are chosen from: rows of other lists."""

    pay_groups: tuple[str, ...] = ()
    units: Mapping[str, str] | None = None
    services: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Services by code, in Finnish, Swedish and English."""
    parties: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Kinds of work by id, in Finnish, Swedish and English."""
    sites: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Places of work by id: whose they are, and what they are called."""
    employers: Mapping[str, str] = field(default_factory=dict)
    """Employers of record by id."""
    party: str = ""
    """Whose places there are to choose from; without it, everybody's."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value: `name` is its column, `label` and `hint` are sentences."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    least: int = 0
    most: int = 200
    required: bool = True
    options: Options | None = None

    def choices(self, language: str, sources: Sources) -> Mapping[str, str]:
        """Return the codes that may be chosen, with their names."""
        return self.options(language, sources) if self.options else {}


def read(field: Field, told: Told, sources: Sources, faults: list[Fault]) -> object:
    """Return what was typed as it is kept; what is wrong is added to the faults."""
    name = field.name
    match field.kind:
        case "tick":
            return told.ticked(name)
        case "many":
            known = field.choices("en", sources)
            chosen = [code for code in told.many(name) if code in known]
            return _required(field, chosen, faults)
        case "prices":
            return _prices(field, told, sources, faults)
        case "levels":
            return [
                whole(told, f"{name}-{code}", faults, least=field.least, most=field.most)
                for code in field.choices("en", sources)
            ]
        case "steps":
            return steps.read(name, told, faults)
        case "choice":
            return _chosen(field, told.text(name), sources, faults)
    return _typed_in(field, told, faults)


def _typed_in(field: Field, told: Told, faults: list[Fault]) -> object:
    name, text = field.name, told.text(field.name)
    if not text.strip():
        _required(field, "", faults)
        return "" if field.kind in ("text", "area", "email", "phone") else None
    if field.kind in WRITTEN:
        return WRITTEN[field.kind](text, name, faults)
    match field.kind:
        case "euros" | "percent":
            return _within(field, text, faults)
        case "number" | "minutes":
            return whole(told, name, faults, least=field.least, most=field.most)
        case "numbers":
            return _numbers(field, text, faults)
    return text_of(
        text, name, faults, most=field.most, lines=field.kind == "area", required=field.required
    )


def _required(field: Field, value: object, faults: list[Fault]) -> object:
    if field.required and not value:
        sentence = "Please choose one." if field.options else "Please fill this in."
        faults.append(Fault(field.name, "blank", sentence))
    return value


def _chosen(field: Field, code: str, sources: Sources, faults: list[Fault]) -> object:
    if not code and not field.required:
        return None
    if code not in field.choices("en", sources):
        faults.append(Fault(field.name, "unknown", "Please choose one."))
    return code


def _within(field: Field, text: str, faults: list[Fault]) -> int:
    known = len(faults)
    amount = cents_of(text, field.name, faults)
    if len(faults) == known and not field.least <= amount <= field.most:
        faults.append(
            Fault(
                field.name,
                "out_of_bounds",
                "Please write an amount from {least} to {most}.",
                {"least": field.least // WHOLE_PERCENT, "most": field.most // WHOLE_PERCENT},
            )
        )
    return amount


def _prices(field: Field, told: Told, sources: Sources, faults: list[Fault]) -> object:
    """Return cents by code, for those that have a price."""
    typed_in = {code: told.text(f"{field.name}-{code}") for code in field.choices("en", sources)}
    prices = {
        code: _within(replace(field, name=f"{field.name}-{code}"), text, faults)
        for code, text in typed_in.items()
        if text.strip()
    }
    return _required(field, prices, faults)


def _numbers(field: Field, text: str, faults: list[Fault]) -> list[int]:
    parts = text.replace(",", " ").split()
    if all(part.isascii() and part.isdecimal() and int(part[:9]) <= MOST_EACH for part in parts):
        return sorted({int(part) for part in parts})
    faults.append(Fault(field.name, "not_numbers", "Please write whole numbers with a comma."))
    return []


def typed(field: Field, value: object, sources: Sources) -> dict[str, tuple[str, ...]]:
    """Return what a form shows of a kept value, by the names of its inputs."""
    name = field.name
    if field.kind == "steps":
        return steps.typed(name, value)
    if field.kind == "levels":
        levels = value if isinstance(value, list) else []
        codes = field.choices("en", sources)
        return {f"{name}-{code}": (str(n),) for code, n in zip(codes, levels, strict=False)}
    if isinstance(value, Mapping):
        return {f"{name}-{code}": (_decimal(cents, always=True),) for code, cents in value.items()}
    if isinstance(value, list):
        if field.kind == "numbers":
            return {name: (", ".join(str(one) for one in value),)}
        return {name: tuple(str(one) for one in value)}
    if value is None or value is False or value == "":
        return {}
    if value is True:
        return {name: ("1",)}
    return {name: (_one_typed(field, value),)}


def _one_typed(field: Field, value: object) -> str:
    if isinstance(value, int) and field.kind in ("euros", "percent"):
        return _decimal(value, always=field.kind == "euros")
    return clock_text(value) if isinstance(value, int) and field.kind == "clock" else str(value)


def _decimal(hundredths: int, *, always: bool) -> str:
    left, right = divmod(hundredths, 100)
    return f"{left},{right:02d}" if right or always else str(left)


def shown(field: Field, value: object, language: str, sources: Sources) -> str:
    """Return a kept value in words."""
    names = field.choices(language, sources)
    if field.kind == "steps":
        return steps.shown(value, language)
    if field.kind == "levels":
        levels = value if isinstance(value, list) else []
        return ", ".join(f"{name} {n}" for name, n in zip(names.values(), levels, strict=False))
    if isinstance(value, Mapping):
        told = (f"{names.get(one, one)} {showing.money(language, n)}" for one, n in value.items())
        return ", ".join(told)
    if isinstance(value, list):
        return ", ".join(names.get(str(one), str(one)) for one in value) or "–"
    if isinstance(value, bool):
        return say(language, "Yes") if value else say(language, "No")
    if isinstance(value, int):
        return _number_shown(field, value, language)
    if value is None or value == "":
        return names.get("", "–")
    return names.get(str(value), str(value))


def _number_shown(field: Field, value: int, language: str) -> str:
    match field.kind:
        case "euros":
            return showing.money(language, value)
        case "percent":
            return f"{_decimal(value, always=False)} %"
        case "minutes":
            return showing.length(language, value)
        case "clock":
            return clock_text(value)
    return str(value)
