"""Support needs in work terms, and the plan of coach visits that they make for one gig.

The table says what a coach does for each need at each level, how long and when; `plan` turns a
person's needs into visits. Times are minutes from the start or the end of the gig. No names, no
clock: who can give a visit, and when exactly, is the matcher's business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Presence = Literal["present", "remote", "preparation"]
Anchor = Literal["start", "end"]
Demand = Literal["physical", "social", "cognitive", "time_pressure", "noise", "literacy"]
When = Literal[
    "days_before",  # on an earlier day
    "day_before",  # in the 24 hours before
    "morning",  # the same morning, before leaving home
    "to_start",  # ends exactly at the start
    "from_start",  # begins exactly at the start
    "mid_gig",  # around the middle of the gig
    "in_gig",  # anywhere in the gig
    "whole_gig",
    "next_workday",  # after the gig, at latest on the next working day
    "three_days",  # after the gig, within three days
]

# The order in which a demand vector is written everywhere.
DEMANDS: tuple[Demand, ...] = ("physical", "social", "cognitive", "time_pressure", "noise", "literacy")
LEVELS = (1, 2, 3)

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
# What is left of the first gig's minutes from the second gig at the same site on.
FADING = {1: 0.25, 2: 0.5, 3: 0.8}
STEP = 5


@dataclass(frozen=True, slots=True)
class Part:
    """Where in time one piece of an action lies, and whether the coach must be there."""

    presence: Presence
    when: When


PREPARE = Part("preparation", "days_before")
VISIT_BEFORE = Part("present", "days_before")
CALL_BEFORE = Part("remote", "day_before")
CALL_MORNING = Part("remote", "morning")
TO_START = Part("present", "to_start")
FROM_START = Part("present", "from_start")
CALL_MID = Part("remote", "mid_gig")
IN_GIG = Part("present", "in_gig")
WHOLE_GIG = Part("present", "whole_gig")
CALL_AFTER = Part("remote", "next_workday")
MEET_AFTER = Part("present", "three_days")


@dataclass(frozen=True, slots=True)
class Action:
    """What a coach does for one need at one level; without parts it is a line to check."""

    minutes: int
    says: str
    parts: tuple[Part, ...] = ()
    limit: tuple[Demand, int] | None = None
    same_coach: bool = False


NEEDS: Mapping[str, str] = {
    "ARRIVE": "Getting there",
    "START": "The start",
    "INSTR": "Understanding instructions",
    "MEMORY": "Remembering",
    "PACE": "Breaks and pace",
    "SOCIAL": "Social situations",
    "CALM": "Nervousness",
    "SENSE": "Noise and senses",
    "BODY": "Lifting and moving",
    "VISION": "Seeing",
    "HEARING": "Hearing",
    "SPEECH": "Ways of speaking",
    "READ": "Reading and numbers",
    "LANG": "Language",
    "TIME": "Keeping time",
    "MONEY": "Money and benefits",
    "SAFE": "Safety",
    "AFTER": "Feedback",
}

ACTIONS: Mapping[tuple[str, int], Action] = {
    ("ARRIVE", 1): Action(10, "a route sheet", (PREPARE,)),
    ("ARRIVE", 2): Action(60, "a practice trip", (VISIT_BEFORE,)),
    ("ARRIVE", 3): Action(90, "travelling together", (TO_START,)),
    ("START", 1): Action(10, "a phone call before", (CALL_BEFORE,)),
    ("START", 2): Action(30, "meeting at the door", (TO_START,)),
    ("START", 3): Action(60, "the first hour side by side", (FROM_START,)),
    ("INSTR", 1): Action(15, "a photo checklist", (PREPARE,)),
    ("INSTR", 2): Action(45, "showing the work once, then checking", (FROM_START,)),
    ("INSTR", 3): Action(0, "working step by step together", (WHOLE_GIG,)),
    ("MEMORY", 1): Action(5, "a reminder", (PREPARE,)),
    ("MEMORY", 2): Action(15, "a step card and a call during the gig", (PREPARE, CALL_MID)),
    ("MEMORY", 3): Action(30, "a visit during the gig", (IN_GIG,)),
    ("PACE", 1): Action(5, "a break plan", (PREPARE,)),
    ("PACE", 2): Action(15, "agreeing on the pace with the workplace", (PREPARE,)),
    ("PACE", 3): Action(60, "being there at the busiest time", (IN_GIG,)),
    ("SOCIAL", 1): Action(5, "a card of who is who", (PREPARE,)),
    ("SOCIAL", 2): Action(20, "introducing everybody", (FROM_START,)),
    ("SOCIAL", 3): Action(45, "speaking first with the team", (FROM_START,)),
    ("CALM", 1): Action(10, "a calming call before", (CALL_BEFORE,)),
    ("CALM", 2): Action(20, "a call before and after", (CALL_BEFORE, CALL_AFTER)),
    ("CALM", 3): Action(60, "a calm first hour side by side", (FROM_START,)),
    ("SENSE", 1): Action(5, "ear protection", (PREPARE,)),
    ("SENSE", 2): Action(45, "finding a quiet spot at the site", (VISIT_BEFORE,)),
    ("SENSE", 3): Action(0, "only quiet tasks", limit=("noise", 1)),
    ("BODY", 1): Action(10, "advice on tools", (PREPARE,)),
    ("BODY", 2): Action(30, "adjusting the workplace", (VISIT_BEFORE,)),
    ("BODY", 3): Action(0, "only light tasks", limit=("physical", 1)),
    ("VISION", 1): Action(10, "large print", (PREPARE,)),
    ("VISION", 2): Action(45, "walking through the site", (VISIT_BEFORE,)),
    ("VISION", 3): Action(0, "a guide all the time", (WHOLE_GIG,)),
    ("HEARING", 1): Action(5, "a written agreement", (PREPARE,)),
    ("HEARING", 2): Action(15, "speech to text", (PREPARE,)),
    ("HEARING", 3): Action(30, "booking an interpreter", (PREPARE,)),
    ("SPEECH", 1): Action(15, "picture cards", (PREPARE,)),
    ("SPEECH", 2): Action(45, "a coach there at the start", (FROM_START,)),
    ("SPEECH", 3): Action(0, "a coach there all the time", (WHOLE_GIG,)),
    ("READ", 1): Action(10, "easy text", (PREPARE,)),
    ("READ", 2): Action(10, "the text read aloud", (PREPARE,)),
    ("READ", 3): Action(0, "only tasks without reading", limit=("literacy", 0)),
    ("LANG", 1): Action(5, "text in the person's own language", (PREPARE,)),
    ("LANG", 2): Action(20, "a call through a phone interpreter", (CALL_BEFORE,)),
    ("LANG", 3): Action(30, "booking an interpreter to the site", (PREPARE,)),
    ("TIME", 1): Action(0, "reminders the day before and two hours before"),
    ("TIME", 2): Action(10, "a morning call", (CALL_MORNING,)),
    ("TIME", 3): Action(60, "fetching from home", (TO_START,)),
    ("MONEY", 1): Action(15, "reading the pay preview together", (PREPARE,)),
    ("MONEY", 2): Action(45, "an income check", (PREPARE,)),
    ("MONEY", 3): Action(60, "a talk with Kela or a social worker", (PREPARE,)),
    ("SAFE", 1): Action(0, "an introduction by the workplace"),
    ("SAFE", 2): Action(30, "a coach at the introduction", (FROM_START,)),
    ("SAFE", 3): Action(60, "the same coach each time", (FROM_START,), same_coach=True),
    ("AFTER", 1): Action(0, "feedback with one tap"),
    ("AFTER", 2): Action(10, "a call after", (CALL_AFTER,)),
    ("AFTER", 3): Action(30, "a meeting after", (MEET_AFTER,)),
}
# What an order may need by itself: a look at a new site, help in shaping the task.
SITE = Action(30, "getting to know the site", (VISIT_BEFORE,))
SHAPE = Action(60, "shaping the task together", (VISIT_BEFORE,))


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


def label(code: str) -> str:
    """Return the English words for an action code such as "START 2", to be translated."""
    if code in ("SITE", "SHAPE"):
        return (SITE if code == "SITE" else SHAPE).says
    need, level = code.split()
    return ACTIONS[need, int(level)].says


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
