"""Support plans: a golden table of every need at every level, and what they combine to."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobcenter.support import (
    ACTIONS,
    DAY,
    DEMANDS,
    LEVELS,
    NEEDS,
    PlannedVisit,
    SupportPlan,
    faded,
    fading,
    label,
    plan,
)

WHOLE = 180
# Coach minutes by level 1, 2, 3: at the first gig, a repeat, a new task at a known site.
GOLDEN: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    "ARRIVE": ((10, 0, 10), (60, 30, 45), (90, 75, 85)),
    "START": ((10, 0, 10), (30, 15, 25), (60, 50, 55)),
    "INSTR": ((15, 0, 10), (45, 25, 35), (WHOLE, WHOLE, WHOLE)),
    "MEMORY": ((5, 0, 0), (15, 10, 15), (30, 25, 30)),
    "PACE": ((5, 0, 0), (15, 10, 15), (60, 50, 55)),
    "SOCIAL": ((5, 0, 0), (20, 10, 15), (45, 40, 45)),
    "CALM": ((10, 0, 10), (20, 10, 15), (60, 50, 55)),
    "SENSE": ((5, 0, 0), (45, 25, 35), (0, 0, 0)),
    "BODY": ((10, 0, 10), (30, 15, 25), (0, 0, 0)),
    "VISION": ((10, 0, 10), (45, 25, 35), (WHOLE, WHOLE, WHOLE)),
    "HEARING": ((5, 0, 0), (15, 10, 15), (30, 25, 30)),
    "SPEECH": ((15, 0, 10), (45, 25, 35), (WHOLE, WHOLE, WHOLE)),
    "READ": ((10, 0, 10), (10, 5, 10), (0, 0, 0)),
    "LANG": ((5, 0, 0), (20, 10, 15), (30, 25, 30)),
    "TIME": ((0, 0, 0), (10, 5, 10), (60, 50, 55)),
    "MONEY": ((15, 0, 10), (45, 25, 35), (60, 50, 55)),
    "SAFE": ((0, 0, 0), (30, 15, 25), (60, 50, 55)),
    "AFTER": ((0, 0, 0), (10, 5, 10), (30, 25, 30)),
}
FIRST, REPEAT, NEW_TASK = (0, False), (1, True), (4, False)


def planned(
    needs: Mapping[str, int], minutes: int = WHOLE, *, times: int = 0, group: bool = False
) -> SupportPlan:
    return plan(
        needs,
        gig_minutes=minutes,
        gigs_at_site=times,
        knows_task=times > 0,
        site_is_new=False,
        asks_for_shaping=False,
        is_group=group,
    )


def only_visit(needs: Mapping[str, int], minutes: int = WHOLE, *, times: int = 0) -> PlannedVisit:
    (visit,) = planned(needs, minutes, times=times).visits
    return visit


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_table_gives_the_minutes_agreed_on(need: str, level: int) -> None:
    for (times, knows), expected in zip(
        (FIRST, REPEAT, NEW_TASK), GOLDEN[need][level - 1], strict=True
    ):
        made = plan(
            {need: level},
            gig_minutes=WHOLE,
            gigs_at_site=times,
            knows_task=knows,
            site_is_new=False,
            asks_for_shaping=False,
        )
        assert made.minutes == expected, (need, level, times, knows)
        assert bool(made.visits) != bool(made.checklist or made.limits)


def test_every_need_has_three_levels_in_the_golden_table_and_in_the_code() -> None:
    assert set(GOLDEN) == set(NEEDS)
    assert set(ACTIONS) == {(need, level) for need in NEEDS for level in LEVELS}


@pytest.mark.parametrize(
    ("needs", "presence", "anchor", "earliest", "latest"),
    [
        ({"ARRIVE": 3}, "present", "start", -90, -90),
        ({"START": 2}, "present", "start", -30, -30),
        ({"START": 3}, "present", "start", 0, 0),
        ({"TIME": 3}, "present", "start", -60, -60),
        ({"INSTR": 3}, "present", "start", 0, 0),
        ({"MEMORY": 3}, "present", "start", 0, 150),
        ({"PACE": 3}, "present", "start", 0, 120),
        ({"ARRIVE": 2}, "present", "start", -7 * DAY, -12 * 60 - 60),
        ({"INSTR": 1}, "preparation", "start", -7 * DAY, -12 * 60 - 15),
        ({"START": 1}, "remote", "start", -DAY, -10),
        ({"TIME": 2}, "remote", "start", -240, -40),
        ({"AFTER": 2}, "remote", "end", 0, DAY),
        ({"AFTER": 3}, "present", "end", 0, 3 * DAY),
    ],
)
def test_each_action_has_its_window(
    needs: Mapping[str, int], presence: str, anchor: str, earliest: int, latest: int
) -> None:
    visit = only_visit(needs)
    assert (visit.presence, visit.anchor) == (presence, anchor)
    assert (visit.earliest, visit.latest) == (earliest, latest)


def test_meeting_at_the_door_and_the_introduction_are_one_visit() -> None:
    visit = only_visit({"SAFE": 2, "START": 2})
    assert visit.actions == ("START 2", "SAFE 2")
    assert (visit.earliest, visit.latest, visit.minutes, visit.ratio) == (-30, -30, 60, 3)


def test_presence_in_the_first_hour_is_shared_not_added() -> None:
    visit = only_visit({"START": 3, "CALM": 3, "SOCIAL": 3})
    assert (visit.earliest, visit.minutes, visit.ratio) == (0, 60, 1)


def test_travelling_together_runs_into_the_first_hour() -> None:
    visit = only_visit({"ARRIVE": 3, "TIME": 3, "START": 2, "CALM": 3})
    assert (visit.earliest, visit.minutes) == (-90, 150)


def test_being_there_all_the_time_absorbs_everything_inside() -> None:
    visit = only_visit({"INSTR": 3, "CALM": 3, "PACE": 3, "MEMORY": 3, "START": 2})
    assert (visit.earliest, visit.minutes) == (-30, 210)
    assert visit.actions == ("START 2", "CALM 3", "INSTR 3", "MEMORY 3", "PACE 3")


def test_a_visit_during_the_gig_comes_after_the_first_hour_or_prolongs_it() -> None:
    first, during = planned({"START": 3, "PACE": 3}, 180).visits
    assert (first.earliest, first.minutes) == (0, 60)
    assert (during.earliest, during.latest, during.minutes) == (60, 120, 60)
    short = only_visit({"START": 3, "PACE": 3}, 90)
    assert (short.earliest, short.minutes) == (0, 90)


def test_two_visits_during_the_gig_are_one() -> None:
    visit = only_visit({"MEMORY": 3, "PACE": 3})
    assert (visit.actions, visit.minutes) == (("MEMORY 3", "PACE 3"), 60)


def test_presence_is_never_longer_than_the_gig() -> None:
    assert only_visit({"START": 3}, 30).minutes == 30
    assert only_visit({"PACE": 3}, 45).latest == 0


def test_calls_in_the_same_window_become_one_longer_call() -> None:
    before, after = planned({"START": 1, "CALM": 2, "AFTER": 2}).visits
    assert (before.actions, before.minutes) == (("START 1", "CALM 2"), 20)
    assert (before.earliest, before.latest) == (-DAY, -20)
    assert (after.actions, after.anchor, after.minutes) == (("CALM 2", "AFTER 2"), "end", 20)
    assert before.ratio == after.ratio == 1


def test_all_preparation_is_one_visit_in_the_days_before() -> None:
    prepared = only_visit({"INSTR": 1, "SPEECH": 1, "READ": 1, "MONEY": 2})
    assert (prepared.presence, prepared.minutes, prepared.ratio) == ("preparation", 85, 3)


def test_a_step_card_is_prepared_and_the_call_comes_in_the_middle() -> None:
    card, call = planned({"MEMORY": 2}).visits
    assert (card.presence, card.minutes) == ("preparation", 10)
    assert (call.presence, call.minutes, call.earliest, call.latest) == ("remote", 5, 45, 130)


def test_filters_limit_the_task_and_need_no_coach() -> None:
    made = planned({"SENSE": 3, "BODY": 3, "READ": 3}, times=3)
    assert made.limits == {"noise": 1, "physical": 1, "literacy": 0}
    assert (made.visits, made.checklist) == ((), ())
    assert set(made.limits) < set(DEMANDS)


def test_what_fades_under_five_minutes_is_a_line_to_check() -> None:
    made = planned({"START": 1, "TIME": 1, "SAFE": 3}, times=1)
    assert made.checklist == ("START 1", "TIME 1")
    assert [visit.minutes for visit in made.visits] == [50]


def test_meeting_at_the_door_fades_towards_the_start() -> None:
    visit = only_visit({"START": 2, "SAFE": 2}, times=1)
    assert (visit.earliest, visit.minutes) == (-15, 30)


def test_the_same_coach_is_asked_for_only_where_safety_needs_it() -> None:
    assert only_visit({"SAFE": 3, "START": 2}).same_coach
    assert not only_visit({"SAFE": 2, "START": 3}).same_coach


def test_a_new_site_and_help_in_shaping_are_visits_of_the_order_shared_by_all() -> None:
    made = plan(
        {"BODY": 2},
        gig_minutes=120,
        gigs_at_site=0,
        knows_task=True,
        site_is_new=True,
        asks_for_shaping=True,
    )
    order, own = sorted(made.visits, key=lambda visit: -visit.ratio)
    assert (order.actions, order.minutes, order.ratio) == (("SITE", "SHAPE"), 90, 200)
    assert (own.actions, own.minutes, own.ratio) == (("BODY 2",), 30, 3)


@pytest.mark.parametrize(
    ("needs", "minutes", "times", "beside"),
    [
        ({}, WHOLE, 0, [(("GROUP",), 0, 30, 200)]),
        # It is the order's: it does not fade, and is no longer than the gig.
        ({}, WHOLE, 4, [(("GROUP",), 0, 30, 200)]),
        ({}, 20, 0, [(("GROUP",), 0, 20, 200)]),
        # Presence is shared: the door and the first half hour are one visit, for three at most.
        ({"START": 2}, WHOLE, 0, [(("START 2", "GROUP"), -30, 60, 3)]),
        ({"START": 2}, WHOLE, 1, [(("START 2", "GROUP"), -15, 45, 3)]),
        ({"INSTR": 2}, WHOLE, 0, [(("INSTR 2", "GROUP"), 0, 45, 3)]),
        ({"SOCIAL": 2}, WHOLE, 0, [(("SOCIAL 2", "GROUP"), 0, 30, 3)]),
        # At level three the coach is there for this person alone.
        ({"START": 3}, WHOLE, 0, [(("START 3", "GROUP"), 0, 60, 1)]),
        ({"SPEECH": 3}, WHOLE, 0, [(("GROUP", "SPEECH 3"), 0, WHOLE, 1)]),
        ({"PACE": 3}, WHOLE, 0, [(("GROUP",), 0, 30, 200), (("PACE 3",), 30, 60, 1)]),
        ({"PACE": 3}, 60, 0, [(("GROUP", "PACE 3"), 0, 60, 1)]),
        # Calls and desk work are nobody's presence.
        ({"CALM": 1}, WHOLE, 0, [(("GROUP",), 0, 30, 200)]),
    ],
)
def test_a_group_has_an_instructor_for_the_first_half_hour(
    needs: Mapping[str, int],
    minutes: int,
    times: int,
    beside: list[tuple[tuple[str, ...], int, int, int]],
) -> None:
    found = planned(needs, minutes, times=times, group=True).visits
    there = [v for v in found if v.presence == "present"]
    assert [(v.actions, v.earliest, v.minutes, v.ratio) for v in there] == beside
    assert planned(needs, minutes, times=times).minutes <= sum(v.minutes for v in found)


def test_short_notice_lets_a_visit_come_on_the_same_day() -> None:
    made = plan(
        {"SENSE": 2},
        gig_minutes=120,
        gigs_at_site=0,
        knows_task=False,
        site_is_new=False,
        asks_for_shaping=False,
        short_notice=True,
    )
    assert made.visits[0].latest == -60 - 45


def test_a_call_after_a_friday_gig_may_wait_for_monday() -> None:
    made = plan(
        {"AFTER": 2},
        gig_minutes=120,
        gigs_at_site=0,
        knows_task=False,
        site_is_new=False,
        asks_for_shaping=False,
        days_to_next_workday=3,
    )
    assert made.visits[0].latest == 3 * DAY


def test_no_needs_need_nobody() -> None:
    assert planned({}) == planned({"START": 0}) == SupportPlan((), (), {})


def test_the_plan_does_not_depend_on_the_order_of_the_needs() -> None:
    needs = {"START": 2, "CALM": 2, "BODY": 2, "INSTR": 1}
    assert planned(needs) == planned(dict(reversed(needs.items())))


@pytest.mark.parametrize("needs", [{"DIAGNOSIS": 1}, {"START": 4}])
def test_an_unknown_need_or_level_stops(needs: Mapping[str, int]) -> None:
    with pytest.raises(KeyError):
        planned(needs)


@pytest.mark.parametrize(
    ("minutes", "factor", "left"),
    [(15, 1.0, 15), (10, 0.5, 5), (9, 0.5, 0), (45, 0.8, 40), (30, 0.9, 30), (10, 0.25, 0)],
)
def test_fading_rounds_up_to_five(minutes: int, factor: float, left: int) -> None:
    assert faded(minutes, factor) == left


def test_a_new_task_at_a_known_site_halves_the_fading() -> None:
    assert fading(2, 0, knows_task=True) == 1.0
    assert fading(2, 1, knows_task=True) == 0.5
    assert fading(2, 9, knows_task=False) == 0.75


def test_every_action_has_words() -> None:
    assert label("START 2") == "meeting at the door"
    assert label("SHAPE") == "shaping the task together"
    assert all(label(f"{need} {level}") for need, level in ACTIONS)


@given(
    needs=st.dictionaries(st.sampled_from(sorted(NEEDS)), st.integers(0, 3)),
    minutes=st.integers(2, 32).map(lambda steps: steps * 15),
    times=st.integers(0, 3),
    knows=st.booleans(),
    group=st.booleans(),
)
def test_any_plan_can_be_booked(
    needs: Mapping[str, int], minutes: int, times: int, *, knows: bool, group: bool
) -> None:
    made = plan(
        needs,
        gig_minutes=minutes,
        gigs_at_site=times,
        knows_task=knows,
        site_is_new=times == 0,
        asks_for_shaping=knows,
        is_group=group,
    )
    for visit in made.visits:
        assert visit.earliest <= visit.latest
        assert 5 <= visit.minutes <= 12 * 60
        assert visit.actions
    fixed = [v for v in made.visits if v.presence == "present" and v.earliest == v.latest]
    assert len([v for v in fixed if v.anchor == "start"]) <= 2
    named = {action for visit in made.visits for action in visit.actions} | set(made.checklist)
    filters = {code for code, level in needs.items() if level and ACTIONS[code, level].limit}
    wanted = {f"{code} {level}" for code, level in needs.items() if level and code not in filters}
    assert wanted <= named
    assert ("GROUP" in named) == group
    assert len(made.limits) == len(filters)


@given(
    needs=st.dictionaries(st.sampled_from(sorted(NEEDS)), st.integers(1, 3)),
    minutes=st.sampled_from([60, 120, 180, 480]),
    group=st.booleans(),
)
def test_nobody_is_asked_to_be_there_twice_at_once(
    needs: Mapping[str, int], minutes: int, *, group: bool
) -> None:
    beside = [
        visit
        for visit in planned(needs, minutes, group=group).visits
        if visit.presence == "present" and visit.anchor == "start" and visit.earliest > -DAY
    ]
    for first, second in pairwise(beside):
        assert first.earliest + first.minutes <= second.earliest


@given(
    needs=st.dictionaries(st.sampled_from(sorted(NEEDS)), st.integers(1, 3)),
    minutes=st.sampled_from([60, 120, 180, 480]),
)
def test_support_never_grows_with_experience(needs: Mapping[str, int], minutes: int) -> None:
    assert planned(needs, minutes, times=1).minutes <= planned(needs, minutes).minutes
