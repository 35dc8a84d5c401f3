"""When a row holds: from day to day, or from one time to another."""

from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

# What a range must be to be trusted: an open end is NULL, and lets any simpler check pass.
FINITE = (
    "NOT isempty({0}) AND NOT lower_inf({0}) AND NOT upper_inf({0})"
    " AND isfinite(lower({0})) AND isfinite(upper({0}))"
)


class Dated:
    """What holds from a day on; `valid_to` is the first day on which it no longer does."""

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @classmethod
    def holds_on(cls, day: date) -> ColumnElement[bool]:
        """Tell the rows that hold on that day."""
        return (cls.valid_from <= day) & (cls.valid_to.is_(None) | (cls.valid_to > day))


class Timed:
    """What takes a time; a constraint of its table keeps that finite (`FINITE`)."""

    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)

    @property
    def start(self) -> datetime:
        """When it begins."""
        assert self.during.lower is not None
        return self.during.lower

    @property
    def end(self) -> datetime:
        """When it ends, exclusive."""
        assert self.during.upper is not None
        return self.during.upper
