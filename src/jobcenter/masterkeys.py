"""The keys that close each client's own key: kept under `home`, made at first use, and renewed."""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jobcenter.envelopes import Keyring, key_of
from jobcenter.errors import JobcenterError
from jobcenter.logins import secret

# Secrets that are kept under `home` where the settings do not give them.
MASTER = "master"
INDEX = "index"


class KeyTrouble(JobcenterError):
    """The master key is not the one that is needed. Nothing was changed."""


def keyring(home: Path) -> Keyring:
    """Return the master keys kept under `home`; only `begin` makes one where there is none."""

    def read() -> tuple[bytes, ...]:
        # First the newest: while it is renewed, the former is there before the newest changes.
        files = [home / "secrets" / MASTER, _former(home, MASTER)]
        return tuple(_read(file) for file in files if file.exists())

    return Keyring(read, lambda: index_key(home))


def index_key(home: Path) -> bytes:
    """Read the key by which equal numbers are found; with another nobody would be found any more.

    :raises KeyTrouble: when it is not there
    """
    file = home / "secrets" / INDEX
    if not file.exists():
        raise KeyTrouble(
            f"The key by which clients are found by their number is not here ({file}): give this"
            " machine the JOBCENTER_HOME or the JOBCENTER_INDEX_KEY of the others."
        )
    return file.read_text().encode()


def begin(home: Path, *, master: bool = True) -> None:
    """Make the first keys under `home`, that for finding alone where a master is given."""
    if master:
        secret(home, MASTER)
    secret(home, INDEX)


def refuse_none(ring: Keyring) -> None:
    """Stop where nothing can be closed because no master key was ever made.

    :raises KeyTrouble: always then
    """
    if not ring.current:
        raise KeyTrouble("There is no master key here yet: run `./jobcenter migrate` first.")


def refuse_another_index(*, fits: bool) -> None:
    """Stop where the numbers in the database were not made with the index key that is here.

    :raises KeyTrouble: always then
    """
    if not fits:
        raise KeyTrouble(
            "Clients' numbers in the database were kept with another JOBCENTER_INDEX_KEY: give this"
            " machine that of the others. Nothing was changed."
        )


def given(text: str, setting: str) -> bytes:
    """Read a master key that a setting gives; what it is never gets into a message.

    :raises KeyTrouble: when it is none
    """
    try:
        return key_of(text)
    except ValueError:
        raise KeyTrouble(f"{setting} must be 32 bytes as URL-safe base64.") from None


def refuse_unknown(ring: Keyring, names: Iterable[str]) -> None:
    """Stop where keys in the database are closed under master keys that are not here.

    :raises KeyTrouble: naming the first of them
    """
    for name in names:
        if not ring.knows(name):
            raise KeyTrouble(
                f"Clients' keys in the database are closed under the master key {name}, which is"
                " not here: give this machine the JOBCENTER_HOME or the JOBCENTER_MASTER_KEY of"
                " the others. Nothing was changed."
            )


def _read(file: Path) -> bytes:
    return given(file.read_text(), str(file))


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Let nobody else renew secrets under this `home` for a while."""
    (home / "secrets").mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(home / "secrets" / "renewing.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def renew_secret(home: Path, name: str) -> None:
    """Make a new secret and keep the former beside it; one that is on its way already is left."""
    file, former = home / "secrets" / name, _former(home, name)
    now = secret(home, name)
    if former.exists() and former.read_text() != now:
        return
    # One that died here before it had made a new secret left the same one twice.
    former.unlink(missing_ok=True)
    fresh = file.with_suffix(".next")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(32))
    former.hardlink_to(file)
    fresh.replace(file)


def forget_former(home: Path, name: str) -> None:
    """Destroy the secret that was before this one."""
    _former(home, name).unlink(missing_ok=True)


def _former(home: Path, name: str) -> Path:
    return home / "secrets" / f"{name}.former"
