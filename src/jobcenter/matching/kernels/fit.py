"""The hard rules about one person, one order and one start: yes or no, a small function each.

They stand in the order in which they are asked, the cheap and strict ones first.
"""

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.scene import Scene, fact, tall, term, wide
from jobcenter.matching.kernels.way import metres, way


@compiled
def mark(scene: Scene, person: int, kind: int, subject: int) -> int:
    """The points that a person has noted about a subject, 0 without a note."""
    low = fact(scene, s.PEOPLE, person, s.MARK_FIRST)
    high = fact(scene, s.PEOPLE, person, s.MARK_AFTER)
    while low < high:
        middle = (low + high) // 2
        here = fact(scene, s.MARKS, middle, s.M_KIND)
        if here < kind or (here == kind and fact(scene, s.MARKS, middle, s.M_SUBJECT) < subject):
            low = middle + 1
        else:
            high = middle
    if (
        low < fact(scene, s.PEOPLE, person, s.MARK_AFTER)
        and fact(scene, s.MARKS, low, s.M_KIND) == kind
    ):
        if fact(scene, s.MARKS, low, s.M_SUBJECT) == subject:
            return int(fact(scene, s.MARKS, low, s.M_POINTS))
    return 0


@compiled
def trip(scene: Scene, person: int, order: int) -> int:
    """The trip from home, in the unit in which the person's limit is given."""
    home, place = fact(scene, s.PEOPLE, person, s.HOME), fact(scene, s.ORDERS, order, s.PLACE)
    if term(scene, s.BY_DISTANCE):
        return metres(scene, home, place)
    return way(scene, home, place)


@compiled
def trip_is_short_enough(scene: Scene, person: int, order: int) -> bool:
    return bool(trip(scene, person, order) <= fact(scene, s.PEOPLE, person, s.REACH))


@compiled
def demands_are_within_limits(scene: Scene, person: int, order: int) -> bool:
    for which in range(wide(scene, s.DEMANDS)):
        if fact(scene, s.DEMANDS, order, which) > fact(scene, s.LIMITS, person, which):
            return False
    return True


@compiled
def place_is_left(scene: Scene, person: int, order: int) -> bool:
    return bool(fact(scene, s.ORDERS, order, s.PLACES) > 0)


@compiled
def region_is_the_same(scene: Scene, person: int, order: int) -> bool:
    home, work = fact(scene, s.PEOPLE, person, s.REGION), fact(scene, s.ORDERS, order, s.O_REGION)
    return bool(home < 0 or work < 0 or home == work)


@compiled
def outdoors_is_fine(scene: Scene, person: int, order: int) -> bool:
    return bool(
        fact(scene, s.PEOPLE, person, s.OUTDOORS) or not fact(scene, s.ORDERS, order, s.O_OUTDOORS)
    )


@compiled
def language_is_shared(scene: Scene, person: int, order: int) -> bool:
    asked = fact(scene, s.ORDERS, order, s.O_LANGUAGES)
    return bool(asked == 0 or asked & fact(scene, s.PEOPLE, person, s.LANGUAGES))


@compiled
def site_is_step_free(scene: Scene, person: int, order: int) -> bool:
    return bool(
        fact(scene, s.ORDERS, order, s.O_STEP_FREE)
        or not fact(scene, s.PEOPLE, person, s.STEP_FREE)
    )


@compiled
def task_is_welcome(scene: Scene, person: int, order: int) -> bool:
    return mark(scene, person, s.NO_TASK, fact(scene, s.ORDERS, order, s.TASK)) == 0


@compiled
def site_is_welcome(scene: Scene, person: int, order: int) -> bool:
    return mark(scene, person, s.NO_SITE, fact(scene, s.ORDERS, order, s.SITE)) == 0


@compiled
def orderer_is_welcome(scene: Scene, person: int, order: int) -> bool:
    return mark(scene, person, s.NO_PARTY, fact(scene, s.ORDERS, order, s.PARTY)) == 0


@compiled
def client_was_not_asked(scene: Scene, person: int, order: int) -> bool:
    for row in range(
        fact(scene, s.ORDERS, order, s.ASKED_FIRST), fact(scene, s.ORDERS, order, s.ASKED_AFTER)
    ):
        if fact(scene, s.ASKED, row, 0) == person:
            return False
    return True


