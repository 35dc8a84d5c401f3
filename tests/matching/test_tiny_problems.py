"""Generated tiny problems: plans keep every rule, and no plan is worth more than the bound."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from jobcenter.matching.check import breaches, value
from jobcenter.matching.problem import PRESENT, REMOTE, Problem, Stood
from jobcenter.matching.records import Busy, Client, Coach, Order, VisitNeed
from jobcenter.matching.solver import Effort, Result, solve
from tests.matching.brute import best
from tests.matching.small import at, client, order, problem, starts

EFFORT = Effort(steps=60)
QUARTERS = some.integers(0, 16).map(lambda quarter: at(1, 9) + 15 * quarter)


@some.composite
def needs(draw: some.DrawFn) -> VisitNeed:
    """A visit whose times lie on quarters."""
    earliest = 15 * draw(some.integers(-4, 4))
    return VisitNeed(
        earliest=earliest,
        latest=earliest + 15 * draw(some.sampled_from((0, 0, 0, 1, 3))),
        minutes=15 * draw(some.integers(1, 4)),
        presence=draw(some.sampled_from((PRESENT, PRESENT, REMOTE))),
        from_end=draw(some.booleans()),
        ratio=draw(some.sampled_from((1, 2, 3))),
        same_coach=draw(some.sampled_from((0, 0, 1))),
    )


@some.composite
def stood(draw: some.DrawFn) -> Stood:
    """A visit as the last proposals may have had it."""
    return Stood(draw(some.integers(0, 1)), draw(some.integers(0, 1)), draw(QUARTERS))


@some.composite
def orders(draw: some.DrawFn, *, again: bool) -> Order:
    """A gig of an hour or two, at one or more starts; somebody may have been picked before."""
    minutes = sorted(draw(some.sets(QUARTERS, min_size=1, max_size=2)))
    return order(
        starts=starts(*minutes, cents=draw(some.sampled_from((1000, 2000)))),
        minutes=60 * draw(some.integers(1, 2)),
        place=draw(some.integers(0, 3)),
        places=draw(some.sampled_from((1, 2, 3))),
        group=draw(some.sampled_from((True, True, False))),
        buffer=draw(some.sampled_from((0, 15))),
        demands=(draw(some.integers(0, 2)),),
        priority=draw(some.integers(0, 2)),
        profile=draw(some.integers(0, 1)),
        site=draw(some.integers(0, 1)),
        counted=draw(some.sampled_from((frozenset(), frozenset({0})))),
        picked={
            who: (draw(some.sampled_from(minutes)), tuple(draw(some.lists(stood(), max_size=2))))
            for who in draw(some.sets(some.integers(0, 2), max_size=2 * again))
        },
    )


@some.composite
def people(draw: some.DrawFn, number: int) -> Client:
    """Somebody with limits of several kinds."""
    begin = draw(QUARTERS)
    activity = Busy(begin=begin, end=begin + 60, place=0)
    yesterday = Busy(begin=begin - 1440, end=begin - 1380, place=0, gig=True)
    span = (begin, begin + 15 * draw(some.integers(1, 24)))
    return client(
        limits=(draw(some.integers(0, 2)),),
        busy=draw(some.sampled_from(((), (), (activity,), (yesterday,)))),
        rest_days=draw(some.sampled_from((0, 0, 1))),
        one_new=draw(some.booleans()),
        days_since_offer=draw(some.sampled_from((0, 29, 30))),
        offers_90=draw(some.sampled_from((0, 7, 9))),
        knows_sites=draw(some.sampled_from((frozenset(), frozenset({1})))),
        practised=draw(some.sampled_from((frozenset(), frozenset({0})))),
        dues=draw(some.sampled_from(((), ((0, *span),)))),
        undecided=draw(some.sampled_from(((), (), (span,)))),
        week_gigs=(draw(some.integers(1, 3)),),
        week_minutes=(draw(some.sampled_from((90, 240, 240))),),
        ceilings=draw(some.sampled_from(((), ((0, 0, 2500),)))),
        likes_tasks={0: draw(some.integers(0, 5))},
        coach=draw(some.sampled_from((-1, -1, 0))),
        profile=draw(some.integers(0, number)),
    )


@some.composite
def coaches(draw: some.DrawFn) -> Coach:
    """A coach with one or two short shifts, perhaps from a base, perhaps with a visit booked."""
    begins = [draw(QUARTERS) - 120 for _ in range(2)]
    shifts = tuple((begin, begin + 15 * draw(some.integers(8, 24))) for begin in begins)
    booked = Busy(
        begin=begins[0], end=begins[0] + 30, place=2, order=draw(some.integers(-1, 0)), room=1
    )
    return Coach(
        shifts=shifts,
        base=draw(some.integers(-1, 3)),
        busy=draw(some.sampled_from(((), (), (booked,)))),
    )


@some.composite
def problems(draw: some.DrawFn, *, again: bool = False) -> Problem:
    """Up to three orders, three clients and two coaches."""
    some_orders = draw(some.lists(orders(again=again), min_size=1, max_size=3))
    some_people = [draw(people(number)) for number in range(draw(some.integers(1, 3)))]
    plans = {
        (person, profile): tuple(draw(some.lists(needs(), min_size=profile, max_size=2)))
        for person in range(len(some_people))
        for profile in range(2)
    }
    some_coaches = draw(some.lists(coaches(), min_size=1, max_size=2))
    return problem(some_orders, some_people, some_coaches, plans=plans, now=at(1, 8))


def solved(made: Problem) -> Result:
    result = solve(made, effort=EFFORT)
    assert breaches(made, result.plan) == []
    assert value(made, result.plan) == result.value
    assert result.value <= result.bound
    return result


@given(problems(again=True))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_plan_keeps_every_rule_and_stays_under_its_bound(made: Problem) -> None:
    solved(made)


@given(problems(again=True))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_at_all_is_above_the_bound(made: Problem) -> None:
    result = solved(made)
    found = best(made)
    assert found <= result.bound
    # Four fifths of what trying everything finds is the least; nearly always it is all of it.
    assert result.value >= found * 4 // 5


@some.composite
def meetings(draw: some.DrawFn) -> Problem:
    """A group order whose clients can share visits, perhaps with one that is booked already."""
    wanted = order(at(1, 10), place=1, places=3, group=True)
    door = 15 * draw(some.integers(-2, 0))
    plans = {
        (person, 0): tuple(
            VisitNeed(
                earliest=door + 15 * draw(some.integers(0, 1)),
                latest=door + 15 * draw(some.sampled_from((1, 1, 2, 3))),
                minutes=15 * draw(some.integers(1, 4)),
                ratio=draw(some.sampled_from((1, 2, 2, 3))),
            )
            for _ in range(draw(some.sampled_from((1, 1, 2))))
        )
        for person in range(3)
    }
    booked = Busy(begin=at(1, 10), end=at(1, 10) + 45, place=1, order=0, room=1)
    coach = Coach(
        shifts=((at(1, 9), at(1, 9) + 15 * draw(some.integers(4, 16))),),
        busy=draw(some.sampled_from(((), (booked,)))),
    )
    someone = Coach(shifts=draw(some.sampled_from(((), coach.shifts))))
    people_there = [client(profile=number) for number in range(3)]
    return problem([wanted], people_there, [coach, someone], plans=plans, now=at(1, 8))


@given(meetings())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_shared_visits_are_never_above_the_bound(made: Problem) -> None:
    result = solved(made)
    assert best(made) <= result.bound
