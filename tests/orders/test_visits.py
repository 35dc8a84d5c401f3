"""Where visits fit: hours, travel, windows, sharing by ratio, one coach, stepping back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from jobcenter.orders.visits import Busy, CoachTime, Placed, Request, Shared, place, window
from jobcenter.support import PlannedVisit, Presence
from jobcenter.travel import metres
from tests.cast import key

TEN = datetime(2026, 11, 24, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
KALLIO, MALMI = metres(60.183, 24.951), metres(60.248, 25.027)
KIM, LIISA = key("kim_coach"), key("liisa_coach")
AT_THE_DOOR = PlannedVisit(("START 2",), "present", "start", -30, -30, 30, 3)


def piece(
    *,
    presence: Presence = "present",
    earliest: int = -30,
    latest: int = -30,
    minutes: int = 30,
    ratio: int = 3,
    same_coach: bool = False,
    action: str = "START 2",
) -> PlannedVisit:
    return PlannedVisit((action,), presence, "start", earliest, latest, minutes, ratio, same_coach)


def coach(coach_id: UUID = KIM, *busy: Busy) -> CoachTime:
    return CoachTime(coach_id, ((TEN - 2 * HOUR, TEN + 6 * HOUR),), busy)


def other(*, room: int = 2, served: int = 1, group: bool = True, coach_id: UUID = KIM) -> Shared:
    begin = TEN - 30 * MINUTE
    return Shared(key("visit"), coach_id, "present", begin, TEN, room, served, group)


def request(
    *plan: PlannedVisit,
    coaches: Sequence[CoachTime] | None = None,
    shared: Sequence[Shared] = (),
    hints: Mapping[int, tuple[UUID, datetime]] | None = None,
) -> Request:
    return Request(
        plan=plan, start=TEN, end=TEN + 3 * HOUR, site=KALLIO, now=TEN - 24 * HOUR,
        coaches=[coach()] if coaches is None else coaches, shared=shared, hints=hints or {},
    )  # fmt: skip


def placed(asked: Request) -> list[Placed]:
    found = place(asked)
    assert not isinstance(found, int)
    return found


def test_a_fixed_time_is_kept() -> None:
    (found,) = placed(request(AT_THE_DOOR))
    assert (found.coach_id, found.begin, found.end) == (KIM, TEN - 30 * MINUTE, TEN)


def test_nobody_gives_what_lies_outside_their_hours() -> None:
    early = CoachTime(KIM, ((TEN - 20 * MINUTE, TEN + HOUR),), ())
    assert place(request(AT_THE_DOOR, coaches=[early])) == 0
    assert place(request(AT_THE_DOOR, coaches=[])) == 0


def test_the_way_from_the_visit_before_is_counted() -> None:
    far = Busy(TEN - 90 * MINUTE, TEN - 35 * MINUTE, MALMI)
    near = Busy(TEN - 90 * MINUTE, TEN - 35 * MINUTE, KALLIO)
    call = Busy(TEN - 90 * MINUTE, TEN - 30 * MINUTE, None)
    assert place(request(AT_THE_DOOR, coaches=[coach(KIM, far)])) == 0
    assert placed(request(AT_THE_DOOR, coaches=[coach(KIM, near)]))
    assert placed(request(AT_THE_DOOR, coaches=[coach(KIM, call)]))
    assert (
        placed(request(AT_THE_DOOR, coaches=[coach(KIM, far), coach(LIISA)]))[0].coach_id == LIISA
    )


def test_the_proposed_time_is_taken_when_it_still_fits() -> None:
    floating = piece(earliest=0, latest=120)
    wished = TEN + 47 * MINUTE
    assert placed(request(floating, hints={0: (KIM, wished)}))[0].begin == wished
    taken = coach(KIM, Busy(wished, wished + HOUR, KALLIO))
    assert placed(request(floating, coaches=[taken], hints={0: (KIM, wished)}))[0].begin == TEN


def test_nothing_is_placed_in_the_past() -> None:
    floating = piece(earliest=-120, latest=0)
    late = Request(
        plan=[floating], start=TEN, end=TEN + HOUR, site=KALLIO, now=TEN - 7 * MINUTE,
        coaches=[coach()],
    )  # fmt: skip
    assert window(late, 0) == (TEN - 7 * MINUTE, TEN)
    assert placed(late)[0].begin == TEN - 5 * MINUTE


def test_two_pieces_of_one_coach_do_not_overlap() -> None:
    call = piece(presence="remote", earliest=-60, latest=-30)
    found = placed(request(AT_THE_DOOR, call))
    assert sorted((one.begin, one.end) for one in found) == [
        (TEN - 60 * MINUTE, TEN - 30 * MINUTE), (TEN - 30 * MINUTE, TEN),
    ]  # fmt: skip


def test_pieces_that_ask_for_it_have_one_coach() -> None:
    after = piece(earliest=60, latest=60, same_coach=True)
    before = piece(same_coach=True)
    busy = coach(KIM, Busy(TEN + HOUR, TEN + 2 * HOUR, KALLIO))
    found = placed(request(before, after, coaches=[busy, coach(LIISA)]))
    assert {one.coach_id for one in found} == {LIISA}
    assert isinstance(place(request(before, after, coaches=[busy])), int)


def test_a_shared_visit_is_joined_while_everybodys_ratio_allows() -> None:
    full = coach(KIM, Busy(TEN - 30 * MINUTE, TEN, KALLIO))
    joined = placed(request(AT_THE_DOOR, coaches=[full], shared=[other()]))
    assert (joined[0].visit_id, joined[0].begin) == (key("visit"), TEN - 30 * MINUTE)
    none_left = request(AT_THE_DOOR, coaches=[full], shared=[other(room=0, served=3)])
    assert place(none_left) == 0
    # Five may share one who serves level 1, but this person needs a coach among three at most.
    three_there = request(AT_THE_DOOR, coaches=[full], shared=[other(room=2, served=3)])
    assert place(three_there) == 0
    alone = request(piece(ratio=1), coaches=[full], shared=[other()])
    assert place(alone) == 0


def test_only_what_the_order_needs_is_shared_outside_a_group() -> None:
    full = coach(KIM, Busy(TEN - 30 * MINUTE, TEN, KALLIO))
    others = [other(room=199, group=False)]
    assert place(request(AT_THE_DOOR, coaches=[full], shared=others)) == 0
    look = piece(ratio=200, action="SITE")
    assert placed(request(look, coaches=[full], shared=others))[0].visit_id == key("visit")


def test_a_shared_visit_must_be_long_enough_and_of_the_same_kind() -> None:
    full = coach(KIM, Busy(TEN - 30 * MINUTE, TEN, KALLIO))
    assert place(request(piece(minutes=60), coaches=[full], shared=[other()])) == 0
    assert place(request(piece(presence="remote"), coaches=[full], shared=[other()])) == 0


def test_the_coach_of_a_group_comes_sooner_or_stays_longer_where_they_can() -> None:
    """Somebody is met at the start; the next at the door, the last needs the first hour."""
    begun = Shared(key("visit"), KIM, "present", TEN, TEN + 30 * MINUTE, room=2, served=1)
    kim = coach(KIM, Busy(TEN, TEN + 30 * MINUTE, KALLIO))
    door, hour = piece(minutes=60), piece(earliest=0, latest=0, minutes=60)
    plain = request(door, coaches=[kim, coach(LIISA)], shared=[begun])
    assert placed(plain)[0].coach_id == LIISA
    joined = {
        asked.minutes + asked.earliest: placed(
            replace(request(asked, coaches=[kim, coach(LIISA)], shared=[begun]), may_stretch=True)
        )[0]
        for asked in (door, hour)
    }
    assert joined == {
        30: Placed(0, KIM, TEN - 30 * MINUTE, TEN + 30 * MINUTE, key("visit")),
        60: Placed(0, KIM, TEN, TEN + HOUR, key("visit")),
    }
    busy = coach(KIM, *kim.busy, Busy(TEN + 40 * MINUTE, TEN + HOUR, KALLIO))
    late = request(hour, coaches=[busy, coach(LIISA)], shared=[begun])
    assert placed(replace(late, may_stretch=True))[0].coach_id == LIISA
    apart = request(piece(earliest=60, latest=60), coaches=[kim], shared=[begun])
    assert placed(replace(apart, may_stretch=True))[0].visit_id is None


def test_the_visit_that_a_plan_lets_a_group_share_is_held_whole() -> None:
    """So that the next of the group, who is met at the door, finds their coach there."""
    start, begin = piece(earliest=0, latest=0, action="GROUP", ratio=200), TEN - 30 * MINUTE
    planned = replace(
        request(start, coaches=[coach(LIISA), coach()], hints={0: (KIM, begin)}),
        lasting={0: HOUR},
        may_stretch=True,
    )
    assert placed(planned) == [Placed(0, KIM, begin, TEN + 30 * MINUTE)]
    alone = [Placed(0, KIM, TEN, TEN + 30 * MINUTE)]
    assert placed(replace(planned, may_stretch=False)) == alone
    busy = coach(KIM, Busy(TEN - HOUR, TEN, KALLIO))
    assert placed(replace(planned, coaches=[coach(LIISA), busy])) == alone


def test_who_is_met_at_the_start_joins_a_coach_who_came_to_the_door() -> None:
    """The coach of another unit does not serve them."""
    there = Shared(key("visit"), KIM, "present", TEN - 30 * MINUTE, TEN + 30 * MINUTE, room=1)
    start = piece(earliest=0, latest=0, action="GROUP")
    taken = coach(KIM, Busy(there.begin, there.end, KALLIO))
    found = placed(request(start, coaches=[taken], shared=[there]))
    assert found == [Placed(0, KIM, there.begin, there.end, key("visit"))]
    assert placed(request(start, coaches=[coach(LIISA)], shared=[there]))[0].coach_id == LIISA


def test_joining_keeps_to_the_one_coach_too() -> None:
    before, door = piece(earliest=-90, latest=-90, same_coach=True), piece(same_coach=True)
    busy = [coach(KIM, Busy(TEN - 2 * HOUR, TEN - HOUR, KALLIO)), coach(LIISA)]
    found = placed(request(before, door, coaches=busy, shared=[other(coach_id=KIM)]))
    assert {one.coach_id for one in found} == {LIISA}


@pytest.mark.parametrize("anchor", ["start", "end"])
def test_the_first_piece_that_nobody_can_give_is_named(anchor: str) -> None:
    at_night = PlannedVisit(
        ("AFTER 3",), "present", "end" if anchor == "end" else "start", 600, 660, 30, 1
    )
    assert place(request(AT_THE_DOOR, at_night)) == 1
