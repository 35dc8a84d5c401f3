"""From the order form to a checked wish and its price: everything that is wrong is told at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import reduce
from operator import add
from typing import ParamSpec, TypeVar

from jobcenter.errors import Fault, Invalid, RuleMissing
from jobcenter.fields import cents_of
from jobcenter.figures import amount_on
from jobcenter.orders.occasions import MOST_DATES, Repeat, TimeFields, check_times, dates_of
from jobcenter.orders.pay import CancellationTerm, Price, pay_cents, price_of, rates_on
from jobcenter.orders.queries.ordering import AgreedPrice, Ground
from jobcenter.orders.wages import wage
from jobcenter.orders.wishes import MOST_PLACES, PartyKind, Wish, WishFields, check
from jobcenter.orders.wordings import UNLAWFUL
from jobcenter.people.parties import DEMANDS, Site
from jobcenter.times import clock_of, day_of, local, of_wall, period
from jobcenter.web.orderform import OrderForm, task_of

P = ParamSpec("P")
T = TypeVar("T")

# What the checks call a field, and what the form calls it.
FORM_NAMES = {
    "hourly_cents": "pay",
    "pay_group": "pay",
    "task_number": "task",
    "minutes": "length",
    "repeat": "last_day",
    "demands": "physical",
}
TIME_NAMES = {"day", "start", "end", "length", "last_day"}
KINDS: dict[str, PartyKind] = {
    "company": "company",
    "association": "association",
    "organisation": "organisation",
    "city_unit": "city_unit",
}
MOST_ALTERNATIVES = 8
LONGEST_LISTED_DAYS = 800


@dataclass(frozen=True, slots=True)
class Checked:
    """A form that became a wish, with the repeat it asked for."""

    wish: Wish
    repeat: Repeat | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What the order costs as it stands in the form."""

    hourly_cents: int
    minutes: int
    places: int
    dates: int
    base_cents: int
    one: Price
    whole: Price
    terms: Sequence[CancellationTerm]
    pays_by_itself: bool = False

    @property
    def invoiced_cents(self) -> int:
        """Return what we send an invoice for."""
        theirs = self.whole.pay_cents + self.whole.side_costs_cents if self.pays_by_itself else 0
        return self.whole.total_cents - theirs


def checked(form: OrderForm, ground: Ground, *, now: datetime) -> Checked:
    """Return the wish of a form, or raise all that is wrong, each under its field's name."""
    faults: list[Fault] = []
    times, repeat = _times(form, faults)
    raw = _raw(form, ground, times, faults)
    wish: Wish | None = None
    try:
        wish = check(raw, now=now, figures=ground.figures)
    except Invalid as invalid:
        faults += _new(faults, invalid.faults)
    if faults or wish is None:
        raise Invalid(*faults)
    return Checked(wish, repeat)


def _new(faults: Sequence[Fault], found: Sequence[Fault]) -> list[Fault]:
    """Return what the checks found beyond what could not even be read."""
    told = {fault.field for fault in faults}
    if told & TIME_NAMES:
        told |= TIME_NAMES
    if "task" in told:
        # Without a task there is no floor that the pay could be held against.
        told.add("pay")
    renamed = [Fault(FORM_NAMES.get(f.field, f.field), f.code, f.sentence, f.values) for f in found]
    return [fault for fault in renamed if fault.field not in told]


def refused_wording(faults: Sequence[Fault]) -> bool:
    """Return whether a wording was refused that a person must look at from now on."""
    return any(fault.code == UNLAWFUL for fault in faults)