@compiled
def not_all_is_new(scene: Scene, person: int, order: int) -> bool:
    if not fact(scene, s.PEOPLE, person, s.ONE_NEW):
        return True
    task = fact(scene, s.ORDERS, order, s.TASK)
    return bool(
        mark(scene, person, s.KNOWS_SITE, fact(scene, s.ORDERS, order, s.SITE))
        or mark(scene, person, s.KNOWS_TASK, task)
        or mark(scene, person, s.PRACTISED, task)
    )


@compiled
def start_is_in_time(scene: Scene, person: int, start: int) -> bool:
    return bool(
        fact(scene, s.STARTS, start, s.S_BEGIN) >= term(scene, s.NOW) + term(scene, s.NOTICE)
    )


@compiled
def start_is_the_chosen_one(scene: Scene, person: int, start: int) -> bool:
    chosen = fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.CHOSEN)
    return bool(chosen < 0 or chosen == start)


@compiled
def qualifications_are_valid(scene: Scene, person: int, start: int) -> bool:
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    end = fact(scene, s.STARTS, start, s.S_BEGIN) + fact(scene, s.ORDERS, order, s.MINUTES)
    for row in range(
        fact(scene, s.ORDERS, order, s.QUAL_FIRST), fact(scene, s.ORDERS, order, s.QUAL_AFTER)
    ):
        if fact(scene, s.VALID_UNTIL, person, fact(scene, s.QUALS, row, 0)) < end:
            return False
    return True


@compiled
def counters_have_room(scene: Scene, person: int, start: int) -> bool:
    """Whether no card is due for so much of a work, or the person holds it to the end."""
    order, begin = (
        fact(scene, s.STARTS, start, s.S_ORDER),
        fact(scene, s.STARTS, start, s.S_BEGIN),
    )
    end = begin + fact(scene, s.ORDERS, order, s.MINUTES)
    for row in range(
        fact(scene, s.PEOPLE, person, s.DUE_FIRST), fact(scene, s.PEOPLE, person, s.DUE_AFTER)
    ):
        card = fact(scene, s.DUES, row, s.U_CARD)
        due = fact(scene, s.DUES, row, s.U_BEGIN) <= begin < fact(scene, s.DUES, row, s.U_END)
        if due and fact(scene, s.COUNTED, order, card):
            if fact(scene, s.VALID_UNTIL, person, card) < end:
                return False
    return True


@compiled
def client_is_available(scene: Scene, person: int, start: int) -> bool:
    begin = fact(scene, s.STARTS, start, s.S_BEGIN)
    end = begin + fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
    for row in range(
        fact(scene, s.PEOPLE, person, s.FREE_FIRST), fact(scene, s.PEOPLE, person, s.FREE_AFTER)
    ):
        if fact(scene, s.FREE, row, 1) >= end:
            return bool(fact(scene, s.FREE, row, 0) <= begin)
    return False


@compiled
def _gap_is_long_enough(scene: Scene, row: int, start: int) -> bool:
    """Whether travel, buffer and slack fit between an engagement and a gig."""
    order = fact(scene, s.STARTS, start, s.S_ORDER)
    begin = fact(scene, s.STARTS, start, s.S_BEGIN)
    end = begin + fact(scene, s.ORDERS, order, s.MINUTES)
    between = max(
        begin - fact(scene, s.BUSY, row, s.B_END), fact(scene, s.BUSY, row, s.B_BEGIN) - end
    )
    road = way(scene, fact(scene, s.BUSY, row, s.B_PLACE), fact(scene, s.ORDERS, order, s.PLACE))
    if road > 0:
        road += max(fact(scene, s.BUSY, row, s.B_BUFFER), fact(scene, s.ORDERS, order, s.BUFFER))
    if fact(scene, s.BUSY, row, s.B_GIG):
        road += term(scene, s.BETWEEN)
    return bool(between >= road)


@compiled
def activity_is_not_missed(scene: Scene, person: int, start: int) -> bool:
    for row in range(
        fact(scene, s.PEOPLE, person, s.BUSY_FIRST), fact(scene, s.PEOPLE, person, s.BUSY_AFTER)
    ):
        if not fact(scene, s.BUSY, row, s.B_GIG) and not _gap_is_long_enough(scene, row, start):
            return False
    return True


@compiled
def client_is_free(scene: Scene, person: int, start: int) -> bool:
    for row in range(
        fact(scene, s.PEOPLE, person, s.BUSY_FIRST), fact(scene, s.PEOPLE, person, s.BUSY_AFTER)
    ):
        if fact(scene, s.BUSY, row, s.B_GIG) and not _gap_is_long_enough(scene, row, start):
            return False
    return True


