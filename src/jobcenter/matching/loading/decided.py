"""On which days a client's own unit may give no coaching, for want of the decision it needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobcenter.errors import RuleMissing
from jobcenter.matching.loading.facts import ClientFact
from jobcenter.matching.loading.hours import Grid
from jobcenter.matching.records import Span
from jobcenter.people.decisions import OWN_UNIT, CoachingRule, lacking, needed
from jobcenter.times import DAY, day_bounds

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Decided:
    """Which decision coaching needs on each day of the grid, worked out once for each law."""

    grid: Grid
    rules: Sequence[CoachingRule]
    known: dict[str, Mapping[date, str]]

    def shut(self, client: ClientFact) -> tuple[Span, ...]:
        """Return the times in which no visit of the client's unit may end."""
        days = self._needing(client.legal_basis)
        return tuple(
            self._minutes(day)
            for day, kind in days.items()
            if kind == UNKNOWN or lacking(client.details.decisions, kind=kind, day=day)
        )

    def _needing(self, law: str) -> Mapping[date, str]:
        """Return the days on which a decision is needed, and which; a missing rule stops."""
        if law not in self.known:
            days = [self.grid.first_day + DAY * day for day in range(self.grid.days)]
            found = {day: _kind(self.rules, law, day) for day in days}
            self.known[law] = {day: kind for day, kind in found.items() if kind}
        return self.known[law]

    def _minutes(self, day: date) -> Span:
        begin, end = day_bounds(day)
        return self.grid.minute(begin), self.grid.minute(end)


def _kind(rules: Iterable[CoachingRule], law: str, day: date) -> str | None:
    try:
        return needed(rules, coaching=OWN_UNIT, legal_basis=law, day=day)
    except RuleMissing:
        return UNKNOWN