def _raw(form: OrderForm, ground: Ground, times: TimeFields, faults: list[Fault]) -> WishFields:
    task = task_of(form, ground)
    if task is None:
        faults.append(Fault("task", "blank", "Please choose what kind of work it is."))
    site = ground.site(form.text("site"))
    party = ground.party
    return WishFields(
        times=times,
        party_name=party.name if party else form.text("party_name"),
        party_kind=_kind(form, ground),
        business_id=(party.business_id or "") if party else form.text("business_id"),
        cost_centre=form.text("cost_centre"),
        contact_name=form.text("contact_name"),
        contact_phone=form.text("contact_phone"),
        contact_email=form.text("contact_email"),
        title=form.text("title"),
        task_number=task.number if task else 0,
        demands=tuple(_level(form.text(name)) for name in DEMANDS),
        hourly_cents=hourly_of(form, ground, faults),
        pay_group=task.pay_group if task else "",
        site_name=site.name if site else form.text("site_name"),
        address=site.address if site else form.text("address"),
        postcode=site.postcode if site else form.text("postcode"),
        entrance=form.text("entrance"),
        step_free=form.ticked("step_free"),
        own_place=site is not None,
        places=_number(form.text("places"), "places", faults),
        description=form.text("description"),
        outdoors=form.ticked("outdoors"),
        qualifications=form.many("qualifications"),
        language=form.text("language"),
        group_visit=form.ticked("group_visit"),
        wear=form.text("wear"),
        bring=form.text("bring"),
        asks_for_shaping=form.ticked("asks_for_shaping"),
        wording_seen=form.ticked("wording_seen"),
    )


def _kind(form: OrderForm, ground: Ground) -> PartyKind:
    """Return the party's kind; a known company without a business id is not asked for it again."""
    if ground.party is None:
        return KINDS.get(form.text("party_kind"), "company")
    known = KINDS.get(ground.party.kind, "organisation")
    return "organisation" if known == "company" and not ground.party.business_id else known


def _level(text: str) -> int:
    return int(text) if text in {"0", "1", "2", "3"} else -1


def _number(text: str, name: str, faults: list[Fault]) -> int:
    plain = text.strip()
    if plain.removeprefix("-").isdecimal() and plain.isascii() and len(plain) < 8:
        return int(plain)
    faults.append(Fault(name, "not_a_number", "Please write a whole number, such as 2."))
    return 1


def hourly_of(form: OrderForm, ground: Ground, faults: list[Fault]) -> int:
    """Return the pay by the hour: the agreement's where one covers task and site."""
    task, site = task_of(form, ground), ground.site(form.text("site"))
    agreed = agreed_price(ground, task.number if task else 0, site)
    return agreed.hourly_cents if agreed else cents_of(form.text("pay"), "pay", faults)


def draft_days(ground: Ground, *, now: datetime) -> int | None:
    """Return how long a draft is kept, or nothing where no rule lets it go."""
    try:
        return amount_on(ground.figures, "retention", local(now).date(), key="draft")
    except RuleMissing:
        return None


def agreed_price(ground: Ground, task_number: int, site: Site | None) -> AgreedPrice | None:
    """Return what an agreement says that an hour costs."""
    return ground.agreed.get((task_number, site.id)) if site else None


def _times(form: OrderForm, faults: list[Fault]) -> tuple[TimeFields, Repeat | None]:
    day = _tried(faults, _day, form.text("day"), field="day")
    start = _tried(faults, _clock, form.text("start"), field="start")
    timing = form.text("timing")
    repeat = _repeat(form, day, faults) if form.ticked("repeat") and day else None
    if timing == "starts":
        return _several(form, day, start, repeat, faults), repeat
    end = _tried(faults, _clock, form.text("end"), field="end")
    kind = "window" if timing == "window" else "fixed"
    minutes = _length(form, faults) if kind == "window" else None
    if day is None or start is None or end is None:
        return TimeFields("fixed", ()), repeat
    offsets = {
        name: form.text(f"{name}_offset")
        for name in ("start", "end")
        if form.text(f"{name}_offset")
    }
    moments = _tried(
        faults,
        period,
        day,
        start,
        end,
        ends_next_day=form.ticked("next_day"),
        offsets=offsets or None,
    )
    if moments is None:
        return TimeFields("fixed", ()), repeat
    if kind == "window":
        return TimeFields("window", (moments[0],), minutes, moments[1], repeat), repeat
    return TimeFields("fixed", (moments[0],), None, moments[1], repeat), repeat


def _day(text: str, *, field: str) -> date:
    _filled(text, field)
    return day_of(text, field=field)


