"""Who is busy when, who knows what, and what is earned: kept while the past is being made up."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from jobcenter.effects import pay_day
from jobcenter.orders.visits import Busy, CoachTime
from jobcenter.seed.town import CoachPerson, House, moment
from jobcenter.times import DAY, first_of_month, local

Period = tuple[datetime, datetime]
DAILY_REST = timedelta(hours=11)
# Visits lie at most this far from their gig while the past is made up.
REACH_DAYS = 3


class Diary:
    """The city's calendar so far."""

    def __init__(self) -> None:
        self._gigs: defaultdict[tuple[UUID, tuple[int, int]], list[Period]] = defaultdict(list)
        self._visits: defaultdict[tuple[UUID, date], list[Busy]] = defaultdict(list)
        self._hours: dict[tuple[UUID, date], tuple[Period, ...]] = {}
        self.at_site: Counter[tuple[UUID, UUID]] = Counter()
        self.regulars: defaultdict[UUID, list[UUID]] = defaultdict(list)
        self.known_tasks: set[tuple[UUID, UUID]] = set()
        self.worked_sites: set[UUID] = set()
        self.earned: Counter[tuple[UUID, date]] = Counter()
        self.same_coach: dict[UUID, UUID] = {}

    def add_gig(self, client_id: UUID, begin: datetime, end: datetime, cents: int) -> None:
        """Take a client's time and their room under a ceiling."""
        day = local(begin).date()
        self._gigs[client_id, day.isocalendar()[:2]].append((begin, end))
        self.earned[client_id, paid_in(day)] += cents

    def add_work(self, client_id: UUID, site_id: UUID, task_id: UUID) -> None:
        """Note that a client has worked at a site and done a task."""
        self.at_site[client_id, site_id] += 1
        self.known_tasks.add((client_id, task_id))
        self.worked_sites.add(site_id)
        if client_id not in self.regulars[site_id]:
            self.regulars[site_id].append(client_id)

    def add_visit(self, coach_id: UUID, busy: Busy) -> None:
        self._visits[coach_id, local(busy.begin).date()].append(busy)

    def week_of(self, client_id: UUID, day: date) -> list[Period]:
        """Return the gigs of the client's week."""
        return self._gigs[client_id, day.isocalendar()[:2]]

    def is_rested(self, client_id: UUID, begin: datetime, end: datetime) -> bool:
        """Whether a gig leaves the nights around it; one gig a day is enough for anybody here."""
        day = local(begin).date()
        near = [
            gig
            for at in {(day - DAY).isocalendar()[:2], day.isocalendar()[:2],
                       (day + DAY).isocalendar()[:2]}
            for gig in self._gigs[client_id, at]
        ]  # fmt: skip
        return all(
            local(other_begin).date() != day
            and (other_end + DAILY_REST <= begin or end + DAILY_REST <= other_begin)
            for other_begin, other_end in near
        )

    def coaches(self, house: House, begin: datetime, end: datetime) -> list[CoachTime]:
        """Return the coaches of a unit around a gig, the least busy first."""
        first, last = local(begin).date() - DAY * REACH_DAYS, local(end).date() + DAY * REACH_DAYS
        days = [first + DAY * number for number in range((last - first).days + 1)]
        times = [self._time_of(coach, days) for coach in house.coaches]
        return sorted(times, key=lambda time: len(time.busy))

    def _time_of(self, coach: CoachPerson, days: Sequence[date]) -> CoachTime:
        free = tuple(block for day in days for block in self._hours_on(coach, day))
        busy = tuple(visit for day in days for visit in self._visits[coach.id, day])
        return CoachTime(coach.id, free, busy)

    def _hours_on(self, coach: CoachPerson, day: date) -> tuple[Period, ...]:
        found = self._hours.get((coach.id, day))
        if found is None:
            found = self._hours[coach.id, day] = tuple(_blocks(coach, day))
        return found


def _blocks(coach: CoachPerson, day: date) -> Iterator[Period]:
    if day not in coach.away:
        for begin, end in coach.hours.get(day.weekday(), ()):
            yield moment(day, begin), moment(day, end)


def paid_in(worked_on: date) -> date:
    """Return the first day of the month in which work of that day is paid."""
    return first_of_month(pay_day(worked_on))