@kernel
def day_of(scene: Scene, minute: int) -> int:
    """The local day in which a minute lies."""
    low, high = 0, tall(scene, s.DAY_STARTS) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if fact(scene, s.DAY_STARTS, middle, 0) <= minute:
            low = middle
        else:
            high = middle - 1
    return low


@compiled
def daily_rest_is_kept(scene: Scene, person: int, start: int) -> bool:
    begin = fact(scene, s.STARTS, start, s.S_BEGIN)
    end = begin + fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
    for row in range(
        fact(scene, s.PEOPLE, person, s.BUSY_FIRST), fact(scene, s.PEOPLE, person, s.BUSY_AFTER)
    ):
        first, last = fact(scene, s.BUSY, row, s.B_BEGIN), fact(scene, s.BUSY, row, s.B_END)
        if fact(scene, s.BUSY, row, s.B_GIG) and day_of(scene, first) != fact(
            scene, s.STARTS, start, s.S_DAY
        ):
            if max(begin - last, first - end) < term(scene, s.DAILY_REST):
                return False
    return True


@compiled
def rest_days_are_kept(scene: Scene, person: int, start: int) -> bool:
    """The person's own days without work between days with gigs."""
    wanted, day = fact(scene, s.PEOPLE, person, s.REST_DAYS), fact(scene, s.STARTS, start, s.S_DAY)
    if wanted == 0:
        return True
    for row in range(
        fact(scene, s.PEOPLE, person, s.BUSY_FIRST), fact(scene, s.PEOPLE, person, s.BUSY_AFTER)
    ):
        days = abs(day_of(scene, fact(scene, s.BUSY, row, s.B_BEGIN)) - day)
        if fact(scene, s.BUSY, row, s.B_GIG) and 0 < days <= wanted:
            return False
    return True


@compiled
def week_has_minutes_left(scene: Scene, person: int, start: int) -> bool:
    minutes = fact(scene, s.ORDERS, fact(scene, s.STARTS, start, s.S_ORDER), s.MINUTES)
    return bool(
        minutes <= fact(scene, s.WEEK_ROOM, person, 2 * fact(scene, s.STARTS, start, s.S_WEEK))
    )


@compiled
def week_has_gigs_left(scene: Scene, person: int, start: int) -> bool:
    return bool(
        fact(scene, s.WEEK_ROOM, person, 2 * fact(scene, s.STARTS, start, s.S_WEEK) + 1) > 0
    )


@compiled
def earnings_stay_under(scene: Scene, person: int, start: int) -> bool:
    first, after = (
        fact(scene, s.PEOPLE, person, s.CEILING_FIRST),
        fact(scene, s.PEOPLE, person, s.CEILING_AFTER),
    )
    for row in range(first, after):
        kind = fact(scene, s.CEILINGS, row, s.C_KIND)
        if fact(scene, s.PERIOD, start, kind) == fact(scene, s.CEILINGS, row, s.C_PERIOD):
            if fact(scene, s.CENTS, start, kind) > fact(scene, s.CEILINGS, row, s.C_CENTS):
                return False
    return True


@compiled
def order_suits(scene: Scene, person: int, order: int) -> bool:
    """All rules that do not depend on the start."""
    return (
        trip_is_short_enough(scene, person, order)
        and demands_are_within_limits(scene, person, order)
        and place_is_left(scene, person, order)
        and region_is_the_same(scene, person, order)
        and outdoors_is_fine(scene, person, order)
        and language_is_shared(scene, person, order)
        and site_is_step_free(scene, person, order)
        and task_is_welcome(scene, person, order)
        and site_is_welcome(scene, person, order)
        and orderer_is_welcome(scene, person, order)
        and client_was_not_asked(scene, person, order)
        and not_all_is_new(scene, person, order)
    )


@compiled
def start_suits(scene: Scene, person: int, start: int) -> bool:
    """All rules about the start, but the weekly rest (`rest.py`)."""
    return (
        qualifications_are_valid(scene, person, start)
        and counters_have_room(scene, person, start)
        and client_is_available(scene, person, start)
        and start_is_in_time(scene, person, start)
        and start_is_the_chosen_one(scene, person, start)
        and activity_is_not_missed(scene, person, start)
        and client_is_free(scene, person, start)
        and daily_rest_is_kept(scene, person, start)
        and rest_days_are_kept(scene, person, start)
        and week_has_minutes_left(scene, person, start)
        and week_has_gigs_left(scene, person, start)
        and earnings_stay_under(scene, person, start)
    )
