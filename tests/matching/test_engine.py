"""The engine on generated problems of the product: every rule is kept, and the bound is one."""

import numpy as np
from hypothesis import HealthCheck, given, settings

from jobcenter.matching.calm import kept
from jobcenter.matching.candidates import allowed, conceivable
from jobcenter.matching.check import breaches, value
from jobcenter.matching.engine import decide, steps_of
from jobcenter.matching.problem import Problem
from jobcenter.matching.records import Coach, VisitNeed
from jobcenter.matching.rehearsal import rehearse
from jobcenter.matching.score import score
from tests.matching.brute import best
from tests.matching.loops import found_by_loops, worth_of
from tests.matching.small import at, client, order, problem
from tests.matching.test_tiny_problems import meetings, problems

# The loops run here as they are read, a hundred times slower than compiled.
EVERYTHING = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def sound(made: Problem) -> int:
    """Solve it, look at the plan, and return the bound."""
    done = decide(made, steps_of(150))
    assert breaches(made, done.plan) == []
    assert value(made, done.plan) == done.value
    assert done.value <= done.bound
    return done.bound


def test_a_rehearsal_runs_every_loop() -> None:
    assert rehearse() > 0


@given(problems(again=True))
@EVERYTHING
def test_the_loops_find_whom_the_rules_allow(made: Problem) -> None:
    """The rules in columns explain a pair to people; the loops are the same rules, for speed."""
    found = found_by_loops(made)
    pairs = allowed(made, np.arange(made.orders.places.size))
    by_rules = worth_of(pairs, score(made, pairs) + kept(made, pairs))
    assert found.items() <= by_rules.items()
    # The columns also try to place the visits; whatever they cannot rule out the loops keep too.
    possible = conceivable(made)[0].pairs
    assert worth_of(possible, score(made, possible)).keys() <= found.keys()


@given(problems(again=True))
@EVERYTHING
def test_no_plan_at_all_is_above_the_bound(made: Problem) -> None:
    assert best(made) <= sound(made)


def test_nobody_is_served_twice_by_one_visit() -> None:
    """Two who need a visit share it; the second, who needs two, gets the other for themself."""
    both = VisitNeed(earliest=0, latest=60, minutes=15, ratio=3)
    made = problem(
        [order(at(1, 10), place=1, places=2, group=True)],
        [client(profile=0), client(profile=1)],
        [Coach(shifts=((at(1, 8), at(1, 16)),))],
        plans={(0, 0): (both,), (1, 0): (both, both)},
    )
    assert sound(made) == best(made)


@given(meetings())
@EVERYTHING
def test_shared_visits_are_never_above_the_bound(made: Problem) -> None:
    assert best(made) <= sound(made)


def test_days_of_rest_lie_between_two_new_gigs() -> None:
    several = [order(at(day, 10)) for day in (1, 2, 3)]
    made = problem(several, [client(rest_days=1)])
    assert picked(made) == {0, 2}


def test_a_visit_waits_for_its_decision() -> None:
    practice = VisitNeed(earliest=-2 * 1440, latest=-120, minutes=60)
    made = problem(
        [order(at(3, 10), place=1)],
        [client(undecided=((at(1, 0), at(2, 9)),))],
        [Coach(shifts=tuple((at(day, 8), at(day, 16)) for day in (1, 2, 3)))],
        plans={(0, 0): (practice,)},
    )
    assert picked(made) == {0}


def test_nobody_stays_longer_than_what_is_decided_for_the_others() -> None:
    """Two could share a visit of an hour; for one of them only half an hour is decided."""
    short, long = (VisitNeed(earliest=0, latest=0, minutes=each, ratio=2) for each in (30, 60))
    made = problem(
        [order(at(1, 10), place=1, places=2, group=True)],
        [client(profile=0, undecided=((at(1, 11), at(2, 0)),)), client(profile=1)],
        [Coach(shifts=((at(1, 8), at(1, 16)),))],
        plans={(0, 0): (short,), (1, 0): (long,)},
    )
    done = decide(made, steps_of(300))
    assert breaches(made, done.plan) == []
    assert len(done.plan.picks) == 1


def picked(made: Problem) -> set[int]:
    """Solve it, look at the plan, and return the orders in it."""
    done = decide(made, steps_of(300))
    assert breaches(made, done.plan) == []
    return {pick.order for pick in done.plan.picks}
