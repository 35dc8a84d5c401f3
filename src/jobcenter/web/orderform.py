"""The order form as typed: its fields, how they are kept, and what fills them in by itself.

Texts stay as the person wrote them, so that nothing is lost when something is wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from jobcenter.errors import Fault, Invalid
from jobcenter.orders.model import Order
from jobcenter.orders.queries.ordering import Ground
from jobcenter.people.parties import DEMANDS, OrderingParty, Site, TaskType
from jobcenter.times import clock_of, local

# Every field of the form, from top to bottom, with what it holds at first.
TEXTS: Mapping[str, str] = {
    "draft": "",
    "wording_seen": "",
    "task": "",
    "title": "",
    "description": "",
    "asks_for_shaping": "",
    "timing": "fixed",
    "day": "",
    "start": "",
    "end": "",
    "start_offset": "",
    "end_offset": "",
    "next_day": "",
    "length": "",
    "repeat": "",
    "last_day": "",
    "site": "",
    "filled_for": "",
    "site_name": "",
    "address": "",
    "postcode": "",
    "entrance": "",
    "step_free": "",
    "places": "1",
    "group_visit": "",
    "physical": "1",
    "social": "1",
    "cognitive": "1",
    "time_pressure": "1",
    "noise": "1",
    "literacy": "0",
    "outdoors": "",
    "language": "",
    "pay": "",
    "party_kind": "company",
    "party_name": "",
    "business_id": "",
    "cost_centre": "",
    "contact_name": "",
    "contact_phone": "",
    "contact_email": "",
    "wear": "",
    "bring": "",
}
LISTS = ("qualifications", "alt_day", "alt_start", "weekdays", "listed", "kept")
PARTS_OF_DAY: Mapping[str, tuple[str, str]] = {"morning": ("8", "12"), "afternoon": ("12", "16")}
NEW_SITE = "new"
# What a known place fills in; whoever orders may tell it otherwise for one order.
OF_PLACE = ("entrance", "step_free", "wear", "contact_name", "contact_phone")


@dataclass(frozen=True, slots=True)
class OrderForm:
    """What stands in the form now."""

    texts: Mapping[str, str] = field(default_factory=lambda: dict(TEXTS))
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return one field as it was typed."""
        return self.texts[name]

    def ticked(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self.texts[name])

    def many(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that has several."""
        return self.lists.get(name, ())

    def having(self, **texts: str) -> "OrderForm":
        """Return the form with some fields filled in anew."""
        return OrderForm({**self.texts, **texts}, self.lists)

    def listing(self, **lists: Sequence[str]) -> "OrderForm":
        """Return the form with some lists filled in anew."""
        anew = {name: tuple(values) for name, values in lists.items()}
        return OrderForm(self.texts, {**self.lists, **anew})

    def pairs(self) -> list[tuple[str, str]]:
        """Return every filled field as hidden ones would carry it."""
        single = [(name, text) for name, text in self.texts.items() if text]
        return single + [(name, text) for name, texts in self.lists.items() for text in texts]

    def stored(self) -> dict[str, object]:
        """Return the fields for keeping; a database cannot keep a NUL."""
        texts: dict[str, object] = {name: _storable(text) for name, text in self.texts.items()}
        lists = {name: [_storable(text) for text in values] for name, values in self.lists.items()}
        return {**texts, **lists}


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def by_field(faults: Sequence[Fault]) -> dict[str, list[Fault]]:
    """Return faults by their fields, in the order in which the form has them."""
    order = list(TEXTS)
    found: dict[str, list[Fault]] = {}
    for fault in sorted(faults, key=lambda f: order.index(f.field) if f.field in TEXTS else 0):
        found.setdefault(fault.field, []).append(fault)
    return found


def read(given: Mapping[str, Sequence[str]]) -> OrderForm:
    """Read a form that was sent; what is not sent is empty, unknown fields mean nothing."""
    texts = {name: (list(given.get(name, ())) or [""])[-1] for name in TEXTS}
    return OrderForm(texts, {name: tuple(given.get(name, ())) for name in LISTS})


def restored(stored: Mapping[str, object]) -> OrderForm:
    """Read a form that was kept."""
    return read(
        {
            name: [str(text) for text in value] if isinstance(value, list) else [str(value)]
            for name, value in stored.items()
        }
    )


def begun(ground: Ground, *, draft: str, email: str = "", name: str = "") -> OrderForm:
    """Return a first form, with what is known of whoever orders."""
    form = OrderForm().having(draft=draft, contact_email=email, contact_name=name)
    if ground.party:
        form = _of_party(form, ground.party)
    if ground.sites:
        form = at_place(form.having(site=str(ground.sites[0].id)), ground)
    return form


def _of_party(form: OrderForm, party: OrderingParty) -> OrderForm:
    return form.having(
        party_kind=party.kind,
        party_name=party.name,
        business_id=party.business_id or "",
        cost_centre=party.cost_centre or "",
        contact_email=party.email,
        contact_phone=party.phone,
    )


def again(form: OrderForm, order: Order, task: TaskType, site: Site) -> OrderForm:
    """Return a form for the same work once more: everything but the day."""
    demands = dict(zip(DEMANDS, map(str, order.demands), strict=True))
    starts, ends = local(order.start or order.first_start), order.minutes
    told = form.having(
        task=str(task.number),
        title=order.title,
        description=order.description,
        outdoors=_box(ticked=order.outdoors),
        language=order.language,
        asks_for_shaping="",
        site=str(site.id),
        filled_for=str(site.id),
        entrance=order.entrance or site.entrance,
        step_free=_box(ticked=order.step_free),
        start=f"{starts:%H:%M}",
        end=f"{starts + timedelta(minutes=ends):%H:%M}",
        length=str(order.minutes),
        places=str(order.places),
        group_visit=_box(ticked=order.group_visit),
        pay=euros(order.hourly_cents),
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
        wear=order.wear,
        bring=order.bring,
        cost_centre=order.cost_centre or "",
        **demands,
    )
    return told.listing(qualifications=order.qualifications)


def at_place(form: OrderForm, ground: Ground) -> OrderForm:
    """Fill in what is told of the chosen place; what somebody typed otherwise stays."""
    place = form.text("site")
    if place == form.text("filled_for"):
        return form
    before, after = _told_of(form.text("filled_for"), ground), _told_of(place, ground)
    filled = {
        name: after.get(name, "")
        for name in OF_PLACE
        if _may_fill(name, form.text(name), before, after)
    }
    return form.having(filled_for=place, **filled)


def _may_fill(name: str, typed: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Steps are the place's; whoever meets the worker stays where a place names nobody."""
    if name == "step_free":
        return True
    if name.startswith("contact"):
        return bool(after.get(name)) and typed in {"", before.get(name) or typed}
    return typed in {"", before.get(name, "")}


def _told_of(site_id: str, ground: Ground) -> Mapping[str, str]:
    site = ground.site(site_id)
    if site is None:
        return {}
    told = ground.told.get(site.id)
    words = {
        "wear": told.wear, "contact_name": told.contact_name, "contact_phone": told.contact_phone
    } if told else {}  # fmt: skip
    return {"entrance": site.entrance, "step_free": _box(ticked=site.step_free), **words}


def _box(*, ticked: bool) -> str:
    return "1" if ticked else ""


def euros(cents: int) -> str:
    """Return an amount as people type it: 12,50."""
    return f"{cents // 100},{cents % 100:02d}"


def filled(form: OrderForm, what: str, ground: Ground, *, language: str) -> OrderForm:
    """Return the form after a button that fills something in: task, length, part, offset, dates."""
    kind, _, value = what.partition(":")
    if kind == "task":
        return _of_task(form, ground, language)
    if kind == "length" and value.isdecimal():
        return _lasting(form, int(value))
    if kind == "part" and value in PARTS_OF_DAY:
        start, end = PARTS_OF_DAY[value]
        return form.having(start=start, end=end)
    if kind in {"start_offset", "end_offset"}:
        return form.having(**{kind: value})
    return form


def task_of(form: OrderForm, ground: Ground) -> TaskType | None:
    """Return the kind of work that is chosen."""
    number = form.text("task")
    return ground.tasks.get(int(number)) if number.isdecimal() and len(number) < 5 else None


def task_name(task: TaskType, language: str) -> str:
    """Return what a kind of work is called in the reader's language."""
    return {"sv": task.name_sv, "en": task.name_en}.get(language, task.name_fi)


def by_sector(ground: Ground, language: str) -> dict[str, list[tuple[int, str]]]:
    """Return the kinds of work under their sectors, by name in the reader's language."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for task in ground.tasks.values():
        groups.setdefault(task.sector, []).append((task.number, task_name(task, language)))
    return {sector: sorted(tasks, key=lambda pair: pair[1]) for sector, tasks in groups.items()}


def _of_task(form: OrderForm, ground: Ground, language: str) -> OrderForm:
    """Fill in what this kind of work usually is; every bit of it may be edited."""
    task = task_of(form, ground)
    if task is None:
        return form
    demands = dict(zip(DEMANDS, map(str, task.demands), strict=True))
    told = form.having(
        title=task_name(task, language),
        outdoors=_box(ticked=task.outdoors),
        pay=euros(_usual_pay(ground, task)),
        length=str(task.least_minutes),
        **demands,
    ).listing(qualifications=task.qualifications)
    return _lasting(told, task.least_minutes) if told.text("start") else told


def _usual_pay(ground: Ground, task: TaskType) -> int:
    floors = [
        row for row in ground.figures if row.kind == "pay_floor" and row.key == task.pay_group
    ]
    return max(floors, key=lambda row: row.valid_from).amount if floors else 0


def _lasting(form: OrderForm, minutes: int) -> OrderForm:
    """Let the end follow from the start and a length; a window keeps its own end."""
    form = form.having(length=str(minutes))
    if form.text("timing") != "fixed":
        return form
    try:
        start = clock_of(form.text("start") or "9", field="start")
    except Invalid:
        return form
    ends = datetime.combine(date.min, start) + timedelta(minutes=minutes)
    return form.having(
        start=f"{start:%H:%M}",
        end=f"{ends:%H:%M}",
        next_day=_box(ticked=ends.date() > date.min),
    )
