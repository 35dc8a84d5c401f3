"""A row of the list of what is due, and how far ahead it looks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

SOON = timedelta(days=30)
WEEK = timedelta(days=7)
MOST = 200


@dataclass(frozen=True, slots=True)
class Due:
    """One thing: what, about whom, by when, and where it is seen to."""

    kind: str
    day: date
    path: str
    what: str = ""
    client_id: UUID | None = None
    at: datetime | None = None
    """The moment, where it is one rather than a day."""
    start: datetime | None = None
    """When the work begins that it is about, where that is not the moment itself."""
    count: int = 1
    """How many, where they are told together."""
