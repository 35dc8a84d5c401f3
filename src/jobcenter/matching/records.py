"""One record per order, client and coach: how the database, tests and people write a problem down.

Every index counts from 0 in the caller's own lists. `columns.build` lays the records out as a
`Problem`; what the fields mean in full stands at the columns in `problem.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobcenter.matching.problem import FOREVER, NOBODY, PRESENT, Stood

Span = tuple[int, int]
Points = Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNeed:
    """One visit of a support plan; `earliest` and `latest` bound the minute at which it begins."""

    earliest: int
    latest: int
    minutes: int
    presence: int = PRESENT
    from_end: bool = False
    ratio: int = 1
    same_coach: int = 0
    label: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A live gig or activity of a client, or a visit or meeting of a coach."""

    begin: int
    end: int
    place: int = NOBODY
    buffer: int = 0
    gig: bool = False
    order: int = NOBODY
    room: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One permitted start, with what the pay there counts as: (cents, period) per kind of limit."""

    minute: int
    pay: tuple[tuple[int, int], ...] = ()
    time_class: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order with open places."""

    starts: tuple[Start, ...]
    minutes: int
    place: int
    places: int = 1
    chosen: int | None = None
    """The minute that a taken place fixed."""
    demands: tuple[int, ...] = ()
    outdoors: bool = False
    qualifications: frozenset[int] = frozenset()
    counted: frozenset[int] = frozenset()
    """Qualifications that are needed from so much of this work on."""
    languages: frozenset[int] = frozenset()
    step_free: bool = True
    site: int = 0
    party: int = 0
    task: int = 0
    region: int = NOBODY
    priority: int = 0
    group: bool = False
    buffer: int = 0
    asked: frozenset[int] = frozenset()
    picked: Mapping[int, tuple[int, tuple[Stood, ...]]] = field(default_factory=dict)
    """The last proposals' picks for places still open: client to start and visits."""
    profile: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A person; maps go from a task, site, party … to points."""

    home: int
    unit: int = 0
    region: int = NOBODY
    limits: tuple[int, ...] = ()
    outdoors: bool = True
    qualifications: Mapping[int, int] | None = None
    """Qualification to the minute until which it is valid."""
    languages: frozenset[int] = frozenset()
    needs_step_free: bool = False
    trip_limit: int = FOREVER
    free: tuple[Span, ...] = ()
    busy: tuple[Busy, ...] = ()
    week_minutes: tuple[int, ...] = ()
    """Left per week of the calendar; weeks that are not given are unlimited."""
    week_gigs: tuple[int, ...] = ()
    ceilings: tuple[tuple[int, int, int], ...] = ()
    """(kind, period, cents left)."""
    no_tasks: frozenset[int] = frozenset()
    no_sites: frozenset[int] = frozenset()
    no_parties: frozenset[int] = frozenset()
    likes_tasks: Points | None = None
    likes_sites: Points | None = None
    likes_parties: Points | None = None
    likes_times: Points | None = None
    strengths: Points | None = None
    knows_sites: frozenset[int] = frozenset()
    knows_tasks: frozenset[int] = frozenset()
    days_since_offer: int = 0
    days_since_gig: int = 0
    gigs_90: int = 0
    offers_90: int = 0
    tie: int = 0
    coach: int = NOBODY
    rest_days: int = 0
    one_new: bool = False
    practised: frozenset[int] = frozenset()
    dues: tuple[tuple[int, int, int], ...] = ()
    """(qualification, begin, end): when it is needed for its work, asked for or not."""
    undecided: tuple[Span, ...] = ()
    """When no coach visit may end."""
    profile: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """A coach of one unit."""

    unit: int = 0
    languages: frozenset[int] = frozenset()
    base: int = NOBODY
    shifts: tuple[Span, ...] = ()
    busy: tuple[Busy, ...] = ()


Plans = Mapping[tuple[int, int], tuple[VisitNeed, ...]]
"""The visits of each (client profile, order profile), or of each (client, order)."""
