"""Visits are placed where a coach can really be, and nowhere else."""

import pytest

from jobcenter.matching.candidates import Supported
from jobcenter.matching.check import breaches
from jobcenter.matching.plan import Pick, Plan
from jobcenter.matching.problem import NOBODY, PREPARATION, REMOTE, Problem
from jobcenter.matching.records import Busy, Client, Coach, Order, VisitNeed
from jobcenter.matching.visits import Agenda
from tests.matching.small import at, client, order, problem

EIGHT, TEN, NOON, FOUR = at(1, 8), at(1, 10), at(1, 12), at(1, 16)
AT_DOOR = VisitNeed(earliest=-30, latest=-30, minutes=60)
CALL = VisitNeed(earliest=-120, latest=-10, minutes=10, presence=REMOTE)
DAY_SHIFT = ((EIGHT, FOUR),)


def one_pick(
    coaches: list[Coach],
    *needs: VisitNeed,
    wanted: Order | None = None,
    person: Client | None = None,
    now: int = 0,
) -> Problem:
    wanted, person = wanted or order(TEN, place=1), person or client()
    return problem([wanted], [person], coaches, plans={(0, 0): needs}, now=now)


def placed(made: Problem, start: int = TEN) -> list[tuple[int, int, int]]:
    """(coach, begin, end) of each visit, or nothing when there is no coach."""
    agenda = Agenda(made)
    pick = Pick(0, 0, start)
    if agenda.add(pick) is not None:
        return []
    bookings = agenda.bookings()
    assert breaches(made, Plan((pick,), bookings)) == []
    return [(one.coach, one.begin, one.begin + one.minutes) for one in bookings]


def test_a_visit_at_a_fixed_time_is_there() -> None:
    assert placed(one_pick([Coach(shifts=DAY_SHIFT)], AT_DOOR)) == [(0, TEN - 30, TEN + 30)]


def test_a_visit_counts_from_the_end_when_it_says_so() -> None:
    after = VisitNeed(earliest=0, latest=600, minutes=15, presence=REMOTE, from_end=True)
    assert placed(one_pick([Coach(shifts=DAY_SHIFT)], after)) == [(0, NOON, NOON + 15)]


@pytest.mark.parametrize(
    ("coach", "fits"),
    [
        (Coach(shifts=((TEN - 30, TEN + 30),)), True),
        (Coach(shifts=((TEN - 29, FOUR),)), False),
        (Coach(shifts=((EIGHT, TEN + 29),)), False),
        (Coach(shifts=DAY_SHIFT, unit=1), False),
        (Coach(shifts=DAY_SHIFT, busy=(Busy(begin=TEN, end=TEN + 5),)), False),
        (Coach(shifts=DAY_SHIFT, busy=(Busy(begin=TEN + 30, end=NOON),)), True),
        # Seven minutes from place 0 to place 1.
        (Coach(shifts=DAY_SHIFT, busy=(Busy(begin=EIGHT, end=TEN - 37, place=0),)), True),
        (Coach(shifts=DAY_SHIFT, busy=(Busy(begin=EIGHT, end=TEN - 36, place=0),)), False),
        (Coach(shifts=DAY_SHIFT, busy=(Busy(begin=EIGHT, end=TEN - 36, place=1),)), True),
        (
            Coach(shifts=DAY_SHIFT, busy=(Busy(begin=EIGHT, end=TEN - 37, place=0, buffer=30),)),
            False,
        ),
        (Coach(shifts=((TEN - 37, TEN + 37),), base=0), True),
        (Coach(shifts=((TEN - 36, FOUR),), base=0), False),
        (Coach(shifts=((EIGHT, TEN + 36),), base=0), False),
        (Coach(shifts=((TEN - 30, TEN + 30),), base=1), True),
    ],
)
def test_the_coach_can_be_there_or_not(coach: Coach, *, fits: bool) -> None:
    assert bool(placed(one_pick([coach], AT_DOOR))) is fits


def test_a_call_between_two_places_leaves_time_for_the_way() -> None:
    busy = (Busy(begin=EIGHT, end=EIGHT + 30, place=0), Busy(begin=TEN, end=NOON, place=3))
    call = VisitNeed(earliest=-90, latest=-1, minutes=77, presence=REMOTE)
    coach = Coach(shifts=DAY_SHIFT, busy=busy)
    assert placed(one_pick([coach], call))
    longer = VisitNeed(earliest=-90, latest=-1, minutes=78, presence=REMOTE)
    assert not placed(one_pick([coach], longer))


