"""Lives the city's days one by one: what was ordered, who did it, what still waits to be filled."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from jobcenter.orders.gigs import GigStatus
from jobcenter.orders.model import OrderStatus
from jobcenter.seed.chronicle import Chronicle
from jobcenter.seed.diary import Diary
from jobcenter.seed.dice import Dice
from jobcenter.seed.jobs import Job, jobs_of, repeats_of
from jobcenter.seed.orders import Standing, write_order, write_repeat
from jobcenter.seed.rows import Rows
from jobcenter.seed.staffing import Filling, Seat
from jobcenter.seed.town import Person, Town
from jobcenter.times import DAY, local

S = GigStatus
# How a past gig ended, and how much of the coming days is settled already.
PAST = {S.APPROVED: 0.955, S.NO_SHOW: 0.02, S.WITHDRAWN: 0.025}
SETTLED = {0: 0.75, 1: 0.4, 2: 0.16}
# Orders that the orderer took back; noes and silences before somebody said yes.
TAKEN_BACK, DECLINES, SILENCES = 0.02, 0.12, 0.04
APPROVED_AFTER = timedelta(days=2)
# So many of the fresh offers still wait for an answer.
ASKED, FRESH = 0.5, timedelta(hours=5)


@dataclass
class Life:
    """What is needed to live through the days; `number` is the last order number used."""

    town: Town
    diary: Diary
    rows: Rows
    repeats: Rows
    chronicle: Chronicle
    now: datetime
    number: int
    known_repeats: set[UUID] = field(default_factory=set)
    mates: defaultdict[UUID, list[Person]] = field(default_factory=lambda: defaultdict(list))

    people: dict[UUID, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people.update((person.id, person) for person in self.town.people)
        for person in self.town.people:
            self.mates[person.house.id].append(person)

    def live(self, day: date) -> None:
        """Write every order of one day and what became of it."""
        for repeat in repeats_of(self.town, day):
            if repeat.falls_on(day) and repeat.id not in self.known_repeats:
                self.known_repeats.add(repeat.id)
                write_repeat(self.repeats, repeat)
        for job in jobs_of(self.town, day):
            self.number += 1
            self._order(job, Dice(self.town.seed, "fate", job.id))

    def _order(self, job: Job, dice: Dice) -> None:
        ahead = (job.day - local(self.now).date()).days
        taken_back = ahead < 0 and dice.chance(TAKEN_BACK)
        seated = list(self._seated(job, ahead, dice))
        status = OrderStatus.CANCELLED if taken_back else self._status(job, seated)
        standing = Standing(self.number, status, seated[0].start if seated else None)
        write_order(self.rows, job, standing, dice=dice, now=self.now)
        self.fill(seated, dice, taken_back=taken_back)

    def fill(self, seated: Sequence[Seat], dice: Dice, *, taken_back: bool = False) -> None:
        """Write the gigs of one order; a group shares its visits and so its fate."""
        fate = S.CANCELLED if taken_back else None
        asked = {seat.person.id for seat in seated}
        for seat in seated:
            if fate is None or not (taken_back or seat.job.group):
                fate = self._fate(seat, dice)
            self.chronicle.seat(seat, fate, dice)
            if len(seated) == 1:
                self._asked_before(seat, asked, dice)

    def _seated(self, job: Job, ahead: int, dice: Dice) -> Iterator[Seat]:
        settled = 1.0 if ahead < 0 else SETTLED.get(ahead, 0.0)
        if not dice.chance(settled) or (ahead >= 0 and not job.party.verified):
            return iter(())
        filling = Filling(job, self.people, self.diary, dice, self.now)
        return filling.seats(range(1, job.places + 1))

    def _status(self, job: Job, seated: Sequence[Seat]) -> OrderStatus:
        if (seated[0].end if seated else job.starts[-1]) <= self.now:
            return OrderStatus.CLOSED
        return OrderStatus.OPEN if job.party.verified else OrderStatus.IN_REVIEW

    def _fate(self, seat: Seat, dice: Dice) -> GigStatus:
        if seat.end <= self.now - APPROVED_AFTER:
            return S.APPROVED if seat.job.group else dice.weighed(PAST)
        if seat.end <= self.now:
            return S.DONE
        if seat.start + timedelta(minutes=10) <= self.now:
            return S.IN_PROGRESS
        fresh = self.now - seat.assigned_at < FRESH and seat.start - self.now > FRESH
        return S.ASSIGNED if fresh and dice.chance(ASKED) else S.CONFIRMED

    def _asked_before(self, seat: Seat, asked: set[UUID], dice: Dice) -> None:
        """Some were asked first and said no, or nothing: that is everybody's right."""
        answer = dice.weighed({S.DECLINED: DECLINES, S.EXPIRED: SILENCES, None: 1.0})
        earlier = seat.assigned_at - timedelta(hours=dice.between(25, 40))
        ordered = seat.job.day - DAY * (seat.job.placed_days_before - 1)
        others = [mate for mate in self.mates[seat.person.house.id] if mate.id not in asked]
        if answer is None or local(earlier).date() < ordered or not others:
            return
        person = dice.pick(others)
        bare = replace(
            seat,
            id=dice.id(),
            person=person,
            assigned_at=earlier,
            pieces=(),
            served_by={},
            new_visits=(),
        )
        self.chronicle.seat(bare, answer, dice)
