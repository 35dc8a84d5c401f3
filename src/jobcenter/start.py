"""What every command begins with: where the database is, under which logins, with which secret."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from jobcenter import lifeline, logins, masterkeys
from jobcenter.database import Database, Face, OrganiserId, Who, connect
from jobcenter.embedded import postgres
from jobcenter.envelopes import Keyring, key_of
from jobcenter.settings import Settings

# The login of whoever runs commands on the machine itself; it is nobody of the city's.
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Ground:
    """The addresses of one database: its owner's, for migrations, and those of the logins."""

    settings: Settings
    owner_dsn: str
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

    @property
    def operator(self) -> Who:
        return Who(OrganiserId(self.settings.organiser), OPERATOR, name=OPERATOR)


@contextmanager
def ground(settings: Settings | None = None) -> Iterator[Ground]:
    """Give the addresses; the embedded server runs as long as this is open, another just is."""
    lifeline.hold_on()
    settings = settings or Settings()
    if settings.database_url:
        yield _around(settings, settings.database_url)
        return
    with postgres(settings.home) as owner_dsn:
        yield _around(settings, owner_dsn)


def _around(settings: Settings, owner_dsn: str) -> Ground:
    doors = logins.addresses(owner_dsn, settings.home)
    secret = settings.secret or logins.secret(settings.home, "links")
    return Ground(settings, owner_dsn, doors, secret, _keyring(settings))


def _keyring(settings: Settings) -> Keyring:
    """Return the master keys: those of the settings, else those made and kept under `home`."""
    if settings.master_key is None:
        return masterkeys.keyring(settings.home)
    given = tuple(key for key in (settings.master_key, settings.former_master_key) if key)
    index = settings.index_key or logins.secret(settings.home, masterkeys.INDEX)
    return Keyring(lambda: tuple(key_of(text) for text in given), index.encode())
