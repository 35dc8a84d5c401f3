"""A person's support needs become the coach visits of one gig: merged, shared, faded.

Times are minutes from the start or the end of the gig. No names, no clock: who can give a visit,
and when exactly, is the matcher's business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from jobcenter.support.needs import (
    ACTIONS,
    FROM_START,
    GROUP,
    IN_GIG,
    LEVELS,
    NEEDS,
    SHAPE,
    SITE,
    TO_START,
    VISIT_BEFORE,
    WHOLE_GIG,
    Action,
    Demand,
    Part,
    Presence,
    When,
)

Anchor = Literal["start", "end"]

DAY = 24 * 60
DAYS_AHEAD = 7 * DAY
# A visit "on an earlier day" ends at least this long before the gig starts ...
EVENING_BEFORE = 12 * 60
# ... or, when the gig is soon, at least this long before.
JUST_BEFORE = 60
MORNING = 4 * 60
LEAVE_HOME = 30
# How many clients one coach may serve in one visit at a group gig, by level of need.
RATIO = {1: 5, 2: 3, 3: 1}
# Visits that an order needs by itself serve everybody on it (an order has at most this many).
EVERYBODY = 200
# Which of those meet nobody: the place is looked at, the task is shaped.
MEETS_NOBODY = frozenset({"SITE", "SHAPE"})
# What is left of the first gig's minutes from the second gig at the same site on.
FADING = {1: 0.25, 2: 0.5, 3: 0.8}
STEP = 5


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit or call; it may start from `earliest` to `latest` minutes after its anchor."""

    actions: tuple[str, ...]
    presence: Presence
    anchor: Anchor
    earliest: int
    latest: int
    minutes: int
    ratio: int
    same_coach: bool = False


@dataclass(frozen=True, slots=True)
class SupportPlan:
    """What one person's gig needs: visits, lines to check, and the most that a task may ask."""

    visits: tuple[PlannedVisit, ...]
    checklist: tuple[str, ...]
    limits: Mapping[Demand, int]

    @property
    def minutes(self) -> int:
        """Return the coach time of the plan, without travel."""
        return sum(visit.minutes for visit in self.visits)


@dataclass(frozen=True, slots=True)
class _Piece:
    code: str
    part: Part
    minutes: int
    ratio: int
    same_coach: bool


@dataclass(frozen=True, slots=True)
class _Gig:
    minutes: int
    short_notice: bool
    days_to_next_workday: int


def plan(
    needs: Mapping[str, int],
    *,
    gig_minutes: int,
    gigs_at_site: int,
    knows_task: bool,
    site_is_new: bool,
    asks_for_shaping: bool,
    is_group: bool = False,
    short_notice: bool = False,
    days_to_next_workday: int = 1,
) -> SupportPlan:
    """Return the support of one person at one gig; an unknown need or level is a KeyError."""
    gig = _Gig(gig_minutes, short_notice, days_to_next_workday)
    factors = {level: fading(level, gigs_at_site, knows_task=knows_task) for level in LEVELS}
    wanted = [(code, needs[code]) for code in _in_order(needs) if needs[code]]
    pieces: list[_Piece] = []
    checklist: list[str] = []
    limits: dict[Demand, int] = {}
    for code, level in wanted:
        action = ACTIONS[code, level]
        made = _pieces(f"{code} {level}", level, action, factors[level], gig)
        pieces += made
        if action.limit:
            limits[action.limit[0]] = action.limit[1]
        elif not made:
            checklist.append(f"{code} {level}")
    if is_group:
        pieces.append(_instructor(gig))
    visits = [
        *_order_visits(gig, site_is_new=site_is_new, asks_for_shaping=asks_for_shaping),
        *_visits(pieces, gig),
    ]
    return SupportPlan(
        visits=tuple(sorted(visits, key=lambda v: (v.anchor == "end", v.earliest, v.presence))),
        checklist=tuple(checklist),
        limits=limits,
    )


def fading(level: int, gigs_at_site: int, *, knows_task: bool) -> float:
    """Return the share of the first gig's minutes; a new task at a known site fades half as much.

    Being there for the whole gig does not fade: a coach lowers the level instead.
    """
    if gigs_at_site == 0:
        return 1.0
    return FADING[level] if knows_task else (1 + FADING[level]) / 2


