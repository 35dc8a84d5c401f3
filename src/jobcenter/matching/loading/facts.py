"""What the matcher knows of the world: rows as read, with codes and numbers only.

No name, number, address or note of anybody is in here (SETTLED 25). `reading` fills these rows from
the tables, `layout` turns them into the columns of a `Problem`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from jobcenter.effects import Rule
from jobcenter.matching.loading.counters import CounterFacts
from jobcenter.matching.loading.hours import ExceptionFact, Grid, HoursFact
from jobcenter.people.decisions import CoachingRule
from jobcenter.reference.qualifications import COUNTED
from jobcenter.travel import Metres, metres


@dataclass(frozen=True, slots=True)
class SiteFact:
    """A place of work; `known` once somebody has confirmed it or worked there."""

    id: UUID
    place: Metres
    known: bool


@dataclass(frozen=True, slots=True)
class OrderFact:
    """An open order; `starts` are those still ahead, `taken` the places that a gig keeps."""

    id: UUID
    version: int
    party_id: UUID
    site_id: UUID
    task_id: UUID
    task_number: int
    channel: str
    demands: tuple[int, ...]
    outdoors: bool
    qualifications: tuple[str, ...]
    language: str
    step_free: bool
    places: int
    group_visit: bool
    minutes: int
    starts: tuple[datetime, ...]
    start: datetime | None
    hourly_cents: int
    asks_for_shaping: bool
    usual_cards: Sequence[str] = ()
    escalated: int = 0
    """How many steps of urgency nobody was found for; it comes forward by them."""
    short_notice: bool = False
    days_to_workday: int = 1
    """From the end of the gig, for the visits that come after it."""
    taken: frozenset[int] = frozenset()
    number: int = 0
    """What people call it by."""

    @property
    def counted(self) -> frozenset[str]:
        """Return the cards that the work counts towards and that the order does not ask for."""
        return (COUNTED & set(self.usual_cards)) - set(self.qualifications)

    @property
    def free_places(self) -> tuple[int, ...]:
        """Return the numbers of the places that nobody has."""
        return tuple(no for no in range(1, self.places + 1) if no not in self.taken)


@dataclass(frozen=True, slots=True)
class WishFact:
    """A liking or a veto for a task type, a site or a party; `kind` says which."""

    kind: str
    subject: UUID
    veto: bool
    points: int


@dataclass(frozen=True, slots=True)
class BenefitFact:
    """A benefit that a client gets, with their own limit if they have one."""

    benefit: str
    personal_limit_cents: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class EarnedFact:
    """What stands against a client's ceiling in one period; `passed_by_choice` lifts it."""

    benefit: str
    kind: str
    period: date
    cents: int
    passed_by_choice: bool


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A decision on a service: by which law, and its days."""

    kind: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class HistoryFact:
    """A client's past in numbers; sites and task types that they know by work done."""

    last_asked_at: datetime | None = None
    last_gig_ended: datetime | None = None
    gigs_90: int = 0
    offers_90: int = 0
    """Whatever was answered."""
    sites: frozenset[UUID] = frozenset()
    tasks: frozenset[UUID] = frozenset()
    coach_id: UUID | None = None
    """Who made their last visit that asks for the same coach each time."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a client can, wants, needs and has done."""

    needs: Mapping[str, int] = field(default_factory=dict)
    qualifications: Mapping[str, date | None] = field(default_factory=dict)
    strengths: frozenset[str] = frozenset()
    wishes: tuple[WishFact, ...] = ()
    hours: tuple[HoursFact, ...] = ()
    exceptions: tuple[ExceptionFact, ...] = ()
    activity: tuple[HoursFact, ...] = ()
    """At the unit, or another place of it: not on days when the unit is closed."""
    activity_elsewhere: tuple[HoursFact, ...] = ()
    practised: frozenset[UUID] = frozenset()
    benefits: tuple[BenefitFact, ...] = ()
    earned: tuple[EarnedFact, ...] = ()
    decisions: tuple[DecisionFact, ...] = ()
    history: HistoryFact = field(default_factory=HistoryFact)


@dataclass(frozen=True, slots=True)
class ClientFact:
    """A client of the pool, by codes."""

    id: UUID
    unit_id: UUID
    spoken: Sequence[str]
    lat: float
    lon: float
    limits: Sequence[int]
    outdoors: bool
    step_free: bool
    travel_minutes: int
    week_minutes: int
    week_gigs: int
    rest_days: int = 0
    one_new: bool = False
    legal_basis: str = ""
    site_lat: float | None = None
    """Where their activity is, when that is not where the unit itself is."""
    site_lon: float | None = None
    details: Details = field(default_factory=Details)

    @property
    def home(self) -> Metres:
        """Return where they set out from."""
        return metres(self.lat, self.lon)

    @property
    def site(self) -> Metres | None:
        """Return the other place of their unit where their activity is."""
        if self.site_lat is None or self.site_lon is None:
            return None
        return metres(self.site_lat, self.site_lon)


