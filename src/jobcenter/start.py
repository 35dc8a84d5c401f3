"""What every command begins with: where the database is, under which logins, with which secret."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy.exc import DBAPIError

from jobcenter import lifeline, logins, masterkeys
from jobcenter.database import Database, Face, OrganiserId, Who, connect
from jobcenter.embedded import postgres
from jobcenter.envelopes import Keyring
from jobcenter.errors import JobcenterError, Unreachable
from jobcenter.people import calendars, closing
from jobcenter.settings import Settings

# The login of whoever runs commands on the machine itself; it is nobody of the city's.
OPERATOR = "operator"


class NoOwner(JobcenterError):
    """This needs the owner's address of the database: give DATABASE_URL to this command alone."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The addresses of one database's logins, and the secrets; its owner's is not among them."""

    settings: Settings
    doors: Mapping[Face, str]
    secret: str
    ring: Keyring

    def open(self) -> Database:
        """Open the doors; nothing connects before it is asked something."""
        return connect(
            self.doors,
            self.ring,
            pool_size=self.settings.pool_size,
            wait=self.settings.wait_seconds,
            deadline=self.settings.statement_seconds,
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Database]:
        """Open the doors for a while."""
        database = self.open()
        try:
            yield database
        finally:
            await database.close()

    async def make_sure_of_keys(self) -> None:
        """Refuse to start beside keys that we cannot open; a database that is away is waited for.

        :raises KeyTrouble: when somebody's key is closed under a master key that is not here, or
            their number was kept with another index key
        """
        self.ring.look()
        try:
            async with self.opened() as database:
                names = await database.act(self.operator, closing.masters)
                masterkeys.refuse_unknown(self.ring, names)
                fits = await database.act(self.operator, closing.index_fits, self.ring)
                names = await database.act(self.operator, calendars.masters)
                masterkeys.refuse_unknown(self.ring, names)
        except (Unreachable, DBAPIError, asyncpg.PostgresError):
            # It is away, or not migrated yet: whoever asks for something hears that.
            return
        masterkeys.refuse_another_index(fits=fits)

    def owned_by(self, owner_dsn: str) -> "Owned":
        """Return the same with the owner's address."""
        return Owned(self.settings, self.doors, self.secret, self.ring, owner_dsn)

    @property
    def operator(self) -> Who:
        return Who(OrganiserId(self.settings.organiser), OPERATOR, name=OPERATOR)


@dataclass(frozen=True, slots=True)
class Owned(Ground):
    """The same with its owner's address, for what sets the database up."""

    owner_dsn: str


@contextmanager
def ground(settings: Settings | None = None) -> Iterator[Ground]:
    """Give the addresses; the embedded server runs as long as this is open, another just is."""
    lifeline.hold_on()
    settings = settings or Settings()
    if place := settings.place:
        yield _around(settings, place)
        return
    with postgres(settings.home) as owner_dsn:
        yield _around(settings, owner_dsn)


@contextmanager
def owned(settings: Settings | None = None) -> Iterator[Owned]:
    """Give the owner's address, too: to what sets the database up, never to what serves or works.

    :raises NoOwner: where only the place of the database is told
    """
    lifeline.hold_on()
    settings = settings or Settings()
    if settings.database_url:
        yield _around(settings, settings.database_url).owned_by(settings.database_url)
        return
    if settings.database_place:
        raise NoOwner
    with postgres(settings.home) as owner_dsn:
        yield _around(settings, owner_dsn).owned_by(owner_dsn)


def _around(settings: Settings, place: str) -> Ground:
    doors = logins.addresses(place, settings.home)
    secret = settings.secret or logins.secret(settings.home, "links")
    return Ground(settings, doors, secret, _keyring(settings))


def _keyring(settings: Settings) -> Keyring:
    """Return the master keys: those of the settings, else those made and kept under `home`."""
    if not settings.master_key:
        return masterkeys.keyring(settings.home)
    keys = [masterkeys.given(settings.master_key, "JOBCENTER_MASTER_KEY")]
    if settings.former_master_key:
        former = "JOBCENTER_FORMER_MASTER_KEY"
        keys.append(masterkeys.given(settings.former_master_key, former))
    given = settings.index_key
    return Keyring(
        lambda: tuple(keys),
        lambda: given.encode() if given else masterkeys.index_key(settings.home),
    )