def faded(minutes: int, factor: float) -> int:
    """Return the minutes that are left, rounded up to five; nothing when under five."""
    # In hundredths, so that no float error turns 15.0 into 20.
    hundredths = round(minutes * factor * 100)
    return 0 if hundredths < STEP * 100 else -(-hundredths // (STEP * 100)) * STEP


def _in_order(needs: Mapping[str, int]) -> list[str]:
    """Return the codes in the table's order, unknown ones last (and soon a KeyError)."""
    rank = {code: number for number, code in enumerate(NEEDS)}
    return sorted(needs, key=lambda code: (rank.get(code, len(rank)), code))


def _pieces(code: str, level: int, action: Action, factor: float, gig: _Gig) -> list[_Piece]:
    shares = _shares(faded(action.minutes, factor), len(action.parts))
    pieces = []
    for part, share in zip(action.parts, shares, strict=True):
        minutes = gig.minutes if part is WHOLE_GIG else share
        if part in (FROM_START, IN_GIG):
            minutes = min(minutes, gig.minutes)
        # A call serves the one person who is called.
        ratio = 1 if part.presence == "remote" else RATIO[level]
        if minutes:
            pieces.append(_Piece(code, part, minutes, ratio, action.same_coach))
    return pieces


def _shares(minutes: int, parts: int) -> list[int]:
    """Split minutes over an action's parts in steps of five, the earlier part first."""
    steps = minutes // STEP
    return [STEP * (steps // parts + (number < steps % parts)) for number in range(parts)]


def _instructor(gig: _Gig) -> _Piece:
    """Return the order's own piece of a group: it does not fade, and joins what a person needs."""
    minutes = min(GROUP.minutes, gig.minutes)
    return _Piece("GROUP", FROM_START, minutes, EVERYBODY, same_coach=False)


def _order_visits(gig: _Gig, *, site_is_new: bool, asks_for_shaping: bool) -> list[PlannedVisit]:
    pieces = []
    if site_is_new:
        pieces.append(_Piece("SITE", VISIT_BEFORE, SITE.minutes, EVERYBODY, same_coach=False))
    if asks_for_shaping:
        pieces.append(_Piece("SHAPE", VISIT_BEFORE, SHAPE.minutes, EVERYBODY, same_coach=False))
    return _visits(pieces, gig)


def _visits(pieces: list[_Piece], gig: _Gig) -> list[PlannedVisit]:
    """Merge: presence around the gig is shared, everything else in one window is added up."""
    by_part: dict[Part, list[_Piece]] = {}
    for piece in pieces:
        by_part.setdefault(piece.part, []).append(piece)
    beside = [
        piece for part in (TO_START, FROM_START, WHOLE_GIG) for piece in by_part.pop(part, [])
    ]
    floating = by_part.pop(IN_GIG, [])
    added = [_added(part, together, gig) for part, together in by_part.items()]
    return added + _beside(beside, floating, gig)


def _added(part: Part, pieces: list[_Piece], gig: _Gig) -> PlannedVisit:
    minutes = sum(piece.minutes for piece in pieces)
    anchor, earliest, latest = _window(part.when, minutes, gig)
    return _visit(pieces, anchor, (earliest, latest), minutes)


def _window(when: When, minutes: int, gig: _Gig) -> tuple[Anchor, int, int]:
    """Return from what, and between which minutes, a visit of this length may start."""
    match when:
        case "days_before":
            ends = JUST_BEFORE if gig.short_notice else EVENING_BEFORE
            return "start", -DAYS_AHEAD, -ends - minutes
        case "day_before":
            return "start", -DAY, -minutes
        case "morning":
            return "start", -MORNING, -LEAVE_HOME - minutes
        case "mid_gig":
            earliest = gig.minutes // 4
            return "start", earliest, max(earliest, gig.minutes * 3 // 4 - minutes)
        case "next_workday":
            return "end", 0, gig.days_to_next_workday * DAY
        case "three_days":
            return "end", 0, max(3, gig.days_to_next_workday) * DAY
    raise KeyError(when)


def _beside(fixed: list[_Piece], floating: list[_Piece], gig: _Gig) -> list[PlannedVisit]:
    """Return presence from the door on: what overlaps or touches is one visit by one coach."""
    spans = sorted((_span(piece) for piece in fixed), key=lambda span: (span[0], -span[1]))
    until = max((end for _, end in spans), default=0)
    begins = min((begin for begin, _ in spans), default=0)
    visits: list[PlannedVisit] = []
    if floating:
        length = max(piece.minutes for piece in floating)
        latest = gig.minutes - length
        covered = max(until, 0) if spans else 0
        if spans and latest <= covered:
            # No room left for a visit of its own: the coach who is there stays to the end.
            fixed, until = [*fixed, *floating], gig.minutes
        else:
            visits.append(_visit(floating, "start", (covered, latest), length))
    if fixed:
        visits.append(_visit(fixed, "start", (begins, begins), until - begins))
    return visits


def _span(piece: _Piece) -> tuple[int, int]:
    return (-piece.minutes, 0) if piece.part is TO_START else (0, piece.minutes)


def _visit(
    pieces: Iterable[_Piece], anchor: Anchor, window: tuple[int, int], minutes: int
) -> PlannedVisit:
    together = list(pieces)
    return PlannedVisit(
        actions=tuple(piece.code for piece in together),
        presence=together[0].part.presence,
        anchor=anchor,
        earliest=window[0],
        latest=window[1],
        minutes=minutes,
        ratio=min(piece.ratio for piece in together),
        same_coach=any(piece.same_coach for piece in together),
    )
