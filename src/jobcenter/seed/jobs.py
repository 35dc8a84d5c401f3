"""Draws the orders of one day: singles, repeats and groups, and some that ask for a lot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from jobcenter.orders.model import Timing
from jobcenter.reference.pay import PAY_GROUPS
from jobcenter.seed.dice import Dice
from jobcenter.seed.parties import agreed_cents
from jobcenter.seed.town import Party, Place, Task, Town, moment
from jobcenter.seed.trades import SEASONS, TRADES, YEAR_ROUND
from jobcenter.times import DAY, is_workday

# Repeats run in terms of eight weeks.
TERM_DAYS = 56
# Everybody works in Finnish unless the order says otherwise.
FINNISH = "fi"
GROUP_SECTORS = {"ngo", "green", "event", "logistics", "assembly"}
WINDOW_STEP = 30


@dataclass(frozen=True, slots=True)
class Job:
    """An order as it is drawn; `start` is the permitted start that a gig would take first."""

    id: UUID
    day: date
    party: Party
    site: Place
    task: Task
    timing: Timing
    minutes: int
    starts: tuple[datetime, ...]
    places: int
    group: bool
    demands: tuple[int, ...]
    qualifications: tuple[str, ...]
    language: str
    hourly_cents: int
    shaping: bool
    placed_days_before: int
    series_id: UUID | None = None

    @property
    def step_free(self) -> bool:
        return self.site.step_free

    @property
    def outdoors(self) -> bool:
        return self.task.kind.outdoors


@dataclass(frozen=True, slots=True)
class Repeat:
    """A weekly order with its term, weekdays and the dates taken out."""

    id: UUID
    party: Party
    first_day: date
    last_day: date
    weekdays: tuple[int, ...]
    without: tuple[date, ...]
    pattern: int

    def falls_on(self, day: date) -> bool:
        return (
            self.first_day <= day <= self.last_day
            and day.weekday() in self.weekdays
            and day not in self.without
        )


def jobs_of(town: Town, day: date) -> Iterator[Job]:
    """Draw every order whose work is on that day."""
    for repeat in repeats_of(town, day):
        if repeat.falls_on(day):
            yield _repeated(town, repeat, day)
    dice = Dice(town.seed, "day", day)
    size = town.size
    wanted = size.workday_orders if is_workday(day) else size.weekend_orders
    for number in range(wanted + dice.between(-1, 1)):
        yield _twisted(_single(town, day, Dice(town.seed, "job", day, number)), town, dice)


def repeats_of(town: Town, day: date) -> list[Repeat]:
    """Return the repeats of the term in which the day lies."""
    term = day.toordinal() // TERM_DAYS
    first = date.fromordinal(term * TERM_DAYS)
    partners = [party for party in town.parties if party.agreement_id]
    made = []
    for number in range(town.size.series):
        dice = Dice(town.seed, "repeat", term, number)
        weekdays = tuple(sorted(dice.some(range(5), dice.weighed({1: 0.7, 2: 0.3}))))
        days = [first + DAY * offset for offset in range(TERM_DAYS)]
        without = [d for d in days if d.weekday() in weekdays and not is_workday(d)]
        without += dice.some([d for d in days if d.weekday() in weekdays], 1)
        made.append(
            Repeat(
                dice.id(),
                dice.pick(partners),
                first,
                first + DAY * (TERM_DAYS - 1),
                weekdays,
                tuple(sorted(set(without))),
                number,
            )
        )
    return made


def _repeated(town: Town, repeat: Repeat, day: date) -> Job:
    """The same work each week: only its id and day differ."""
    dice = Dice(town.seed, "repeated", repeat.id)
    # The season is the term's, so that a repeat does not change its work half way.
    job = _drawn(town, repeat.party, day, dice, season=repeat.first_day.month)
    job = replace(job, timing=Timing.FIXED, starts=job.starts[:1], group=False, places=1)
    own = Dice(town.seed, "repeated", repeat.id, day)
    return replace(
        job, id=own.id(), series_id=repeat.id, placed_days_before=21, site=repeat.party.sites[0]
    )


def _single(town: Town, day: date, dice: Dice) -> Job:
    weekend = not is_workday(day)
    while True:
        party = dice.pick(town.parties)
        open_then = [n for n in _in_season(party, day.month) if not weekend or _weekend(town, n)]
        if open_then:
            return _drawn(town, party, day, dice, season=day.month)


def _weekend(town: Town, number: int) -> bool:
    return TRADES[town.tasks[number].kind.sector].weekend


def _in_season(party: Party, month: int) -> Sequence[int]:
    return [n for n in party.profile.tasks if month in SEASONS.get(n, YEAR_ROUND)]


def _drawn(town: Town, party: Party, day: date, dice: Dice, *, season: int) -> Job:
    weekend = not is_workday(day)
    numbers = [n for n in _in_season(party, season) if not weekend or _weekend(town, n)]
    task = town.tasks[dice.pick(numbers or party.profile.tasks)]
    kind, trade = task.kind, TRADES[task.kind.sector]
    minutes = dice.between(kind.least_minutes // 30, kind.most_minutes // 30) * 30
    timing = dice.weighed({Timing.FIXED: 0.56, Timing.STARTS: 0.16, Timing.WINDOW: 0.28})
    group = kind.sector in GROUP_SECTORS and dice.chance(0.16)
    places = dice.between(3, 6) if group else dice.weighed({1: 0.8, 2: 0.16, 3: 0.04})
    begin = dice.between(trade.earliest // 30, trade.latest // 30) * 30
    return Job(
        id=dice.id(),
        day=day,
        party=party,
        site=_site(town, party, day, dice),
        task=task,
        timing=timing,
        minutes=minutes,
        starts=_starts(day, begin, trade.latest, timing, dice),
        places=places,
        group=group,
        demands=kind.demands,
        qualifications=kind.qualifications,
        language=FINNISH if trade.speaks and dice.chance(0.8) else "",
        hourly_cents=agreed_cents(task) if party.agreement_id else _price(task, dice),
        shaping=dice.chance(0.03),
        placed_days_before=dice.between(3, 13),
    )


def _site(town: Town, party: Party, day: date, dice: Dice) -> Place:
    if party.far_site and dice.chance(0.3):
        return party.far_site
    if party.edge_site and dice.chance(0.3):
        return party.edge_site
    if party.new_site and day >= town.founded and dice.chance(0.45):
        return party.new_site
    return party.sites[0] if dice.chance(0.75) else dice.pick(party.sites)


def _starts(day: date, begin: int, latest: int, timing: Timing, dice: Dice) -> tuple[datetime, ...]:
    if timing is Timing.FIXED:
        minutes = [begin]
    elif timing is Timing.STARTS:
        minutes = sorted({begin, *(begin + step for step in dice.some((60, 90, 120, 180), 2))})
    else:
        minutes = list(range(begin, max(latest, begin + 120) + 1, WINDOW_STEP))[:14]
    return tuple(moment(day, minute) for minute in minutes)


def _price(task: Task, dice: Dice) -> int:
    floor, ceiling = PAY_GROUPS[task.kind.pay_group]
    return dice.between(floor // 10, ceiling // 10) * 10


# What makes an order hard to fill, and how often that happens.
TWISTS = {
    "": 0.88,
    "dawn": 0.022,
    "evening": 0.022,
    "card": 0.025,
    "language": 0.03,
    "heavy": 0.015,
    "loud": 0.01,
}
CARDS = {"TTK": 0.3, "DL": 0.3, "TIE": 0.15, "TUL": 0.1, "ANN": 0.15}
LANGUAGES = {"sv": 0.45, "ru": 0.15, "uk": 0.2, "en": 0.2}


def _twisted(job: Job, town: Town, dice: Dice) -> Job:
    """Make some orders ask for what few can give: a city as it is."""
    twist = dice.weighed(TWISTS)
    if town.size.name == "small" and job.day.day % 5:
        return job
    match twist:
        case "dawn" | "evening":
            begin = dice.pick((5 * 60 + 30, 6 * 60)) if twist == "dawn" else 19 * 60
            starts = (moment(job.day, begin),)
            return replace(job, timing=Timing.FIXED, starts=starts, series_id=None)
        case "card":
            return replace(job, qualifications=(*job.qualifications, dice.weighed(CARDS)))
        case "language":
            return replace(job, language=dice.weighed(LANGUAGES))
        case "heavy":
            return replace(job, demands=(3, *job.demands[1:3], 3, *job.demands[4:]))
        case "loud":
            return replace(job, demands=(*job.demands[:4], 3, job.demands[5]))
    return job