def test_two_calls_between_two_places_leave_time_together() -> None:
    busy = (Busy(begin=EIGHT, end=EIGHT + 30, place=0), Busy(begin=TEN, end=NOON, place=3))
    calls = [
        VisitNeed(earliest=-90, latest=-1, minutes=minutes, presence=REMOTE) for minutes in (40, 37)
    ]
    coach = Coach(shifts=DAY_SHIFT, busy=busy)
    assert len(placed(one_pick([coach], *calls))) == 2
    assert not placed(one_pick([coach], *calls, VisitNeed(earliest=-90, latest=-1, minutes=1)))


def test_a_call_before_the_first_place_leaves_time_from_the_base() -> None:
    call = VisitNeed(earliest=-60, latest=-40, minutes=10, presence=REMOTE)
    base = Coach(shifts=((TEN - 47, FOUR),), base=0)
    assert placed(one_pick([base], AT_DOOR, call)) == [
        (0, TEN - 45, TEN - 35),
        (0, TEN - 30, TEN + 30),
    ]
    late = Coach(shifts=((TEN - 46, FOUR),), base=0)
    assert not placed(one_pick([late], AT_DOOR, call))


def test_the_open_channel_adds_its_buffer_to_the_way() -> None:
    busy = Busy(begin=EIGHT, end=TEN - 67, place=0)
    wanted = order(TEN, place=1, buffer=30)
    assert placed(one_pick([Coach(shifts=DAY_SHIFT, busy=(busy,))], AT_DOOR, wanted=wanted))
    later = Busy(begin=EIGHT, end=TEN - 66, place=0)
    assert not placed(one_pick([Coach(shifts=DAY_SHIFT, busy=(later,))], AT_DOOR, wanted=wanted))


def test_a_coach_and_a_client_share_a_language() -> None:
    speaks = client(languages=frozenset({1}))
    finnish = Coach(shifts=DAY_SHIFT, languages=frozenset({0}))
    both = Coach(shifts=DAY_SHIFT, languages=frozenset({0, 1}))
    assert not placed(one_pick([finnish], AT_DOOR, person=speaks))
    assert placed(one_pick([finnish, both], AT_DOOR, person=speaks))[0][0] == 1


def test_visits_of_one_group_have_one_coach() -> None:
    early = Coach(shifts=((EIGHT, TEN + 30),))
    late = Coach(shifts=((TEN + 30, FOUR),))
    mid = VisitNeed(earliest=60, latest=90, minutes=30, same_coach=1)
    door = VisitNeed(earliest=-30, latest=-30, minutes=60, same_coach=1)
    assert not placed(one_pick([early, late], door, mid))
    assert len(placed(one_pick([early, late, Coach(shifts=DAY_SHIFT)], door, mid))) == 2


def test_the_named_coach_gives_visits_that_ask_for_the_same_coach() -> None:
    door = VisitNeed(earliest=-30, latest=-30, minutes=60, same_coach=1)
    coaches = [Coach(shifts=DAY_SHIFT), Coach(shifts=DAY_SHIFT)]
    assert placed(one_pick(coaches, door, person=client(coach=1)))[0][0] == 1
    away = [Coach(shifts=DAY_SHIFT), Coach()]
    assert not placed(one_pick(away, door, person=client(coach=1)))


def test_nothing_begins_in_the_past() -> None:
    coach = Coach(shifts=DAY_SHIFT)
    assert placed(one_pick([coach], CALL, now=TEN - 20)) == [(0, TEN - 20, TEN - 10)]
    assert not placed(one_pick([coach], CALL, now=TEN - 9))


def test_all_visits_are_held_or_none() -> None:
    impossible = VisitNeed(earliest=600, latest=600, minutes=60)
    agenda = Agenda(one_pick([Coach(shifts=DAY_SHIFT)], CALL, AT_DOOR, impossible))
    missing = agenda.add(Pick(0, 0, TEN))
    assert missing is not None
    assert missing.index == 2
    assert agenda.bookings() == ()


def test_a_choice_that_leads_nowhere_is_taken_back() -> None:
    """The first coach could give the first visit, but only the first can give the second."""
    first = Coach(shifts=DAY_SHIFT)
    second = Coach(shifts=((TEN - 30, TEN + 30),))
    whole = VisitNeed(earliest=0, latest=0, minutes=120)
    assert placed(one_pick([first, second], AT_DOOR, whole)) == [
        (0, TEN, NOON),
        (1, TEN - 30, TEN + 30),
    ]


