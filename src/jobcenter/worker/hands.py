"""What the worker is given to work with: the database, the ways to people, the matcher."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from jobcenter.calendars.fetching import Way
from jobcenter.companies import CompanyRegister
from jobcenter.database import Database, OrganiserId, Who
from jobcenter.errors import JobcenterError
from jobcenter.orders.letters import Paths
from jobcenter.outgoing import LEASE
from jobcenter.schedules import SCHEDULES, Schedule
from jobcenter.senders import Gateway, MailServer, Ways, ways

# Repairs what changed, or runs a whole round; true when there was anything to do.
Match = Callable[[Database, Who, datetime], Awaitable[bool]]
# On which later day orders could be filled; those without such a day are left out.
Ahead = Callable[[Database, Who, Collection[UUID], datetime], Awaitable[Mapping[UUID, datetime]]]


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What the worker needs to know of the place where it runs."""

    organiser: OrganiserId
    base_url: str
    secret: str
    gateway: Gateway
    server: MailServer
    direct_dsn: str
    """The database past any pooler, under the acting login: for the queue, LISTEN and locks."""
    takes_replies: bool = False
    """Whether a text message may be answered with a text message."""
    lease: timedelta = LEASE
    heartbeat: timedelta = timedelta(seconds=10)
    beat: timedelta = timedelta(seconds=5)
    schedules: Sequence[Schedule] = SCHEDULES
    register: CompanyRegister = field(default_factory=CompanyRegister)
    """The public register of companies, where one is asked."""
    calendars: Way = field(default_factory=Way)
    """How coaches' own calendars are fetched."""
    at_once: int = 10
    """How many messages are on their way at the same time, all workers together."""


async def _no_match(_database: Database, _who: Who, _now: datetime) -> bool:
    return False


async def _no_dates(
    _database: Database, _who: Who, _order_ids: Collection[UUID], _now: datetime
) -> Mapping[UUID, datetime]:
    return {}


@dataclass(frozen=True, slots=True)
class Hands:
    """The worker's parts, put together once; a test may hand in others."""

    database: Database
    config: WorkerConfig
    ways: Ways
    repair: Match = _no_match
    whole: Match = _no_match
    ahead: Ahead = _no_dates

    @property
    def who(self) -> Who:
        """Who the worker is to the database."""
        return Who(self.config.organiser, "worker", name="worker")

    @property
    def paths(self) -> Paths:
        return Paths(self.config.base_url, self.config.secret)


def hands(
    database: Database,
    config: WorkerConfig,
    *,
    repair: Match = _no_match,
    whole: Match = _no_match,
    ahead: Ahead = _no_dates,
) -> Hands:
    """Put the worker's parts together."""
    return Hands(database, config, ways(config.gateway, config.server), repair, whole, ahead)


async def foreseen(step: Awaitable[object]) -> bool:
    """Take a step; False when somebody was faster, or a rule that protects a person said no."""
    try:
        await step
    except JobcenterError as refused:
        if refused.status >= 500:
            raise
        return False
    return True
