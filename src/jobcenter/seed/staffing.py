"""Fills orders of the past and the next days as a unit would: who suits, can, has support."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from jobcenter.orders import visits
from jobcenter.orders.pay import pay_cents
from jobcenter.orders.planning import days_to_workday, is_short_notice
from jobcenter.reference.benefits import pension_floor_cents
from jobcenter.seed.diary import Diary, paid_in
from jobcenter.seed.dice import Dice
from jobcenter.seed.jobs import Job
from jobcenter.seed.people import ALLOWANCE, PENSION
from jobcenter.seed.town import Person, moment
from jobcenter.support import PlannedVisit, plan
from jobcenter.times import DAY, local
from jobcenter.travel import trip_minutes

# A unit does not look at everybody for each order; it knows whom to ask.
ASKED = 90


@dataclass(frozen=True, slots=True)
class Visit:
    """A coach's time for one or more gigs of an order."""

    id: UUID
    coach_id: UUID
    presence: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """One client for one place, with the plan and the visit that serves each piece of it."""

    id: UUID
    job: Job
    place_no: int
    person: Person
    start: datetime
    assigned_at: datetime
    pieces: Sequence[PlannedVisit]
    served_by: Mapping[int, Visit]
    new_visits: Sequence[Visit]

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.job.minutes)

    @property
    def pay_cents(self) -> int:
        return pay_cents(self.job.hourly_cents, self.job.minutes)


def suits(person: Person, job: Job) -> bool:
    """Whether the work is for this person at all, whatever the day."""
    wanted = {("task", job.task.id), ("site", job.site.id), ("party", job.party.id)}
    return (
        all(ask <= limit for ask, limit in zip(job.demands, person.limits, strict=True))
        and (person.outdoors or not job.outdoors)
        and (job.step_free or not person.step_free)
        and (not job.language or job.language in person.spoken)
        and trip_minutes(person.place, job.site.metres) <= person.travel_minutes
        and not person.vetoes & wanted
    )


@dataclass
class Filling:
    """Fills the free places of one order, all at one start, and notes it in the diary."""

    job: Job
    people: Mapping[UUID, Person]
    diary: Diary
    dice: Dice
    now: datetime
    shared: list[visits.Shared] = field(default_factory=list)

    def seats(self, places: Sequence[int]) -> Iterator[Seat]:
        """Give a seat for each of these places that somebody can take."""
        free = list(places)
        starts: Sequence[datetime] = self.dice.some(self.job.starts, 3)
        for person in self._asked() if free else ():
            seat = next(self._tried(person, starts, free[0]), None)
            if seat is not None:
                starts = (seat.start,)
                self._note(seat)
                yield seat
                free.pop(0)
            if not free:
                return

    def _asked(self) -> list[Person]:
        """Who has been at the site before comes first, then others as they come to mind."""
        regulars = [self.people[client] for client in self.diary.regulars[self.job.site.id]]
        others = self.dice.some(list(self.people.values()), ASKED)
        asked = dict.fromkeys((*self.dice.some(regulars, 6), *others))
        return [person for person in asked if suits(person, self.job)]

    def _tried(self, person: Person, starts: Sequence[datetime], place_no: int) -> Iterator[Seat]:
        job = self.job
        for start in starts:
            if not _can(person, job, start, self.diary):
                continue
            at, end = self._assigned_at(start), start + timedelta(minutes=job.minutes)
            pieces = _plan(person, job, start, self.diary, at)
            request = visits.Request(
                plan=pieces,
                start=start,
                end=end,
                site=job.site.metres,
                now=at,
                coaches=self.diary.coaches(person.house, start, end),
                shared=self.shared if job.group else (),
            )
            placed = visits.place(request)
            if not isinstance(placed, int):
                served, new = self._visits(pieces, placed)
                yield Seat(self.dice.id(), job, place_no, person, start, at, pieces, served, new)

    def _assigned_at(self, start: datetime) -> datetime:
        """Some days before, in office hours, after the order came and not in the future."""
        days = self.dice.between(1, self.job.placed_days_before)
        at = moment(local(start).date() - DAY * days, self.dice.between(9 * 60, 15 * 60))
        return min(at, self.now - timedelta(minutes=self.dice.between(20, 300)))

    def _visits(
        self, pieces: Sequence[PlannedVisit], placed: Sequence[visits.Placed]
    ) -> tuple[dict[int, Visit], list[Visit]]:
        """Return the visit that serves each piece, and those of them that are new."""
        served: dict[int, Visit] = {}
        new: list[Visit] = []
        for one in placed:
            presence = pieces[one.piece].presence
            visit_id = one.visit_id or self.dice.id()
            served[one.piece] = Visit(visit_id, one.coach_id, presence, one.begin, one.end)
            if one.visit_id is None:
                new.append(served[one.piece])
        return served, new

    def _note(self, seat: Seat) -> None:
        job = self.job
        self.diary.add_gig(seat.person.id, seat.start, seat.end, seat.pay_cents)
        self.diary.add_work(seat.person.id, job.site.id, job.task.id)
        joined = {visit.id for visit in seat.served_by.values()}
        self.shared[:] = [
            replace(s, room=s.room - 1) if s.visit_id in joined else s for s in self.shared
        ]
        for visit in seat.new_visits:
            place = job.site.metres if visit.presence == "present" else None
            self.diary.add_visit(visit.coach_id, visits.Busy(visit.begin, visit.end, place))
            piece = next(p for p, v in seat.served_by.items() if v is visit)
            room = seat.pieces[piece].ratio - 1
            self.shared.append(
                visits.Shared(
                    visit.id, visit.coach_id, visit.presence, visit.begin, visit.end, room
                )
            )


