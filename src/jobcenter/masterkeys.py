"""The keys that close each client's own key: kept under `home`, made at first use, and renewed."""

import secrets
from pathlib import Path

from jobcenter.envelopes import Keyring, key_of
from jobcenter.logins import secret

# Secrets that are kept under `home` where the settings do not give them.
MASTER = "master"
INDEX = "index"


def keyring(home: Path) -> Keyring:
    """Return the master keys kept under `home`, made the first time one is asked for."""

    def read() -> tuple[bytes, ...]:
        former = _former(home, MASTER)
        texts = [secret(home, MASTER), *([former.read_text()] if former.exists() else [])]
        return tuple(key_of(text) for text in texts)

    return Keyring(read, secret(home, INDEX).encode())


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
