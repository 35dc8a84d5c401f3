"""A coach's diary: where one more visit fits between those that are there.

Between two visits at places the way must fit beside the calls in between; a shift begins and ends
at the coach's base, if there is one.
"""

from jobcenter.matching.kernels import draft as d
from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled
from jobcenter.matching.kernels.draft import NONE, Draft, visit, write
from jobcenter.matching.kernels.scene import Scene, fact
from jobcenter.matching.kernels.way import way


@compiled
def stays(draft: Draft, coach: int) -> int:
    """How many visits are in the diary."""
    return int(draft.cells[draft.cells[d.DIARY_AT] + coach * (draft.cells[d.STAYS] + 1)])


@compiled
def stay(draft: Draft, coach: int, row: int) -> int:
    """The visit in a row of the diary."""
    return int(draft.cells[draft.cells[d.DIARY_AT] + coach * (draft.cells[d.STAYS] + 1) + 1 + row])


@compiled
def _apart(scene: Scene, here: int, there: int, buffer: int) -> int:
    road = way(scene, here, there)
    return road + buffer if road > 0 else 0


@compiled
def _calls(draft: Draft, coach: int, first: int, after: int, begin: int, end: int) -> int:
    """Minutes of the visits without a place in these rows, inside [begin, end]."""
    minutes = 0
    for row in range(first, after):
        one = stay(draft, coach, row)
        if visit(draft, one, d.V_BEGIN) >= begin and visit(draft, one, d.V_END) <= end:
            minutes += visit(draft, one, d.V_END) - visit(draft, one, d.V_BEGIN)
    return minutes


@compiled
def _placed_before(draft: Draft, coach: int, row: int) -> int:
    row -= 1
    while row >= 0 and visit(draft, stay(draft, coach, row), d.V_COME) < 0:
        row -= 1
    return row


@compiled
def _placed_after(draft: Draft, coach: int, row: int) -> int:
    count = stays(draft, coach)
    while row < count and visit(draft, stay(draft, coach, row), d.V_COME) < 0:
        row += 1
    return row


@compiled
def _room(
    draft: Draft, scene: Scene, coach: int, shift: int, gap: int,
    first: int, last: int, length: int, come: int, leave: int, buffer: int,
) -> tuple[int, int]:  # fmt: skip
    """Narrow [first, last] to what the ways before and after leave; empty when too tight."""
    begins, ends = fact(scene, s.SHIFTS, shift, 0), fact(scene, s.SHIFTS, shift, 1)
    base = fact(scene, s.COACHES, coach, s.Q_BASE)
    back, on = _placed_before(draft, coach, gap), _placed_after(draft, coach, gap)
    from_at, to_at = NONE, -NONE
    from_place, to_place, from_buffer, to_buffer = -1, -1, 0, 0
    if back >= 0:
        before = stay(draft, coach, back)
        from_at, from_place = visit(draft, before, d.V_END), visit(draft, before, d.V_LEAVE)
        from_buffer = visit(draft, before, d.V_BUFFER)
    if on < stays(draft, coach):
        after = stay(draft, coach, on)
        to_at, to_place = visit(draft, after, d.V_BEGIN), visit(draft, after, d.V_COME)
        to_buffer = visit(draft, after, d.V_BUFFER)
    if base >= 0 and from_at < begins:
        from_at, from_place, from_buffer = begins, base, 0
    if base >= 0 and to_at > ends:
        to_at, to_place, to_buffer = ends, base, 0
    calls = _calls(draft, coach, back + 1, gap, from_at, to_at)
    more = _calls(draft, coach, gap, on, from_at, to_at)
    if come < 0:
        if from_place >= 0 and to_place >= 0:
            road = _apart(scene, from_place, to_place, max(from_buffer, to_buffer))
            if to_at - from_at - calls - more - length < road:
                return 1, 0
        return first, last
    if from_place >= 0:
        road = _apart(scene, from_place, come, max(from_buffer, buffer))
        first = max(first, from_at + calls + road)
    if to_place >= 0:
        road = _apart(scene, leave, to_place, max(to_buffer, buffer))
        last = min(last, to_at - more - road - length)
    return first, last


@compiled
def _in_shift(
    draft: Draft, scene: Scene, coach: int, shift: int,
    low: int, high: int, length: int, come: int, leave: int, buffer: int,
) -> int:  # fmt: skip
    count, gap = stays(draft, coach), 0
    while gap < count and visit(draft, stay(draft, coach, gap), d.V_END) <= low:
        gap += 1
    while True:
        first = low
        if gap > 0:
            first = max(low, visit(draft, stay(draft, coach, gap - 1), d.V_END))
        if first > high:
            return NONE
        last = high
        if gap < count:
            last = min(high, visit(draft, stay(draft, coach, gap), d.V_BEGIN) - length)
        if first <= last:
            first, last = _room(
                draft, scene, coach, shift, gap, first, last, length, come, leave, buffer
            )
            if first <= last:
                return first
        if gap == count:
            return NONE
        gap += 1


@compiled
def slot(
    draft: Draft, scene: Scene, coach: int,
    low: int, high: int, length: int, come: int, leave: int, buffer: int,
) -> int:  # fmt: skip
    """The first minute of [low, high] at which the visit could begin, or NONE."""
    if stays(draft, coach) >= draft.cells[d.STAYS]:
        return NONE
    first, after = (
        fact(scene, s.COACHES, coach, s.SHIFT_FIRST),
        fact(scene, s.COACHES, coach, s.SHIFT_AFTER),
    )
    for shift in range(first, after):
        if fact(scene, s.SHIFTS, shift, 0) > high:
            return NONE
        begin = max(low, fact(scene, s.SHIFTS, shift, 0))
        end = min(high, fact(scene, s.SHIFTS, shift, 1) - length)
        if begin <= end:
            at = _in_shift(draft, scene, coach, shift, begin, end, length, come, leave, buffer)
            if at != NONE:
                return at
    return NONE


@compiled
def enter(draft: Draft, coach: int, which: int) -> None:
    """Write a visit into the diary, in order of time."""
    page = draft.cells[d.DIARY_AT] + coach * (draft.cells[d.STAYS] + 1)
    row, begin = stays(draft, coach), visit(draft, which, d.V_BEGIN)
    write(draft, page, row + 1)
    while row > 0 and visit(draft, stay(draft, coach, row - 1), d.V_BEGIN) > begin:
        write(draft, page + 1 + row, stay(draft, coach, row - 1))
        row -= 1
    write(draft, page + 1 + row, which)


@compiled
def strike(draft: Draft, coach: int, which: int) -> None:
    """Take a visit out of the diary."""
    page, count = draft.cells[d.DIARY_AT] + coach * (draft.cells[d.STAYS] + 1), stays(draft, coach)
    row = 0
    while stay(draft, coach, row) != which:
        row += 1
    for later in range(row + 1, count):
        write(draft, page + later, stay(draft, coach, later))
    write(draft, page, count - 1)
