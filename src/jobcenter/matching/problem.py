"""What is to be decided, as columns of numbers.

Everyone and everything is an index. Times are whole minutes since an origin that the caller chose,
so a span of minutes is elapsed time even on the day the clocks change; local days and weeks come
as arrays. Nothing here knows a name, a clock or a database. `records.py` builds a `Problem` from
one record per order, client and coach; large callers may fill the columns themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from jobcenter.matching.terms import Terms, Weights

Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

NOBODY = -1
"""Stands wherever an index may be missing: no place, no named coach, no chosen start."""

FOREVER = 1 << 40
"""A minute that no calendar reaches: a qualification without an end, a ceiling that is not set."""

PRESENT, REMOTE, PREPARATION, ESCORT = 0, 1, 2, 3
"""How a visit is made: at the order's site, by phone, at the coach's desk (no place), or from the
client's home: an escorted visit begins earlier by the way to the site, and is longer by it."""


def ints(values: npt.ArrayLike) -> Ints:
    """The values as a column of whole numbers."""
    return np.asarray(values, dtype=np.int64)


def flags(values: npt.ArrayLike) -> Flags:
    """The values as a column of yes and no."""
    return np.asarray(values, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The grid of time. Days are local days and may have 1380, 1440 or 1500 minutes."""

    now: int
    """No new visit begins earlier."""
    day_starts: Ints
    """[days + 1] minute of each local midnight: whole weeks that cover every start and gig."""
    week: Ints
    """[days] index of the day's (ISO) week, counted from 0 without holes."""
    grid: int = 15
    """Minutes between the starts that near misses try."""
    planned_from: int = -FOREVER
    planned_until: int = FOREVER
    """A visit whose window reaches out of this time is not this plan's to give."""

    def day_of(self, minute: Ints) -> Ints:
        """The day index in which each minute lies."""
        return ints(np.searchsorted(self.day_starts, minute, side="right") - 1)

    def week_bounds(self, week: int) -> tuple[int, int]:
        """First minute of the week and of the next."""
        days = np.flatnonzero(self.week == week)
        return int(self.day_starts[days[0]]), int(self.day_starts[days[-1] + 1])


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes from door to door between places, for clients and coaches alike."""

    x: Ints
    """[places] metres east of any origin."""
    y: Ints
    """[places] metres north of it. Two places nearer than `zero_below` are the same site: 0 min."""
    start_minutes: int = 4
    minutes_per_km: int = 3
    matrix: Ints | None = None
    """[places, places] minutes from a routing service; when given it replaces the formula."""
    zero_below: int = 1
    """Metres under which two places are the same site."""
    by_distance: bool = False
    """Clients' trip limits are metres instead of minutes."""

    def minutes(self, here: Ints, there: Ints) -> Ints:
        """Travel minutes elementwise; 0 where either place is NOBODY."""
        if self.matrix is not None:
            found = self.matrix[here, there]
        else:
            metres = self.metres(here, there)
            moving = -(-metres * self.minutes_per_km // 1000)
            found = np.where(metres < self.zero_below, 0, self.start_minutes + moving)
        return ints(np.where((here < 0) | (there < 0), 0, found))

    def metres(self, here: Ints, there: Ints) -> Ints:
        """Whole metres as the crow flies, rounded down."""
        east, north = self.x[here] - self.x[there], self.y[here] - self.y[there]
        return ints(np.floor(np.sqrt(east * east + north * north)))


@dataclass(frozen=True, slots=True)
class Marks:
    """A sparse table of whole numbers by (owner, subject): vetoes, wishes, what is known."""

    width: int
    """Number of subjects; the key of a row is owner * width + subject."""
    keys: Ints
    """[n] sorted and unique."""
    points: Ints
    """[n] the number; 1 where only presence counts."""

    def look(self, owner: Ints, subject: Ints) -> Ints:
        """The number of each pair, 0 where there is no row or the subject is NOBODY."""
        if self.keys.size == 0:
            return np.zeros(np.broadcast(owner, subject).shape, np.int64)
        wanted = owner * self.width + subject
        at = np.minimum(np.searchsorted(self.keys, wanted), self.keys.size - 1)
        return ints(np.where((self.keys[at] == wanted) & (subject >= 0), self.points[at], 0))

    def has(self, owner: Ints, subject: Ints) -> Flags:
        """Whether each pair has a row."""
        return flags(self.look(owner, subject) != 0)


@dataclass(frozen=True, slots=True)
class Spans:
    """Half-open spans of minutes per owner: rows offset[i] to offset[i + 1] belong to owner i."""

    offset: Ints
    """[owners + 1]"""
    begin: Ints
    """[n] ascending within an owner; spans of one owner neither overlap nor touch."""
    end: Ints
    """[n]"""


@dataclass(frozen=True, slots=True)
class Engagements:
    """What owners are already bound to: live gigs, activity hours, booked or held visits, meetings.

    Frozen gigs are exactly these rows: a gig is an engagement of its client, and each of its
    visits one of its coach.
    """

    offset: Ints
    """[owners + 1]"""
    begin: Ints
    """[n] ascending within an owner."""
    end: Ints
    """[n]"""
    place: Ints
    """[n] where, or NOBODY when it has no place (a phone call)."""
    buffer: Ints
    """[n] minutes added to travel to or from it (30 for the OPEN channel), unless the same site."""
    gig: Flags
    """[n] a client's gig, which counts for daily and weekly rest; activity hours do not."""
    order: Ints
    """[n] the order that a coach's visit serves when that order is in this problem, else NOBODY."""
    room: Ints
    """[n] how many more clients of that order the coach's visit may take; 0 elsewhere."""


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Cents that a client may still earn, per kind of limit and period."""

    offset: Ints
    """[clients + 1]"""
    kind: Ints
    """[n] column of `Orders.cents` and `Orders.period`."""
    period: Ints
    """[n] index of the month or year within that kind."""
    cents: Ints
    """[n] what is left. A limit that the client chose to pass has no row."""


@dataclass(frozen=True, slots=True)
class Dues:
    """Times in which a client needs a card for its kind of work, asked for by the order or not."""

    offset: Ints
    """[clients + 1]"""
    card: Ints
    """[n] column of `Orders.counted` and `Clients.valid_until`."""
    begin: Ints
    """[n] the first minute of a gig's start for which so much was done that the card is needed."""
    end: Ints
    """[n]"""


class Stood(NamedTuple):
    """A visit of the last proposals: which of the template, whose, and from when."""

    need: int
    coach: int
    begin: int


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders with open places. S is the number of all their permitted starts together."""

    places: Ints
    """[orders] places still to fill."""
    minutes: Ints
    """[orders] elapsed length of the gig."""
    offset: Ints
    """[orders + 1] rows of `start` and the other S-columns that belong to each order."""
    start: Ints
    """[S] permitted starts in minutes, ascending within an order; a window gives all of its own."""
    chosen: Ints
    """[orders] row of `start` that a taken place already fixed, else NOBODY."""
    cents: Ints
    """[S, kinds] the client's pay of a gig at that start that counts towards each kind of limit."""
    period: Ints
    """[S, kinds] the month (of payment or of work) or year in which it counts."""
    time_class: Ints
    """[S] the caller's class of the time (morning, evening, weekend …) for wishes about time."""
    demands: Ints
    """[orders, demands]"""
    outdoors: Flags
    """[orders]"""
    qualifications: Flags
    """[orders, qualifications] all that are needed."""
    counted: Flags
    """[orders, qualifications] not asked for, but needed from so much of this work on."""
    languages: Flags
    """[orders, languages] any one of these will do; none at all means no language is asked."""
    step_free: Flags
    """[orders] the site can be used without steps."""
    place: Ints
    """[orders] index into `Travel`."""
    site: Ints
    """[orders]"""
    party: Ints
    """[orders]"""
    task: Ints
    """[orders]"""
    region: Ints
    """[orders] or NOBODY: anywhere."""
    priority: Ints
    """[orders] steps given by staff, 0 = ordinary; nearness of the start is added by the score."""
    group: Flags
    """[orders] visits may be shared between the order's clients, up to their ratios."""
    buffer: Ints
    """[orders] minutes besides travel (30 in the OPEN channel), unless the same site."""
    asked: Marks
    """(order, client) asked before or declined; never proposed again for this order."""
    picked: Marks
    """(order, client) the last proposals' pick for a place still open: its row of `start` + 1."""
    picked_visits: Mapping[tuple[int, int], tuple[Stood, ...]]
    """(order, client) the visits that this pick had, which it keeps where it can."""

    def of_start(self) -> Ints:
        """[S] the order to which each start belongs."""
        return np.repeat(np.arange(self.places.size), np.diff(self.offset))


@dataclass(frozen=True, slots=True)
class Clients:
    """People of the units. D, Q, L and W are the numbers of demands, qualifications, …, weeks."""

    unit: Ints
    """[clients]"""
    region: Ints
    """[clients] or NOBODY: anywhere."""
    limits: Ints
    """[clients, D] the highest level of each demand that is fine."""
    outdoors: Flags
    """[clients] outdoor work is fine."""
    valid_until: Ints
    """[clients, Q] minute until which held, FOREVER without an end, NOBODY when not held."""
    languages: Flags
    """[clients, L]"""
    needs_step_free: Flags
    """[clients]"""
    home: Ints
    """[clients] index into `Travel`."""
    trip_limit: Ints
    """[clients] longest trip from home, in minutes (or metres: `Travel.by_distance`)."""
    free: Spans
    """Weekly availability with its exceptions, resolved to spans; touching spans are merged."""
    busy: Engagements
    """Live gigs (`gig` true) and activity hours (`gig` false), these at their unit's place."""
    week_minutes: Ints
    """[clients, W] minutes of gigs still allowed in each week."""
    week_gigs: Ints
    """[clients, W] gigs still allowed in each week."""
    ceilings: Ceilings
    no_task: Marks
    """(client, task) vetoed."""
    no_site: Marks
    no_party: Marks
    likes_task: Marks
    """(client, task) wish in points, may be negative."""
    likes_site: Marks
    likes_party: Marks
    likes_time: Ints
    """[clients, time classes] wish in points."""
    strengths: Marks
    """(client, task) points."""
    knows_site: Marks
    knows_task: Marks
    days_since_offer: Ints
    """[clients] days since the last offer, whatever was answered; large when there was none."""
    days_since_gig: Ints
    """[clients] days since the last gig; breaks ties."""
    gigs_90: Ints
    """[clients] gigs in the last 90 days."""
    offers_90: Ints
    """[clients] offers in the last 90 days; the answers are not told."""
    tie: Ints
    """[clients] a stable hash, the last word between equals."""
    coach: Ints
    """[clients] the named coach for visits that ask for the same coach each time, else NOBODY."""
    rest_days: Ints
    """[clients] whole days without a gig that lie between two days with one."""
    one_new: Flags
    """[clients] never a new task and a new place at once."""
    practised: Marks
    """(client, task) known from elsewhere than from gigs."""
    dues: Dues
    undecided: Spans
    """Times in which no coach visit may end, because its decision is missing."""


@dataclass(frozen=True, slots=True)
class Coaches:
    """Coaches serve the clients of their own unit."""

    unit: Ints
    """[coaches]"""
    languages: Flags
    """[coaches, L] a coach and the client need one in common, if the client has any."""
    base: Ints
    """[coaches] where each shift begins and ends, or NOBODY: no trips from or to a base."""
    shifts: Spans
    """Hours for visits; must reach past the last start as far as the latest after-visit does."""
    busy: Engagements
    """Booked and held visits, and whatever else takes a coach's time inside a shift."""


@dataclass(frozen=True, slots=True)
class Support:
    """Which visits a client needs at an order. Template 0 is the empty list of visits."""

    client_profile: Ints
    """[clients] clients with the same needs share a profile."""
    order_profile: Ints
    """[orders] orders with the same length and conditions share a profile."""
    table: Ints
    """[client profiles, order profiles] template at a first gig on the site."""
    exceptions: Marks
    """(client, order) template + 1 where the table does not hold: the site or task is known."""
    offset: Ints
    """[templates + 1] rows of the columns below that belong to each template."""
    presence: Ints
    """[n] PRESENT, REMOTE, PREPARATION or ESCORT."""
    from_end: Flags
    """[n] earliest and latest count from the gig's end instead of its start."""
    earliest: Ints
    """[n] first minute at which the visit may begin, negative = before."""
    latest: Ints
    """[n] last minute at which it may begin; the same as earliest for a fixed time."""
    minutes: Ints
    """[n] its length."""
    ratio: Ints
    """[n] clients of one group order who may share it; 1 = one to one."""
    same_coach: Ints
    """[n] visits with the same number above 0 have one coach, the client's named one if any."""
    label: Ints
    """[n] the caller's number for the action(s), given back in explanations."""

    def template(self, client: Ints, order: Ints) -> Ints:
        """The template of each pair."""
        usual = self.table[self.client_profile[client], self.order_profile[order]]
        known = self.exceptions.look(client, order)
        return ints(np.where(known > 0, known - 1, usual))


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything one round, one repair or one list needs to know."""

    calendar: Calendar
    travel: Travel
    orders: Orders
    clients: Clients
    coaches: Coaches
    support: Support
    terms: Terms = field(default_factory=Terms)
    weights: Weights = field(default_factory=Weights)
