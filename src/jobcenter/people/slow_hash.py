"""What is kept of a PIN: a slow hash, because a few digits are soon tried through otherwise."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
"""RFC 9106's second choice: 64 MiB and three passes, about a tenth of a second."""


def slow_hash(pin: str) -> str:
    """Return what is kept of a PIN."""
    return _HASHER.hash(pin)


def is_right(kept: str, pin: str) -> bool:
    """Tell whether this is the PIN."""
    try:
        return _HASHER.verify(kept, pin)
    except (VerificationError, InvalidHashError):
        return False
