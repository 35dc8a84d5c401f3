"""What a program is answered: plain records, times with their offset, money in cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jobcenter.database import Json
from jobcenter.matching.round import Candidates
from jobcenter.orders.gigs import CoachVisit
from jobcenter.orders.proposals import Round
from jobcenter.orders.queries.api import GigLine, OrderLine
from jobcenter.orders.sentences import worded


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """An order with the gigs that the asker may know of."""

    id: UUID
    number: int
    status: str
    title: str
    places: int
    minutes: int
    timing: str
    starts: Sequence[datetime]
    start: datetime | None
    hourly_cents: int
    answer_by: datetime | None
    version: int
    gigs: Sequence[GigLine]

    @classmethod
    def of(cls, line: OrderLine) -> "OrderAnswer":
        """Return what is told of an order."""
        order = line.order
        return cls(
            id=order.id,
            number=order.number,
            status=order.status,
            title=order.title,
            places=order.places,
            minutes=order.minutes,
            timing=order.timing,
            starts=order.starts,
            start=order.start,
            hourly_cents=order.hourly_cents,
            answer_by=order.answer_by,
            version=order.version,
            gigs=line.gigs,
        )


@dataclass(frozen=True, slots=True)
class CandidateAnswer:
    """Somebody who would fit, with the visits that would be held and the reasons in words."""

    client_id: UUID
    start: datetime
    score: int
    reasons: Sequence[str]
    visits: Sequence[Json]


@dataclass(frozen=True, slots=True)
class MissAnswer:
    """Somebody who almost fits: what stops it, and what would help."""

    client_id: UUID
    rule: str
    waits_for_support: bool
    why: str
    fits_if: str


@dataclass(frozen=True, slots=True)
class CandidatesAnswer:
    """The asker's own people for one order, best first."""

    candidates: Sequence[CandidateAnswer]
    near_misses: Sequence[MissAnswer]

    @classmethod
    def of(cls, found: Candidates, language: str) -> "CandidatesAnswer":
        """Return what is told of candidates, with the matcher's sentences in words."""

        def say(stored: Json) -> str:
            return worded(language, stored) if stored.get("sentence") else ""

        return cls(
            [
                CandidateAnswer(
                    entry.client_id,
                    entry.start,
                    entry.score,
                    [say(reason) for reason in entry.reasons],
                    list(entry.visits),
                )
                for entry in found.entries
            ],
            [
                MissAnswer(
                    miss.client_id,
                    miss.rule,
                    miss.waits_for_support,
                    say(miss.why),
                    say(miss.fits_if),
                )
                for miss in found.misses
            ],
        )


@dataclass(frozen=True, slots=True)
class CancelAnswer:
    """What cancelling cost; zero when it was cancelled already."""

    status: str
    cost_cents: int
    percent: int
    late: bool
    gigs: int


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """A round of the matcher: how far it is, what it found, how near the proven optimum."""

    id: UUID
    kind: str
    status: str
    progress: int
    orders: int
    places: int
    proposed: int
    visits: int
    changed: int
    unfilled: dict[str, object]
    value: int | None
    bound: int | None
    seconds: float | None

    @classmethod
    def of(cls, found: Round) -> "RoundAnswer":
        """Return what is told of a round."""
        return cls(
            id=found.id,
            kind=found.kind,
            status=found.status,
            progress=found.progress,
            orders=found.orders,
            places=found.places,
            proposed=found.proposed,
            visits=found.visits,
            changed=found.changed,
            unfilled=found.unfilled,
            value=found.value,
            bound=found.bound,
            seconds=found.seconds,
        )


@dataclass(frozen=True, slots=True)
class VisitAnswer:
    """A piece of a coach's time: when, how, for which order. Never for whom."""

    id: UUID
    order_id: UUID
    presence: str
    status: str
    start: datetime
    end: datetime

    @classmethod
    def of(cls, visit: CoachVisit) -> "VisitAnswer":
        """Return what is told of a visit."""
        begins, ends = visit.during.lower, visit.during.upper
        assert begins is not None
        assert ends is not None
        return cls(visit.id, visit.order_id, visit.presence, visit.status, begins, ends)