def _clock(text: str, *, field: str) -> time:
    _filled(text, field)
    return clock_of(text, field=field)


def _filled(text: str, field: str) -> None:
    if not text.strip():
        raise Invalid(Fault(field, "blank", "Please fill this in."))


def _several(
    form: OrderForm,
    day: date | None,
    start: time | None,
    repeat: Repeat | None,
    faults: list[Fault],
) -> TimeFields:
    """Return several permitted starts: the first, and every other pair that was filled in."""
    minutes = _length(form, faults)
    pairs = [(day, start)] if day and start else []
    others = zip(form.many("alt_day"), form.many("alt_start"), strict=False)
    for other_day, other_start in list(others)[:MOST_ALTERNATIVES]:
        if not other_day and not other_start:
            continue
        another = _tried(faults, day_of, other_day, field="day")
        at = _tried(faults, clock_of, other_start, field="start")
        if another and at:
            pairs.append((another, at))
    moments = [
        _tried(faults, of_wall, datetime.combine(each, at), field="start") for each, at in pairs
    ]
    starts = tuple(moment for moment in moments if moment)
    return TimeFields("starts", starts, minutes, None, repeat)


def _length(form: OrderForm, faults: list[Fault]) -> int | None:
    return _number(form.text("length"), "length", faults) if form.text("length") else None


def _repeat(form: OrderForm, day: date, faults: list[Fault]) -> Repeat | None:
    last = _tried(faults, _day, form.text("last_day"), field="last_day")
    chosen = {int(text) for text in form.many("weekdays") if text in set("0123456")}
    if last is None:
        return None
    left = set(form.many("listed")) - set(form.many("kept"))
    without = {_tried(faults, day_of, text, field="last_day") for text in left}
    return Repeat(
        weekdays=frozenset(chosen or {day.weekday()}),
        first_day=day,
        last_day=last,
        without=frozenset(date for date in without if date),
    )


def _tried(
    faults: list[Fault], reading: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Return what a reading gives; what is wrong with it goes to `faults`."""
    try:
        return reading(*args, **kwargs)
    except Invalid as invalid:
        faults += invalid.faults
        return None


def dates(form: OrderForm) -> list[tuple[date, bool]]:
    """Return the dates of a weekly repeat and whether each is kept, as far as the form tells."""
    faults: list[Fault] = []
    day = _tried(faults, _day, form.text("day"), field="day")
    if day is None or not form.ticked("repeat"):
        return []
    repeat = _repeat(form, day, faults)
    if repeat is None or (repeat.last_day - day).days > LONGEST_LISTED_DAYS:
        return []
    every = dates_of(replace(repeat, without=frozenset()))
    return [(each, each not in repeat.without) for each in every][:MOST_DATES]


def quote(form: OrderForm, ground: Ground, *, now: datetime) -> Quote | None:
    """Return what it costs as it stands, or None while something for the sum is missing."""
    faults: list[Fault] = []
    hourly = hourly_of(form, ground, faults)
    places = _number(form.text("places"), "places", faults)
    times, _ = _times(form, faults)
    occasions = check_times(times, now=now, faults=faults)
    if faults or not hourly or not 1 <= places <= MOST_PLACES:
        return None
    try:
        prices = [
            _price_at(ground, hourly, starts[0], occasions.minutes)
            for starts in occasions.occasions
        ]
    except RuleMissing:
        return None
    return Quote(
        hourly_cents=hourly,
        minutes=occasions.minutes,
        places=places,
        dates=len(occasions.occasions),
        base_cents=pay_cents(hourly, occasions.minutes),
        one=prices[0],
        whole=reduce(add, prices).times(places),
        terms=ground.terms,
        pays_by_itself=ground.pays_by_itself,
    )


def _price_at(ground: Ground, hourly: int, start: datetime, minutes: int) -> Price:
    """Return what one worker costs at that time, supplements and all."""
    earned = wage(hourly, start, minutes, ground.figures)
    rates = rates_on(ground.figures, local(start).date())
    return price_of(earned.cents, rates, by_itself=ground.pays_by_itself)
