"""The engine on generated problems of the product: every rule is kept, and the bound is one."""

from hypothesis import HealthCheck, given, settings

from jobcenter.matching.check import breaches, value
from jobcenter.matching.engine import decide, steps_of
from jobcenter.matching.problem import Problem
from jobcenter.matching.records import Coach, VisitNeed
from jobcenter.matching.rehearsal import rehearse
from tests.matching.brute import best
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


@given(problems())
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
