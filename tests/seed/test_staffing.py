"""Filling orders of the past: only who suits and can, with every visit, within all limits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from jobcenter.effects import pay_day
from jobcenter.orders.model import Timing
from jobcenter.orders.visits import Busy
from jobcenter.reference.benefits import pension_floor_cents
from jobcenter.seed.diary import Diary, paid_in
from jobcenter.seed.dice import Dice
from jobcenter.seed.jobs import Job, jobs_of
from jobcenter.seed.people import PENSION
from jobcenter.seed.staffing import Filling, Seat, suits
from jobcenter.seed.town import Person, moment
from jobcenter.times import local
from tests.seed.town import NOON, TUESDAY, town

DAY = timedelta(days=1)


def easy_job(**changes: object) -> Job:
    """An order that anybody near could take, at ten on the Tuesday."""
    some = next(jobs_of(town(), TUESDAY))
    easy = replace(
        some,
        timing=Timing.FIXED,
        minutes=120,
        starts=(moment(TUESDAY, 600),),
        places=1,
        group=False,
        demands=(0, 0, 0, 0, 0, 0),
        qualifications=(),
        language="",
        shaping=False,
        site=replace(some.party.sites[0], step_free=True, known=True),
        task=replace(some.task, kind=replace(some.task.kind, outdoors=False)),
    )
    return replace(easy, **changes)  # type: ignore[arg-type] # each test names fields of a Job


def near(job: Job) -> Person:
    """Somebody without needs or limits who lives beside the site and is always free."""
    person = town().people[0]
    lat, lon = 60.0 + job.site.metres[1] / 111_320, 24.5 + job.site.metres[0] / 55_660
    return replace(
        person,
        home=(lat, lon),
        limits=(3, 3, 3, 3, 3, 3),
        outdoors=True,
        step_free=False,
        spoken=("fi",),
        travel_minutes=60,
        week_minutes=600,
        week_gigs=3,
        cards={},
        free=dict.fromkeys(range(7), ((0, 1440),)),
        activity={},
        needs={},
        vetoes=frozenset(),
        benefit="general_support",
    )


def fill(job: Job, people: list[Person], diary: Diary | None = None) -> list[Seat]:
    known = {person.id: person for person in people}
    filling = Filling(job, known, diary or Diary(), Dice("fill"), NOON + DAY)
    return list(filling.seats(range(1, job.places + 1)))


def test_somebody_who_can_gets_the_seat() -> None:
    job = easy_job()
    (seat,) = fill(job, [near(job)])
    assert (seat.start, seat.end - seat.start) == (job.starts[0], timedelta(hours=2))
    assert seat.assigned_at < seat.start
    assert seat.pay_cents == 2 * job.hourly_cents
    assert seat.pieces == ()


HARD: dict[str, Callable[[Job], Job]] = {
    "too heavy": lambda job: replace(job, demands=(3, 0, 0, 0, 0, 0)),
    "another language": lambda job: replace(job, language="uk"),
    "stairs": lambda job: replace(job, site=replace(job.site, step_free=False)),
    "too far": lambda job: replace(job, site=replace(job.site, metres=(0, 0))),
    "outdoors": lambda job: replace(
        job, task=replace(job.task, kind=replace(job.task.kind, outdoors=True))
    ),
}


@pytest.mark.parametrize("why", HARD)
def test_work_that_does_not_suit_is_never_given(why: str) -> None:
    job = easy_job()
    person = replace(
        near(job),
        limits=(2, 3, 3, 3, 3, 3),
        outdoors=False,
        step_free=True,
        travel_minutes=20,
    )
    assert suits(person, job)
    assert not suits(person, HARD[why](job))


@pytest.mark.parametrize("subject", ["task", "site", "party"])
def test_what_somebody_does_not_want_they_are_not_asked(subject: str) -> None:
    job = easy_job()
    ids = {"task": job.task.id, "site": job.site.id, "party": job.party.id}
    person = near(job)
    assert suits(person, job)
    assert not suits(replace(person, vetoes=frozenset({(subject, ids[subject])})), job)


@pytest.mark.parametrize(
    "limits",
    [
        {"free": {1: ((0, 600),)}},
        {"free": {}},
        {"activity": {1: ((690, 800),)}},
        {"week_minutes": 100},
        {"week_gigs": 0},
    ],
    ids=str,
)
def test_nobody_works_beyond_their_own_limits(limits: dict[str, object]) -> None:
    job = easy_job()
    person = replace(near(job), **limits)  # type: ignore[arg-type] # fields of a Person
    assert fill(job, [person]) == []


def test_a_card_is_needed_on_the_day() -> None:
    job = easy_job(qualifications=("HP", "TTK"))
    person = near(job)
    assert fill(job, [person]) == []
    assert fill(job, [replace(person, cards={"HP": None, "TTK": TUESDAY - DAY})]) == []
    assert len(fill(job, [replace(person, cards={"HP": None, "TTK": TUESDAY})])) == 1


def test_one_gig_a_day_and_a_night_between() -> None:
    job = easy_job()
    person = near(job)
    for hours in (-1, 3, 12):
        diary = Diary()
        begin = job.starts[0] + timedelta(hours=hours)
        diary.add_gig(person.id, begin, begin + timedelta(hours=1), 1000)
        assert fill(job, [person], diary) == [], hours
    diary = Diary()
    diary.add_gig(person.id, job.starts[0] + DAY, job.starts[0] + DAY * 1.1, 1000)
    assert len(fill(job, [person], diary)) == 1


def test_a_ceiling_is_kept() -> None:
    job = easy_job()
    person = replace(near(job), benefit=PENSION, own_limit_cents=None)
    limit = pension_floor_cents(pay_day(TUESDAY).year)
    for earned, seats in ((limit - 2 * job.hourly_cents, 1), (limit - 2 * job.hourly_cents + 1, 0)):
        diary = Diary()
        diary.earned[person.id, paid_in(TUESDAY)] = earned
        assert len(fill(job, [person], diary)) == seats


class TestSupport:
    def test_every_piece_is_served_within_the_coaches_hours(self) -> None:
        job = easy_job()
        person = replace(near(job), needs={"START": 2, "AFTER": 2})
        coach = replace(
            person.house.coaches[0], hours=dict.fromkeys(range(5), ((480, 960),)), away=()
        )
        helped = replace(person, house=replace(person.house, coaches=(coach,)))
        (seat,) = fill(job, [helped])
        assert set(seat.served_by) == set(range(len(seat.pieces)))
        for visit in seat.new_visits:
            assert local(visit.begin).hour * 60 + local(visit.begin).minute >= 480
            assert visit.end <= moment(local(visit.end).date(), 960)

    def test_without_a_coach_nobody_is_sent_alone(self) -> None:
        job = easy_job()
        person = replace(near(job), needs={"START": 2})
        away = tuple(replace(c, away=(TUESDAY,)) for c in person.house.coaches)
        assert fill(job, [replace(person, house=replace(person.house, coaches=away))]) == []
        assert fill(job, [replace(person, house=replace(person.house, coaches=()))]) == []

    def test_a_busy_coach_is_not_in_two_places(self) -> None:
        job = easy_job()
        person = replace(near(job), needs={"START": 2})
        coach = replace(
            person.house.coaches[0], hours=dict.fromkeys(range(5), ((480, 960),)), away=()
        )
        helped = replace(person, house=replace(person.house, coaches=(coach,)))
        diary = Diary()
        start = job.starts[0]
        diary.add_visit(coach.id, Busy(start - timedelta(minutes=10), start, None))
        assert fill(job, [helped], diary) == []

    def test_a_group_shares_its_coach(self) -> None:
        job = easy_job(places=3, group=True)
        person = replace(near(job), needs={"START": 2})
        coach = replace(
            person.house.coaches[0], hours=dict.fromkeys(range(5), ((480, 960),)), away=()
        )
        house = replace(person.house, coaches=(coach,))
        people = [replace(person, id=uuid4(), house=house) for _ in range(3)]
        seats = fill(job, people)
        assert len(seats) == 3
        assert len({visit.id for seat in seats for visit in seat.served_by.values()}) == 1
        assert sum(len(seat.new_visits) for seat in seats) == 1

    def test_support_fades_where_somebody_has_been_before(self) -> None:
        job = easy_job()
        person = replace(near(job), needs={"START": 3})
        coach = replace(
            person.house.coaches[0], hours=dict.fromkeys(range(5), ((480, 960),)), away=()
        )
        helped = replace(person, house=replace(person.house, coaches=(coach,)))
        diary = Diary()
        (first,) = fill(job, [helped], diary)
        week_later = replace(job, id=uuid4(), starts=(job.starts[0] + DAY,), day=TUESDAY + DAY)
        (second,) = fill(week_later, [helped], diary)
        assert second.pieces[0].minutes < first.pieces[0].minutes


def test_places_of_an_order_begin_together() -> None:
    starts = tuple(moment(TUESDAY, minute) for minute in (540, 600, 660, 720))
    job = easy_job(places=3, starts=starts, timing=Timing.WINDOW)
    people = [replace(near(job), id=uuid4()) for _ in range(5)]
    seats = fill(job, people)
    assert [seat.place_no for seat in seats] == [1, 2, 3]
    assert len({seat.start for seat in seats}) == 1
    assert len({seat.person.id for seat in seats}) == 3