def _can(person: Person, job: Job, start: datetime, diary: Diary) -> bool:
    """Whether the person has the time, the cards and the room that week."""
    end = start + timedelta(minutes=job.minutes)
    day = local(start).date()
    begins = local(start).hour * 60 + local(start).minute
    ends = begins + job.minutes
    week = diary.week_of(person.id, day)
    used = sum((gig_end - gig_begin).total_seconds() / 60 for gig_begin, gig_end in week)
    activity = person.activity.get(day.weekday(), ())
    return (
        any(a <= begins and ends <= b for a, b in person.free.get(day.weekday(), ()))
        and all(ends + 60 <= a or b + 60 <= begins for a, b in activity)
        and len(week) < person.week_gigs
        and used + job.minutes <= person.week_minutes
        and all(_holds(person, card, day) for card in job.qualifications)
        and diary.is_rested(person.id, start, end)
        and _under_ceiling(person, job, start, diary)
    )


def _holds(person: Person, card: str, day: date) -> bool:
    last_day = person.cards.get(card, date.min)
    return last_day is None or day <= last_day


def _under_ceiling(person: Person, job: Job, start: datetime, diary: Diary) -> bool:
    if person.benefit not in {PENSION, ALLOWANCE}:
        return True
    month = paid_in(local(start).date())
    limit = max(pension_floor_cents(month.year), person.own_limit_cents or 0)
    pay = pay_cents(job.hourly_cents, job.minutes)
    return diary.earned[person.id, month] + pay <= limit


def _plan(
    person: Person, job: Job, start: datetime, diary: Diary, assigned_at: datetime
) -> tuple[PlannedVisit, ...]:
    return plan(
        person.needs,
        gig_minutes=job.minutes,
        gigs_at_site=diary.at_site[person.id, job.site.id],
        knows_task=(person.id, job.task.id) in diary.known_tasks,
        site_is_new=not job.site.known and job.site.id not in diary.worked_sites,
        asks_for_shaping=job.shaping,
        is_group=job.group,
        short_notice=is_short_notice(start, assigned_at),
        days_to_next_workday=days_to_workday(start + timedelta(minutes=job.minutes)),
    ).visits