GROUP = order(TEN, place=1, places=5, group=True)


def group_of(count: int, ratio: int, *, group: bool = True) -> Problem:
    need = VisitNeed(earliest=0, latest=0, minutes=60, ratio=ratio)
    wanted = GROUP if group else order(TEN, place=1, places=5)
    coaches = [Coach(shifts=DAY_SHIFT)]
    return problem([wanted], [client()] * count, coaches, plans={(0, 0): (need,)})


@pytest.mark.parametrize(
    ("ratio", "group", "served"), [(5, True, 4), (3, True, 3), (1, True, 1), (5, False, 1)]
)
def test_a_group_order_shares_a_visit_by_its_ratio(ratio: int, served: int, *, group: bool) -> None:
    made = group_of(4, ratio, group=group)
    agenda = Agenda(made)
    picks = [Pick(0, one, TEN) for one in range(4)]
    held = tuple(pick for pick in picks if agenda.add(pick) is None)
    assert len(held) == served
    assert len(agenda.bookings()) == 1
    assert breaches(made, Plan(held, agenda.bookings())) == []


def test_a_longer_visit_covers_a_shorter_one() -> None:
    plans = {
        (0, 0): (VisitNeed(earliest=-30, latest=-30, minutes=60, ratio=3),),
        (1, 0): (VisitNeed(earliest=0, latest=0, minutes=30, ratio=3),),
    }
    people = [client(profile=0), client(profile=1)]
    made = problem([GROUP], people, [Coach(shifts=DAY_SHIFT)], plans=plans)
    agenda = Agenda(made)
    picks = (Pick(0, 0, TEN), Pick(0, 1, TEN))
    assert [agenda.add(pick) for pick in picks] == [None, None]
    assert breaches(made, Plan(picks, agenda.bookings())) == []
    assert agenda.leaning(0, 0) == [1]
    assert agenda.leaning(0, 1) == []


def test_a_booked_visit_with_room_can_be_joined() -> None:
    booked = Busy(begin=TEN, end=TEN + 60, place=1, order=0, room=1)
    need = VisitNeed(earliest=0, latest=0, minutes=60, ratio=3)
    coaches = [Coach(shifts=DAY_SHIFT, busy=(booked,))]
    made = problem([GROUP], [client()] * 2, coaches, plans={(0, 0): (need,)})
    agenda = Agenda(made)
    assert agenda.add(Pick(0, 0, TEN)) is None
    (booking,) = agenda.bookings()
    assert booking.joins == 0
    assert breaches(made, Plan((Pick(0, 0, TEN),), (booking,))) == []
    assert agenda.add(Pick(0, 1, TEN)) is not None


def test_a_visit_booked_where_the_order_no_longer_is_meets_nobody() -> None:
    booked = Busy(begin=TEN, end=TEN + 60, place=2, order=0, room=1)
    need = VisitNeed(earliest=0, latest=0, minutes=60, ratio=3)
    coaches = [Coach(shifts=DAY_SHIFT, busy=(booked,)), Coach(shifts=DAY_SHIFT)]
    made = problem([GROUP], [client()], coaches, plans={(0, 0): (need,)})
    agenda = Agenda(made)
    assert agenda.add(Pick(0, 0, TEN)) is None
    (booking,) = agenda.bookings()
    assert (booking.coach, booking.joins) == (1, NOBODY)
    assert breaches(made, Plan((Pick(0, 0, TEN),), (booking,))) == []


def test_what_is_removed_comes_back_exactly() -> None:
    made = one_pick([Coach(shifts=DAY_SHIFT)], CALL, AT_DOOR)
    agenda = Agenda(made)
    agenda.add(Pick(0, 0, TEN))
    before = agenda.bookings()
    freed = agenda.remove(0, 0)
    assert agenda.bookings() == ()
    agenda.restore(0, 0, freed)
    assert agenda.bookings() == before


def test_preparation_needs_no_place() -> None:
    desk = VisitNeed(earliest=-120, latest=-60, minutes=60, presence=PREPARATION)
    elsewhere = Coach(shifts=((EIGHT, NOON),), base=30)
    assert placed(one_pick([elsewhere], desk)) == [(0, EIGHT, EIGHT + 60)]


def test_equal_needs_are_asked_once_and_answered_alike() -> None:
    made = group_of(3, 1)
    supported = Supported(made)
    answers = [supported.missing(Pick(0, one, TEN)) for one in range(3)]
    assert answers == [None, None, None]
