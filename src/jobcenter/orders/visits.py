"""Where the coach visits of one gig fit: pure, for the transaction that assigns.

The matcher proposes times; between its reading and the assignment the world may have moved. Here
each piece of the plan gets a coach and a minute that are free now: a visit that can be shared at a
group gig first, then what was proposed, then whatever else fits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from jobcenter.support import MEETS_NOBODY, PlannedVisit
from jobcenter.travel import Metres, trip_minutes

STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Busy:
    """A time that is taken, and where; a call or desk work has no place."""

    begin: datetime
    end: datetime
    place: Metres | None


@dataclass(frozen=True, slots=True)
class CoachTime:
    """The hours a coach keeps for gigs, less absences, and what is already in them."""

    coach_id: UUID
    free: tuple[tuple[datetime, datetime], ...]
    busy: tuple[Busy, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A visit of the same order that has room for more clients, beside those it serves already."""

    visit_id: UUID
    coach_id: UUID
    presence: str
    begin: datetime
    end: datetime
    room: int
    served: int = 0
    group: bool = True
    """Whether it may serve a person's own needs too, not only what the order needs by itself."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of the plan with its coach and time; `visit_id` when it joins a shared visit."""

    piece: int
    coach_id: UUID
    begin: datetime
    end: datetime
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One gig's plan and all that placing it needs to know; times are aware UTC."""

    plan: Sequence[PlannedVisit]
    start: datetime
    end: datetime
    site: Metres
    now: datetime
    coaches: Sequence[CoachTime]
    shared: Sequence[Shared] = ()
    hints: Mapping[int, tuple[UUID, datetime]] = field(default_factory=dict)
    lasting: Mapping[int, timedelta] = field(default_factory=dict)
    """How long the hinted visits last: longer than the piece where others share them."""
    may_stretch: bool = False
    """Whether a coach who comes for others may come sooner or stay longer for this gig."""


def place(request: Request) -> list[Placed] | int:
    """Return every piece placed, or the number of the first piece that nobody can give."""
    order = sorted(range(len(request.plan)), key=lambda piece: _slack(request.plan[piece]))
    deepest = [0]
    placed = _search(request, order, (), deepest)
    return list(placed) if placed is not None else order[deepest[0]]


def window(request: Request, piece: int) -> tuple[datetime, datetime]:
    """Return the first and last minute at which a piece may begin, never in the past."""
    visit = request.plan[piece]
    anchor = request.start if visit.anchor == "start" else request.end
    earliest = anchor + timedelta(minutes=visit.earliest)
    return max(earliest, request.now), anchor + timedelta(minutes=visit.latest)


def _slack(visit: PlannedVisit) -> tuple[int, int]:
    return visit.latest - visit.earliest, -visit.minutes


def _search(
    request: Request, order: Sequence[int], placed: tuple[Placed, ...], deepest: list[int]
) -> tuple[Placed, ...] | None:
    """Try the pieces in turn and step back when one does not fit."""
    depth = len(placed)
    deepest[0] = max(deepest[0], min(depth, len(order) - 1)) if order else 0
    if depth == len(order):
        return placed
    for choice in _choices(request, order[depth], placed):
        found = _search(request, order, (*placed, choice), deepest)
        if found is not None:
            return found
    return None


def _choices(request: Request, piece: int, placed: tuple[Placed, ...]) -> Iterator[Placed]:
    for joined in _joined(request, piece, placed):
        if _same_coach_if_asked(request, piece, joined.coach_id, placed):
            yield joined
    hinted, at = request.hints.get(piece, (None, None))
    yield from _as_planned(request, piece, placed)
    for coach in sorted(request.coaches, key=lambda coach: coach.coach_id != hinted):
        if not _same_coach_if_asked(request, piece, coach.coach_id, placed):
            continue
        wished = at if coach.coach_id == hinted else None
        begin = _first_fit(request, piece, coach, placed, wished)
        if begin is not None:
            end = begin + timedelta(minutes=request.plan[piece].minutes)
            yield Placed(piece, coach.coach_id, begin, end)


def _joined(request: Request, piece: int, placed: tuple[Placed, ...]) -> Iterator[Placed]:
    """Find visits of the same order that this piece may share: first those long enough as is."""
    coaches = {coach.coach_id: coach for coach in request.coaches}
    longer = []
    for other in request.shared:
        coach = coaches.get(other.coach_id)
        # One visit meets one person once.
        twice = any(one.visit_id == other.visit_id for one in placed)
        if coach is None or twice or not _has_room(other, request.plan[piece]):
            continue
        begin, end = _together(request, piece, other)
        joined = Placed(piece, other.coach_id, begin, end, other.visit_id)
        if (begin, end) == (other.begin, other.end):
            yield joined
        elif request.may_stretch and _can_stretch(request, joined, other, coach, placed):
            longer.append(joined)
    yield from longer


