"""Facts become columns: who is where in the problem, and what of them counts."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from jobcenter.effects import Rule
from jobcenter.matching.diary import Diary, Roads, Visit
from jobcenter.matching.loading.facts import (
    BenefitFact,
    CoachFact,
    Details,
    Facts,
    GigFact,
    HistoryFact,
    VisitFact,
    WishFact,
)
from jobcenter.matching.loading.hours import HoursFact
from jobcenter.matching.loading.layout import Laid, lay_out, weights_of
from jobcenter.matching.loading.numbering import Numbers
from jobcenter.matching.problem import NOBODY
from jobcenter.matching.terms import Weights
from jobcenter.travel import metres, trip_minutes
from tests.cast import MONDAY, THIS_YEAR
from tests.matching import folk
from tests.matching.folk import TUESDAY_TEN

HOUR = timedelta(hours=1)


def stay(
    coach: str = "kim", *, order: str = "order", room: int = 0, call: bool = False
) -> VisitFact:
    """Return a visit around the gig's start."""
    place = None if call else folk.SITE
    return VisitFact(
        folk.key(coach), folk.key(order), TUESDAY_TEN, TUESDAY_TEN + HOUR, place, "OPEN", room
    )


def with_visits(*visits: VisitFact) -> Laid:
    facts = folk.world(folk.order(), clients=(folk.client(),), coaches=(folk.coach(),))
    return lay_out(replace(facts, visits=visits))


def only(details_: Details) -> Laid:
    return lay_out(folk.world(folk.order(), clients=(folk.client(details=details_),)))


def worked(begin_days: int, *, hours: int = 3, name: str = "aino") -> GigFact:
    begin = TUESDAY_TEN + timedelta(days=begin_days)
    return GigFact(
        folk.key("other"), folk.key(name), begin, begin + hours * HOUR, folk.SITE, "PARTNER"
    )


def test_numbers_are_given_in_the_order_of_meeting() -> None:
    numbers: Numbers[str] = Numbers(["b", "a"])
    assert (numbers["b"], numbers["a"], numbers["c"]) == (0, 1, 2)
    assert numbers.all(["a", "d"]) == {1, 3}
    assert (numbers.get("c"), numbers.get("unknown")) == (2, None)
    assert numbers.keys() == ("b", "a", "c", "d")


def test_trips_are_those_of_the_one_formula() -> None:
    laid = lay_out(folk.world(folk.order(), clients=(folk.client(),)))
    problem = laid.problem
    minutes = problem.travel.minutes(problem.clients.home, problem.orders.place)
    assert minutes.tolist() == [trip_minutes(metres(*folk.HOME), folk.SITE)]


def test_the_open_channel_asks_for_half_an_hour_more() -> None:
    partner = replace(folk.order("partner"), channel="PARTNER")
    orders = lay_out(folk.world(folk.order(), partner)).problem.orders
    assert orders.buffer.tolist() == [30, 0]


def test_pay_is_counted_to_the_cent_and_in_the_month_of_payment() -> None:
    order = replace(folk.order(), minutes=100)
    rule = Rule("pension", "MONTH", THIS_YEAR, None, "test", amount_cents=99_090)
    own = BenefitFact("pension", None, THIS_YEAR, None)
    client = folk.client(details=Details(hours=folk.WEEKDAYS, benefits=(own,)))
    problem = lay_out(folk.world(order, clients=(client,), rules=(rule,))).problem
    # 11.50 an hour for 100 minutes is 19.1666.
    assert problem.orders.cents.tolist() == [[1917, 0]]
    assert problem.clients.ceilings.cents.tolist() == [99_090]
    assert problem.clients.ceilings.period[0] == problem.orders.period[0, 0]


def test_a_visit_takes_its_coachs_time_at_the_place() -> None:
    busy = with_visits(stay()).problem.coaches.busy
    assert (busy.end - busy.begin).tolist() == [60]
    assert busy.place[0] != NOBODY
    assert busy.buffer.tolist() == [30]


def test_a_call_has_no_place_and_no_buffer() -> None:
    busy = with_visits(stay(call=True)).problem.coaches.busy
    assert (busy.place.tolist(), busy.buffer.tolist()) == ([NOBODY], [0])


def test_only_visits_of_these_orders_can_be_joined() -> None:
    here, elsewhere = (with_visits(stay(order=name, room=2)) for name in ("order", "other"))
    assert (here.problem.coaches.busy.order[0], here.problem.coaches.busy.room[0]) == (0, 2)
    assert elsewhere.problem.coaches.busy.order.tolist() == [NOBODY]
    assert elsewhere.problem.coaches.busy.room.tolist() == [0]


def test_visits_of_coaches_who_left_are_nobodys() -> None:
    assert with_visits(stay("somebody else")).problem.coaches.busy.begin.size == 0


def test_absence_is_cut_out_of_the_hours() -> None:
    kim = folk.coach()
    away = (TUESDAY_TEN - 2 * HOUR, TUESDAY_TEN)
    absent = CoachFact(kim.id, kim.unit_id, kim.languages, kim.hours, (away,))
    lengths = [
        laid.problem.coaches.shifts
        for laid in (lay_out(folk.world(folk.order(), coaches=(one,))) for one in (kim, absent))
    ]
    hours = [int((spans.end - spans.begin).sum()) for spans in lengths]
    assert hours[0] - hours[1] == 120


def test_a_coachs_hours_begin_and_end_at_their_place_of_the_unit() -> None:
    coaches = (folk.coach(), replace(folk.coach("outi"), base=folk.SITE))
    laid = lay_out(folk.world(folk.order(), clients=(folk.client(),), coaches=coaches))
    at = int(laid.problem.orders.place[0])
    assert laid.problem.coaches.base.tolist() == [NOBODY, at]


