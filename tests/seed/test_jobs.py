"""The orders of a day: repeatable, in season, of every kind, and some of them hard to fill."""

from collections import Counter
from datetime import date, timedelta

import pytest

from jobcenter.orders.model import Timing
from jobcenter.reference.pay import PAY_GROUPS
from jobcenter.seed.jobs import Job, jobs_of, repeats_of
from jobcenter.seed.trades import SEASONS, TRADES
from jobcenter.times import is_workday, local
from tests.seed.town import TUESDAY, town

DAY = timedelta(days=1)
FORTNIGHT = [TUESDAY + DAY * number for number in range(15)]


def drawn(days: list[date], size: str = "city") -> list[Job]:
    return [job for day in days for job in jobs_of(town(size), day)]


def test_a_day_is_the_same_whenever_it_is_drawn() -> None:
    assert list(jobs_of(town(), TUESDAY)) == list(jobs_of(town(), TUESDAY))


def test_a_fortnight_has_about_as_many_as_a_city() -> None:
    jobs = drawn(FORTNIGHT)
    assert 230 <= len(jobs) <= 300
    assert len({job.id for job in jobs}) == len(jobs)
    assert 1.1 < sum(job.places for job in jobs) / len(jobs) < 1.7
    assert 25 <= len(drawn(FORTNIGHT, "small")) <= 50


def test_every_kind_of_time() -> None:
    timings = Counter(job.timing for job in drawn(FORTNIGHT))
    assert min(timings.values()) > 25
    assert set(timings) == set(Timing)
    for job in drawn(FORTNIGHT):
        assert list(job.starts) == sorted(set(job.starts))
        assert (len(job.starts) == 1) == (job.timing is Timing.FIXED) or len(job.starts) > 1
        assert {local(start).date() for start in job.starts} == {job.day}
        assert 30 <= job.minutes <= 480


def test_windows_are_a_grid_of_half_hours() -> None:
    for job in drawn(FORTNIGHT):
        if job.timing is Timing.WINDOW:
            gaps = {b - a for a, b in zip(job.starts, job.starts[1:], strict=False)}
            assert gaps == {timedelta(minutes=30)}


def test_groups_are_of_three_and_more() -> None:
    groups = [job for job in drawn(FORTNIGHT) if job.group]
    assert len(groups) >= 3
    assert all(3 <= job.places <= 6 for job in groups)


def test_pay_lies_in_its_group() -> None:
    for job in drawn(FORTNIGHT):
        floor, ceiling = PAY_GROUPS[job.task.kind.pay_group]
        assert floor <= job.hourly_cents <= ceiling


def test_some_ask_for_much() -> None:
    jobs = drawn(FORTNIGHT)
    assert any(local(job.starts[0]).hour < 7 for job in jobs)
    assert any(local(job.starts[0]).hour >= 19 for job in jobs)
    assert {job.language for job in jobs} > {"", "fi"}
    assert any(set(job.qualifications) - set(job.task.kind.qualifications) for job in jobs)
    assert any(job.demands != job.task.kind.demands for job in jobs)
    assert any(job.site == job.party.edge_site for job in jobs)
    assert any(job.party.far_site and job.site == job.party.far_site for job in jobs)
    assert any(job.shaping for job in jobs)


def test_new_sites_open_on_the_first_day() -> None:
    before = drawn([TUESDAY - DAY * number for number in range(1, 30)])
    assert not any(job.site == job.party.new_site for job in before)
    assert any(job.site == job.party.new_site for job in drawn(FORTNIGHT))


@pytest.mark.parametrize(
    ("first", "never"),
    [(date(2027, 1, 11), {5, 12, 37, 38, 39}), (date(2027, 7, 5), {3, 4, 5})],
    ids=["winter", "summer"],
)
def test_work_keeps_to_its_season(first: date, never: set[int]) -> None:
    singles = [job for job in drawn([first + DAY * n for n in range(14)]) if not job.series_id]
    numbers = {job.task.kind.number for job in singles}
    assert not numbers & never
    assert all(first.month in SEASONS.get(number, {first.month}) for number in numbers)


def test_weekends_are_for_those_who_work_on_them() -> None:
    weekend = [day for day in FORTNIGHT if not is_workday(day)]
    jobs = [job for job in drawn(weekend) if job.series_id is None]
    assert jobs
    assert all(TRADES[job.task.kind.sector].weekend for job in jobs)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_days_on_which_the_clocks_change_are_days_like_others(day: date) -> None:
    for job in jobs_of(town(), day):
        assert {local(start).date() for start in job.starts} == {day}


class TestRepeats:
    def test_the_same_work_each_week_but_for_what_is_taken_out(self) -> None:
        term = [TUESDAY + DAY * number for number in range(28)]
        by_series: dict[object, list[Job]] = {}
        for job in drawn(term):
            if job.series_id:
                by_series.setdefault(job.series_id, []).append(job)
        several = [jobs for jobs in by_series.values() if len(jobs) > 2]
        assert several
        for jobs in several:
            assert len({(job.task, job.party, job.site, job.minutes) for job in jobs}) == 1
            assert len({local(job.starts[0]).time() for job in jobs}) == 1

    def test_they_fall_on_their_weekdays_only(self) -> None:
        for repeat in repeats_of(town(), TUESDAY):
            assert repeat.without
            assert not any(repeat.falls_on(day) for day in repeat.without)
            on = [TUESDAY + DAY * n for n in range(7) if repeat.falls_on(TUESDAY + DAY * n)]
            assert {day.weekday() for day in on} <= set(repeat.weekdays)

    def test_never_on_a_holiday(self) -> None:
        independence_day = date(2027, 12, 6)
        assert not any(job.series_id for job in jobs_of(town(), independence_day))

    def test_a_term_ends_and_another_begins(self) -> None:
        now = {repeat.id for repeat in repeats_of(town(), TUESDAY)}
        later = {repeat.id for repeat in repeats_of(town(), TUESDAY + DAY * 56)}
        assert now
        assert later
        assert not now & later
