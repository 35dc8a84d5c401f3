"""The people and places of the made-up city, as the seeding itself knows them.

The rows of the database are written beside; these are what orders and gigs are made from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from uuid import UUID

from jobcenter.reference.parties import PartyProfile
from jobcenter.reference.tasks import TaskKind
from jobcenter.reference.units import UnitProfile
from jobcenter.times import DAY, HELSINKI
from jobcenter.travel import Metres, metres

Hours = Mapping[int, tuple[tuple[int, int], ...]]
"""Local minutes by weekday, 0 = Monday."""

REGION = "helsinki"
HISTORY_DAYS = 90
HORIZON_DAYS = 14


@dataclass(frozen=True, slots=True, eq=False)
class Size:
    """How much of a city: which units and how many parties, and orders a day."""

    name: str
    units: tuple[str, ...]
    parties: int
    workday_orders: int
    weekend_orders: int
    series: int


SMALL = Size("small", ("kaneli", "silta"), 14, 2, 1, 3)
CITY = Size("city", (), 60, 19, 7, 24)
SIZES = {size.name: size for size in (SMALL, CITY)}


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A kind of work with its row's id."""

    id: UUID
    kind: TaskKind


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A site of an ordering party."""

    id: UUID
    postcode: str
    metres: Metres
    step_free: bool
    known: bool


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """An ordering party, its sites and who orders there."""

    id: UUID
    profile: PartyProfile
    sites: tuple[Place, ...]
    new_site: Place | None
    """A place of work that opens on the city's first day."""
    edge_site: Place | None
    """A place of work far from most people."""
    far_site: Place | None
    """A place of work that hardly anybody reaches in time."""
    employer_id: UUID
    agreement_id: UUID | None
    orderer_id: UUID
    contact: tuple[str, str]
    verified: bool


@dataclass(frozen=True, slots=True, eq=False)
class CoachPerson:
    """A coach with the hours kept for gigs."""

    id: UUID
    hours: Hours
    away: tuple[date, ...]


@dataclass(frozen=True, slots=True, eq=False)
class House:
    """A unit with who works there."""

    id: UUID
    profile: UnitProfile
    postcode: str
    metres: Metres
    days: Mapping[int, tuple[int, int]]
    coordinator_id: UUID
    coaches: tuple[CoachPerson, ...]
    site_id: UUID | None = None
    """Another place of the unit, where some of its clients have their activity."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A client: what decides which work suits them, and when."""

    id: UUID
    house: House
    coach_id: UUID | None
    service: str
    home: tuple[float, float]
    limits: tuple[int, ...]
    outdoors: bool
    step_free: bool
    spoken: tuple[str, ...]
    travel_minutes: int
    week_minutes: int
    week_gigs: int
    cards: Mapping[str, date | None]
    """Qualifications with their last valid day."""
    free: Hours
    activity: Hours
    needs: Mapping[str, int]
    vetoes: frozenset[tuple[str, UUID]]
    """What they do not want: ("task" | "site" | "party", id)."""
    benefit: str
    own_limit_cents: int | None
    by_link: bool
    """Answers by the link on their phone; others are called."""

    @property
    def place(self) -> Metres:
        return metres(*self.home)


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """Everybody and every place there is, since the first day that was made up."""

    size: Size
    seed: int
    founded: date
    tasks: Mapping[int, Task]
    houses: tuple[House, ...]
    parties: tuple[Party, ...]
    people: tuple[Person, ...]


@cache
def moment(day: date, minute: int) -> datetime:
    """Return when a wall in Helsinki shows this minute of that day, in UTC."""
    hours, minutes = divmod(minute, 60)
    day += DAY * (hours // 24)
    return datetime.combine(day, time(hours % 24, minutes), HELSINKI).astimezone(UTC)
