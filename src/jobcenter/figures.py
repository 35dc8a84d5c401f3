"""Dated figures of law and terms: pay floors, side costs, answer times. None is ever guessed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jobcenter.errors import RuleMissing


@dataclass(frozen=True, slots=True)
class DatedFigure:
    """One figure for a time; `valid_to` is the first day on which it no longer holds.

    `amount` is cents, basis points (hundredths of a per cent) or minutes, as the kind tells.
    """

    kind: str
    key: str
    amount: int
    valid_from: date
    valid_to: date | None
    source: str
    standing: str = "assumed"

    def holds_on(self, day: date) -> bool:
        """Return whether the figure is valid on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def amount_on(figures: Iterable[DatedFigure], kind: str, day: date, *, key: str = "") -> int:
    """Return the amount for that day, the newest where two hold; a missing one stops."""
    held = [f for f in figures if f.kind == kind and f.key == key and f.holds_on(day)]
    if not held:
        raise RuleMissing(
            "The figure {figure} is missing for {day}. Add it first.",
            figure=f"{kind} {key}".strip(),
            day=day.isoformat(),
        )
    return max(held, key=lambda figure: figure.valid_from).amount