def test_who_sets_out_from_a_place_comes_back_to_it_in_the_evening_alone() -> None:
    """An absence between takes time and asks for no way; a coach without a place has less hours."""
    far = metres(60.248, 25.027)
    away = (TUESDAY_TEN - 1.5 * HOUR, TUESDAY_TEN - 0.75 * HOUR)
    later = (TUESDAY_TEN + 4.5 * HOUR, TUESDAY_TEN + 5.25 * HOUR)
    night = (TUESDAY_TEN + 20 * HOUR, TUESDAY_TEN + 22.5 * HOUR)
    kim = replace(folk.coach(), away=(away, later, night))
    facts = folk.world(folk.order(), coaches=(kim, replace(kim, id=folk.key("outi"), base=far)))
    laid = lay_out(facts)
    coaches, roads = laid.problem.coaches, Roads(laid.problem.travel)
    assert coaches.busy.offset.tolist() == [0, 0, 3]
    assert (coaches.busy.end - coaches.busy.begin).tolist() == [45, 45, 30]
    place, ten = int(laid.problem.orders.place[0]), laid.grid.minute(TUESDAY_TEN)
    assert 20 < roads.minutes(int(coaches.base[1]), place) < 45
    for coach in (0, 1):
        diary = Diary(coaches, coach, roads)
        for first, last in ((-45, -30), (240, 240)):
            assert diary.slot(Visit(ten + first, ten + last, 30, place, 0)) is not None
        assert diary.slot(Visit(ten - 60, ten - 50, 15, place, 0)) is None


def test_activity_is_where_the_unit_is_and_no_gig() -> None:
    laid = only(Details(hours=folk.WEEKDAYS, activity=(HoursFact(0, 480, 720),)))
    busy = laid.problem.clients.busy
    assert busy.begin.size == laid.grid.days // 7
    assert not busy.gig.any()
    assert len({int(place) for place in busy.place}) == 1


def test_gigs_use_up_their_own_weeks() -> None:
    facts: Facts = replace(
        folk.world(folk.order(), clients=(folk.client(),)),
        gigs=(worked(0), worked(1, hours=2), worked(7)),
    )
    clients = lay_out(facts).problem.clients
    assert clients.week_minutes.tolist() == [[1200, 900, 1020, 1200]]
    assert clients.week_gigs.tolist() == [[5, 3, 4, 5]]
    assert clients.busy.gig.tolist() == [True, True, True]


def test_wishes_about_things_that_nobody_orders_are_left_out() -> None:
    wishes = (
        WishFact("task", folk.key("task"), veto=False, points=2),
        WishFact("site", folk.key("site"), veto=True, points=0),
        WishFact("party", folk.key("another party"), veto=True, points=0),
    )
    clients = only(Details(hours=folk.WEEKDAYS, wishes=wishes)).problem.clients
    assert clients.likes_task.points.tolist() == [2]
    assert clients.no_site.keys.size == 1
    assert clients.no_party.keys.size == 0


def test_strengths_count_for_the_tasks_that_they_help_with() -> None:
    clients = only(
        Details(hours=folk.WEEKDAYS, strengths=frozenset({"punctual", "strong"}))
    ).problem.clients
    # Punctual helps with dishwashing; strong does not.
    assert clients.strengths.points.tolist() == [1]


def test_days_are_counted_from_now() -> None:
    history = HistoryFact(
        last_asked_at=MONDAY - timedelta(days=3, hours=1), last_gig_ended=None, gigs_90=2
    )
    clients = only(Details(hours=folk.WEEKDAYS, history=history)).problem.clients
    assert clients.days_since_offer.tolist() == [3]
    assert clients.days_since_gig.tolist() == [365]
    assert clients.gigs_90.tolist() == [2]


def test_the_usual_coach_is_known_by_number() -> None:
    def laid(coach_id: UUID | None) -> Laid:
        client = folk.client(
            details=Details(hours=folk.WEEKDAYS, history=HistoryFact(coach_id=coach_id))
        )
        coaches = (folk.coach("liisa"), folk.coach("kim"))
        return lay_out(folk.world(folk.order(), clients=(client,), coaches=coaches))

    assert laid(folk.key("kim")).problem.clients.coach.tolist() == [1]
    assert laid(folk.key("gone")).problem.clients.coach.tolist() == [NOBODY]
    assert laid(None).problem.clients.coach.tolist() == [NOBODY]


def test_ties_are_broken_the_same_way_every_time() -> None:
    clients = (folk.client("aino"), folk.client("eetu"))
    ties = [lay_out(folk.world(folk.order(), clients=clients)).problem.clients.tie for _ in "ab"]
    assert ties[0].tolist() == ties[1].tolist()
    assert ties[0][0] != ties[0][1]
    assert (ties[0] >= 0).all()


def test_languages_are_shared_between_orders_clients_and_coaches() -> None:
    order = replace(folk.order(), language="sv")
    swede = replace(folk.client("venla"), spoken=("sv", "fi"))
    problem = lay_out(
        folk.world(order, clients=(folk.client(), swede), coaches=(folk.coach(),))
    ).problem
    asked = problem.orders.languages[0]
    assert [bool((asked & spoken).any()) for spoken in problem.clients.languages] == [False, True]
    assert bool((problem.coaches.languages[0] & problem.clients.languages[0]).any())


def test_unknown_weights_are_ignored() -> None:
    weights = weights_of({"wish": 3, "colour": 9, "urgency_steps": 1})
    assert weights == replace(Weights(), wish=3)
