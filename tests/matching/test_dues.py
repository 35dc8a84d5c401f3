"""Cards that are due for so much work done, and days without a decision, as spans of minutes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from jobcenter.matching.loading.counters import CounterFacts, Counters, WorkFact
from jobcenter.matching.loading.decided import Decided
from jobcenter.matching.loading.facts import DecisionFact, Details
from jobcenter.matching.loading.hours import Grid
from jobcenter.people.decisions import OTHER_UNIT, OWN_UNIT, CoachingRule
from jobcenter.people.parties import CounterRule
from jobcenter.times import DAY
from tests.cast import CITY, MONDAY
from tests.matching import folk

HOUR = timedelta(hours=1)
# Two weeks across the end of a year.
NEW_YEAR = Grid(date(2026, 12, 21), 28)
# The weeks around the tests' Monday.
NOW = Grid(date(2026, 11, 16), 28)
EVER = date(2020, 1, 1)
AINO = folk.key("aino")


def counter(
    *, threshold: int = 2, unit: str = "days", per: str = "ever", since: date = EVER,
    until: date | None = None,
) -> CounterRule:  # fmt: skip
    return CounterRule(
        organiser_id=CITY, code="HP", unit=unit, per=per, threshold=threshold, warn_at=[],
        valid_from=since, valid_to=until, source="test",
    )  # fmt: skip


def gig(day: int, *, hour: int = 0, hours: int = 3, card: str = "HP") -> WorkFact:
    """A gig so many days from Monday, at so many hours from nine."""
    begin = MONDAY + DAY * day + HOUR * hour
    return WorkFact(frozenset({card}), begin, begin + HOUR * hours)


def due(
    rules: Sequence[CounterRule], *worked: WorkFact, grid: Grid = NOW,
    pencilled: Sequence[WorkFact] = (),
) -> list[tuple[datetime, datetime]]:  # fmt: skip
    """Return when the hygiene passport is due."""
    counters = Counters(CounterFacts(rules, {AINO: worked}), grid, ["HP"])
    found = counters.due(AINO, pencilled)
    assert {card for card, _, _ in found} <= {"HP"}
    return [(grid.moment(begin), grid.moment(end)) for _, begin, end in found]


def test_nothing_is_due_before_the_threshold() -> None:
    assert due([counter()], gig(0)) == []
    assert due([counter()], gig(0), gig(0, hour=5)) == []
    assert due([counter()], gig(0), gig(1, card="RC")) == []
    assert due([counter(threshold=90)]) == []


def test_a_full_counter_is_due_for_all_that_begins_after_the_gig_that_filled_it() -> None:
    found = due([counter()], gig(0), gig(1))
    assert found[0][0] == gig(1).begin + timedelta(minutes=1)
    assert found[-1][1] == NOW.end
    # Without a hole from then on: each day ends where the next begins.
    assert all(one[1] == other[0] for one, other in pairwise(found))


def test_work_of_before_counts_from_the_first_minute() -> None:
    found = due([counter()], gig(-100), gig(-99))
    assert found[0][0] == NOW.origin
    assert len(found) == NOW.days


def test_hours_are_counted_whole() -> None:
    rule = counter(unit="hours", threshold=6)
    assert due([rule], gig(0), gig(1, hours=2)) == []
    found = due([rule], gig(0), gig(1, hours=2), gig(2, hours=1))
    assert found[0][0] == gig(2).begin + timedelta(minutes=1)


def test_what_stands_on_lists_counts_too() -> None:
    assert due([counter()], gig(0), pencilled=[gig(3)])[0][0] > gig(3).begin


@pytest.mark.parametrize(("per", "days"), [("ever", 25), ("year", 8)])
def test_a_year_begins_with_an_empty_counter(per: str, days: int) -> None:
    worked = [gig(30), gig(31)]
    found = due([counter(per=per)], *worked, grid=NEW_YEAR)
    assert len(found) == days
    assert found[0][0] == worked[1].begin + timedelta(minutes=1)


def test_the_rule_of_each_day_says_how_much() -> None:
    strict_from = MONDAY.date() + 5 * DAY
    rules = [counter(threshold=90, until=strict_from), counter(threshold=1, since=strict_from)]
    found = due(rules, gig(0))
    assert found[0][0].date() == strict_from - DAY  # midnight in Helsinki is 22:00 in UTC


def test_without_a_rule_nothing_may_be_assigned_without_the_card() -> None:
    assert len(due([])) == NOW.days
    until = due([counter(until=MONDAY.date() + DAY)])
    assert until[0][0] == NOW.origin + 8 * DAY


def coaching(needs: str | None, law: str = "", *, own: bool = True, since: date = EVER) -> object:
    return CoachingRule(
        organiser_id=CITY, coaching=OWN_UNIT if own else OTHER_UNIT, legal_basis=law, needs=needs,
        valid_from=since, valid_to=None, source="test",
    )  # fmt: skip


def shut(
    rules: Sequence[object], *decisions: DecisionFact, law: str = "shl-27e"
) -> list[tuple[date, date]]:
    """Return the first and the last day of each span without a decision, in minutes' order."""
    known = [rule for rule in rules if isinstance(rule, CoachingRule)]
    person = replace(
        folk.needing("aino"), legal_basis=law, details=Details(decisions=tuple(decisions))
    )
    spans = Decided(NOW, known, {}).shut(person)
    return [
        ((NOW.moment(begin) + 3 * HOUR).date(), (NOW.moment(end) - HOUR).date())
        for begin, end in spans
    ]


def decision(first: int, last: int | None, kind: str = "shl-27d") -> DecisionFact:
    """A decision from and until so many days from Monday."""
    today = MONDAY.date()
    return DecisionFact(kind, today + DAY * first, None if last is None else today + DAY * last)


def test_no_decision_is_missing_where_none_is_needed() -> None:
    assert shut([coaching(None)]) == []
    assert shut([coaching("shl-27d", "shl-27d"), coaching(None)]) == []
    assert shut([coaching(None), coaching("shl-27d", own=False)]) == []


def test_every_day_without_the_decision_is_shut() -> None:
    rules = [coaching("shl-27d")]
    assert len(shut(rules)) == NOW.days
    assert shut(rules, decision(-30, None)) == []
    assert len(shut(rules, decision(-30, None, kind="189/2001"))) == NOW.days
    # The last day is still part of it.
    today = MONDAY.date()
    assert shut(rules, decision(-30, 3))[0] == (today + 4 * DAY, today + 4 * DAY)
    assert shut(rules, decision(-30, 3), decision(4, None)) == []


def test_a_rule_to_come_shuts_from_its_day_on() -> None:
    begins = MONDAY.date() + 2 * DAY
    assert shut([coaching(None), coaching("shl-27d", since=begins)])[0][0] == begins


def test_a_missing_rule_shuts_everything() -> None:
    assert len(shut([], decision(-30, None))) == NOW.days
