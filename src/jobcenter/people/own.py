"""The doors to a client's own page: links that lead there, the PIN behind it, and who is in.

A link alone opens nothing of it. Wrong tries are counted before a PIN is compared, so that many at
once are as many tries.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, Small, of
from jobcenter.errors import Fault

# A link to the own page, and one to choose a PIN with, live this long.
OWN_LASTS = timedelta(hours=72)
PIN_LASTS = timedelta(hours=24)
# As many new links as this are sent to one number in a day (RELIABILITY §5.2).
MOST_A_DAY = 3
# After so many wrong tries the page rests; then longer; then until the coach sets a new PIN.
TRIES = 5
RESTS = (timedelta(minutes=30), timedelta(hours=24))
FOR_GOOD = timedelta(days=36500)
SHORTEST, LONGEST = 4, 6


class ClientLink(Base):
    """A link to a client's own page, or to choose a PIN with; only its token's hash is kept."""

    __tablename__ = "client_links"
    __table_args__ = (
        of("clients", "client_id"),
        UniqueConstraint("token_hash"),
        CheckConstraint("purpose IN ('own', 'pin')", name="client_link_purpose_is_known"),
        Index("client_link_by_client", "organiser_id", "client_id", "made_at"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    client_id: Mapped[UUID]
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    phone_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    """Who of staff sent it; empty when the client asked for it."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ClientPin(Base):
    """A client's PIN as a slow hash, and how many wrong tries there were since the last right one.

    The client chose it with their coach; nobody can read it.
    """

    __tablename__ = "client_pins"
    __table_args__ = (
        of("clients", "client_id"),
        CheckConstraint("wrong >= 0", name="pin_tries_are_counted"),
    )

    organiser_id: Mapped[Organised]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    pin_hash: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None]
    wrong: Mapped[Small] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]

    def rests(self, now: datetime) -> bool:
        """Tell whether no try counts at the moment."""
        return self.rests_until is not None and now < self.rests_until

    def take_try(self, now: datetime) -> bool:
        """Count a try as wrong until it turns out right; tell whether the page rests after it."""
        self.wrong += 1
        if self.wrong % TRIES:
            return False
        rest = self.wrong // TRIES - 1
        self.rests_until = now + (RESTS[rest] if rest < len(RESTS) else FOR_GOOD)
        return True

    def forgive(self) -> None:
        """Start counting anew: the right PIN was given, or a new one chosen."""
        self.wrong, self.rests_until = 0, None


class Unlocked(Base):
    """A client's browser in which the right PIN was given; it ends with the browser's session."""

    __tablename__ = "client_unlocks"
    __table_args__ = (of("clients", "client_id"),)

    organiser_id: Mapped[Organised]
    session_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    client_id: Mapped[UUID]
    at: Mapped[datetime]


def too_easy(pin: str) -> bool:
    """Tell whether a PIN is one digit again and again, or digits in a row."""
    steps = {int(right) - int(left) for left, right in pairwise(pin)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def pin_faults(pin: str, again: str) -> list[Fault]:
    """Return what is wrong with a PIN that somebody has just thought of and typed twice."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        return [Fault("pin", "pin_length", "A PIN has four to six digits.")]
    if too_easy(pin):
        return [Fault("pin", "pin_easy", "This PIN is too easy to guess. Choose another.")]
    if pin != again:
        return [Fault("again", "pin_differs", "The two PINs are not the same. Type them again.")]
    return []