def _as_planned(request: Request, piece: int, placed: tuple[Placed, ...]) -> Iterator[Placed]:
    """Find the whole visit of the plan, which others of the group will share."""
    coach_id, begin = request.hints.get(piece, (None, request.now))
    coach = next((one for one in request.coaches if one.coach_id == coach_id), None)
    visit, end = request.plan[piece], begin + request.lasting.get(piece, timedelta(0))
    if coach is None or not request.may_stretch or visit.ratio <= 1 or begin < request.now:
        return
    first, last = window(request, piece)
    covers = begin <= last and max(first, begin) + timedelta(minutes=visit.minutes) <= end
    taken = [*coach.busy, *_taken_by(request, coach.coach_id, placed)]
    place_ = request.site if visit.presence == "present" else None
    one_coach = _same_coach_if_asked(request, piece, coach.coach_id, placed)
    if covers and one_coach and _fits(coach, taken, begin, end - begin, place_):
        yield Placed(piece, coach.coach_id, begin, end)


def _has_room(other: Shared, visit: PlannedVisit) -> bool:
    allowed = other.group or set(visit.actions) <= MEETS_NOBODY
    room = visit.ratio > 1 and other.room > 0 and other.served < visit.ratio
    return allowed and room and other.presence == visit.presence


def _together(request: Request, piece: int, other: Shared) -> tuple[datetime, datetime]:
    """Return from when to when one coach is there for both."""
    first, last = window(request, piece)
    begin = max(first, min(other.begin, last))
    end = begin + timedelta(minutes=request.plan[piece].minutes)
    return min(begin, other.begin), max(end, other.end)


def _can_stretch(
    request: Request, joined: Placed, other: Shared, coach: CoachTime, placed: tuple[Placed, ...]
) -> bool:
    """Whether the times touch, so that nobody waits between, and the coach has the time."""
    length = timedelta(minutes=request.plan[joined.piece].minutes)
    if joined.end - joined.begin > length + (other.end - other.begin):
        return False
    taken = [
        busy
        for busy in (*coach.busy, *_taken_by(request, coach.coach_id, placed))
        if (busy.begin, busy.end) != (other.begin, other.end)
    ]
    place_ = request.site if other.presence == "present" else None
    return _fits(coach, taken, joined.begin, joined.end - joined.begin, place_)


def _same_coach_if_asked(
    request: Request, piece: int, coach_id: UUID, placed: tuple[Placed, ...]
) -> bool:
    if not request.plan[piece].same_coach:
        return True
    others = [p for p in placed if request.plan[p.piece].same_coach]
    return all(other.coach_id == coach_id for other in others)


def _first_fit(
    request: Request,
    piece: int,
    coach: CoachTime,
    placed: tuple[Placed, ...],
    wished: datetime | None,
) -> datetime | None:
    first, last = window(request, piece)
    length = timedelta(minutes=request.plan[piece].minutes)
    place_ = request.site if request.plan[piece].presence == "present" else None
    taken = [*coach.busy, *_taken_by(request, coach.coach_id, placed)]
    if wished and first <= wished <= last and _fits(coach, taken, wished, length, place_):
        return wished
    for begin in _grid(first, last, coach, length):
        if _fits(coach, taken, begin, length, place_):
            return begin
    return None


def _taken_by(request: Request, coach_id: UUID, placed: tuple[Placed, ...]) -> list[Busy]:
    return [
        Busy(p.begin, p.end, request.site if request.plan[p.piece].presence == "present" else None)
        for p in placed
        if p.coach_id == coach_id
    ]


def _grid(
    first: datetime, last: datetime, coach: CoachTime, length: timedelta
) -> Iterator[datetime]:
    """Every five minutes of the coach's hours within the window; a fixed time as it is."""
    if first == last:
        yield first
        return
    for begin, end in coach.free:
        at = max(begin, first)
        at += (datetime.min.replace(tzinfo=at.tzinfo) - at) % STEP
        while at <= min(last, end - length):
            yield at
            at += STEP


def _fits(
    coach: CoachTime,
    taken: Sequence[Busy],
    begin: datetime,
    length: timedelta,
    place_: Metres | None,
) -> bool:
    end = begin + length
    if not any(open_ <= begin and end <= close for open_, close in coach.free):
        return False
    return all(_apart(busy, begin, end, place_) for busy in taken)


def _apart(busy: Busy, begin: datetime, end: datetime, place_: Metres | None) -> bool:
    """Whether a coach has time to get from one to the other, whichever comes first."""
    trip = timedelta(0)
    if busy.place is not None and place_ is not None:
        trip = timedelta(minutes=trip_minutes(busy.place, place_))
    return busy.end + trip <= begin or end + trip <= busy.begin