@dataclass(frozen=True, slots=True)
class CoachFact:
    """A coach with the hours kept for gigs, less absences and what their own calendar says."""

    id: UUID
    unit_id: UUID
    languages: Sequence[str]
    hours: tuple[HoursFact, ...]
    away: tuple[tuple[datetime, datetime], ...]
    base: Metres | None = None
    """Where their hours begin and end, for who sets out from a place of their unit."""


@dataclass(frozen=True, slots=True)
class GigFact:
    """A gig that takes a client's time; `pencilled` when it only stands in a proposal."""

    order_id: UUID
    client_id: UUID
    begin: datetime
    end: datetime
    place: Metres
    channel: str
    cents: int = 0
    pencilled: bool = False


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A coach's visit, held or booked (or pencilled); `room` is how many more it may serve."""

    coach_id: UUID
    order_id: UUID
    begin: datetime
    end: datetime
    place: Metres | None
    channel: str
    room: int = 0
    piece: int = 0
    """Which visit of the person's template it is, on a list."""

    def overlaps(self, other: "VisitFact") -> bool:
        """Whether one coach could not give both."""
        return self.begin < other.end and other.begin < self.end


@dataclass(frozen=True, slots=True)
class RowFact:
    """One person on a list, with the gig and the visits as proposed; `planned` is the pick."""

    rank: int
    state: str
    planned: bool
    gig: GigFact
    visits: tuple[VisitFact, ...]


@dataclass(frozen=True, slots=True)
class ListFact:
    """The current list of one place; `kept` when only what became impossible may change on it."""

    id: UUID
    order_id: UUID
    place_no: int
    kept: bool
    rows: tuple[RowFact, ...]

    @property
    def pick(self) -> RowFact | None:
        """Return whom the joint plan had for the place, if they can still be asked."""
        rows = (row for row in self.rows if row.planned and row.state == "waiting")
        return next(rows, None)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one round, one repair or one list of candidates needs to know."""

    now: datetime
    grid: Grid
    orders: tuple[OrderFact, ...]
    sites: Mapping[UUID, SiteFact]
    units: Mapping[UUID, Metres]
    clients: tuple[ClientFact, ...]
    coaches: tuple[CoachFact, ...]
    gigs: tuple[GigFact, ...]
    visits: tuple[VisitFact, ...]
    asked: Mapping[UUID, frozenset[UUID]]
    lists: tuple[ListFact, ...]
    rules: tuple[Rule, ...]
    weights: Mapping[str, int]
    counters: CounterFacts = field(default_factory=CounterFacts)
    coaching: Sequence[CoachingRule] = ()
    helps: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """The numbers of the kinds of work where each strength helps."""
    closed: Mapping[UUID, Sequence[tuple[datetime, datetime]]] = field(default_factory=dict)
    """When each unit is closed."""

    def only(self, order_ids: frozenset[UUID]) -> "Facts":
        """Return the same world with only these orders to be filled."""
        return replace(self, orders=tuple(o for o in self.orders if o.id in order_ids))

    def of_units(self, units: frozenset[UUID]) -> "Facts":
        """Return the same world with only the clients and coaches of these units."""
        return replace(
            self,
            clients=tuple(one for one in self.clients if one.unit_id in units),
            coaches=tuple(one for one in self.coaches if one.unit_id in units),
        )

    def lists_by_order(self) -> Mapping[UUID, Sequence[ListFact]]:
        """Return the current lists of each order that has any."""
        found: dict[UUID, list[ListFact]] = {}
        for one in self.lists:
            found.setdefault(one.order_id, []).append(one)
        return found

    def with_pencils(self) -> "Facts":
        """Return the world in which the joint plan's picks for all other orders already stand.

        A visit for which the coach's time has been taken since is not among them.
        """
        mine = {order.id for order in self.orders}
        rows = [one.pick for one in self.lists if one.order_id not in mine and one.pick is not None]
        held: dict[UUID, list[VisitFact]] = {}
        for visit in self.visits:
            held.setdefault(visit.coach_id, []).append(visit)
        pencils = (
            visit
            for row in rows
            for visit in row.visits
            if not any(visit.overlaps(other) for other in held.get(visit.coach_id, ()))
        )
        return replace(
            self,
            gigs=(*self.gigs, *(row.gig for row in rows)),
            visits=(*self.visits, *pencils),
        )
