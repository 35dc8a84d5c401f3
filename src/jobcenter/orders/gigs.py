"""A gig is one person at one place of an order at one time, with the coach visits it needs.

Live gigs take the place, the client's time, the coach's time and cents against a ceiling, from
assignment on; the client's yes changes states only (SETTLED 4).
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    exists,
    not_,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, Small, of
from jobcenter.errors import WrongMoment
from jobcenter.support import MEETS_NOBODY
from jobcenter.validity import FINITE, Timed


class GigStatus(StrEnum):
    """Where a gig stands."""

    ASSIGNED = "assigned"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    APPROVED = "approved"
    INVOICED = "invoiced"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


S = GigStatus
LIVE = (S.ASSIGNED, S.CONFIRMED, S.IN_PROGRESS)
# A yes that stands, as the column has it.
PROMISED = (S.CONFIRMED.value, S.IN_PROGRESS.value)
WORKED = (S.DONE, S.APPROVED, S.INVOICED)
AGREED = (S.CONFIRMED, S.IN_PROGRESS, *WORKED, S.NO_SHOW)
KEPT = (S.ASSIGNED, *AGREED)

# The moves a gig may make; the table `status_moves` repeats them and a trigger keeps to it.
MOVES: dict[GigStatus, frozenset[GigStatus]] = {
    S.ASSIGNED: frozenset({S.CONFIRMED, S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.IN_PROGRESS, S.WITHDRAWN, S.CANCELLED, S.NO_SHOW}),
    S.IN_PROGRESS: frozenset({S.DONE, S.WITHDRAWN, S.CANCELLED}),
    S.DONE: frozenset({S.APPROVED}),
    S.APPROVED: frozenset({S.INVOICED}),
    S.INVOICED: frozenset(),
    S.DECLINED: frozenset(),
    S.EXPIRED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.CANCELLED: frozenset(),
    S.NO_SHOW: frozenset(),
}


class Via(StrEnum):
    """How an answer reached us."""

    LINK = "link"
    SMS = "sms"
    PHONE = "phone"
    FACE_TO_FACE = "face_to_face"


# The client's own word, from their own phone.
BY_CLIENT = (Via.LINK, Via.SMS)


def _is(statuses: tuple[GigStatus, ...]) -> str:
    return "status IN (" + ", ".join(f"'{status.value}'" for status in statuses) + ")"


# A visit, or its row for one gig, takes the coach's time in these.
TAKEN = ("held", "booked")
IS_LIVE = _is(LIVE)
IS_KEPT = _is(KEPT)
# Half open and of a sane length (RELIABILITY finding 5).
SANE = (
    FINITE + " AND lower_inc({0}) AND NOT upper_inc({0})"
    " AND upper({0}) - lower({0}) BETWEEN interval '{1}' AND interval '{2}'"
)


class Gig(Timed, Base):
    """One dated performance by one client; assigned by a person, answered by the client."""

    __tablename__ = "gigs"
    __table_args__ = (
        of("orders", "order_id"),
        of("clients", "client_id"),
        of("users", "assigned_by"),
        of("users", "answered_by"),
        of("users", "still_fine_by"),
        ForeignKeyConstraint(
            ["organiser_id", "order_id", "kept_place"],
            ["order_places.organiser_id", "order_places.order_id", "order_places.place_no"],
            name="gig_place_exists",
        ),
        Index("gig_one_per_place", "organiser_id", "order_id", "kept_place", unique=True),
        Index(
            "gig_asked_once",
            "organiser_id",
            "order_id",
            "client_id",
            unique=True,
            postgresql_where=_is((*KEPT, S.DECLINED)),
        ),
        Index("gig_by_client", "organiser_id", "client_id", "status"),
        ExcludeConstraint(
            ("organiser_id", "="),
            ("client_id", "="),
            ("during", "&&"),
            where=IS_LIVE,
            using="gist",
            name="gig_client_in_one_place",
        ),
        CheckConstraint(SANE.format("during", "30 minutes", "8 hours"), name="gig_time_is_sane"),
        CheckConstraint("pay_cents >= 0 AND hourly_cents > 0", name="gig_pay_is_sane"),
        CheckConstraint(
            "status NOT IN ('confirmed', 'in_progress', 'done', 'approved', 'invoiced', 'declined')"
            " OR (answered_via IN ('link', 'sms') AND answered_by IS NULL)"
            " OR (answered_via IN ('phone', 'face_to_face') AND answered_by IS NOT NULL)",
            name="gig_answer_is_recorded",
        ),
        CheckConstraint(
            "still_fine_at IS NULL AND still_fine_via IS NULL AND still_fine_by IS NULL"
            " OR still_fine_via IN ('link', 'sms') AND still_fine_by IS NULL"
            " AND still_fine_at IS NOT NULL"
            " OR still_fine_via IN ('phone', 'face_to_face') AND still_fine_by IS NOT NULL"
            " AND still_fine_at IS NOT NULL",
            name="gig_still_fine_is_recorded",
        ),
        CheckConstraint(
            "worked_minutes IS NULL OR worked_minutes BETWEEN 0 AND 720", name="gig_hours_are_sane"
        ),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    place_no: Mapped[Small]
    kept_place: Mapped[int | None] = mapped_column(
        SmallInteger, Computed(f"CASE WHEN {IS_KEPT} THEN place_no END", persisted=True)
    )
    client_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=GigStatus.ASSIGNED.value)
    hourly_cents: Mapped[int]
    pay_cents: Mapped[int]
    assigned_by: Mapped[UUID]
    assigned_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_via: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    shows_phone: Mapped[bool] = mapped_column(default=False)
    still_fine_asked_at: Mapped[datetime | None]
    still_fine_at: Mapped[datetime | None]
    """When they said, on the day before or later, that it is still fine."""
    still_fine_via: Mapped[str | None]
    still_fine_by: Mapped[UUID | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    worked_minutes: Mapped[Small | None]
    end_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    def become(
        self, status: GigStatus, *, by: UUID | None, via: str, now: datetime, reason: str = ""
    ) -> "GigEvent":
        """Move to another status and return the fact; refuses a move that is not in `MOVES`."""
        current = GigStatus(self.status)
        if status not in MOVES[current]:
            raise WrongMoment("A gig that is {now} cannot become {then}.", now=current, then=status)
        self.status = status.value
        self.version += 1
        return GigEvent(
            organiser_id=self.organiser_id,
            gig_id=self.id,
            from_status=current.value,
            to_status=status.value,
            actor=by,
            via=via,
            at=now,
            reason=reason,
        )

    @property
    def is_live(self) -> bool:
        """Whether it still takes the client's time."""
        return GigStatus(self.status) in LIVE


class StatusMove(Base):
    """A move that a gig may make; the trigger `gig_move_is_legal` looks here."""

    __tablename__ = "status_moves"

    from_status: Mapped[str] = mapped_column(primary_key=True)
    to_status: Mapped[str] = mapped_column(primary_key=True)


class GigEvent(Base):
    """One move of a gig: who, how and when. `from_status` is empty for the assignment itself."""

    __tablename__ = "gig_events"
    __table_args__ = (
        of("gigs", "gig_id"),
        ForeignKeyConstraint(
            ["from_status", "to_status"], ["status_moves.from_status", "status_moves.to_status"]
        ),
        Index("gig_event_by_gig", "organiser_id", "gig_id", "at"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    gig_id: Mapped[UUID]
    from_status: Mapped[str]
    to_status: Mapped[str]
    actor: Mapped[UUID | None]
    via: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class GigSupport(Base):
    """One piece of a gig's support plan: a visit that must be held before, and booked after, a yes.

    `earliest` and `latest` are minutes from the gig's start or end (`anchor`) at which the visit
    may start.
    """

    __tablename__ = "gig_supports"
    __table_args__ = (of("gigs", "gig_id"),)

    organiser_id: Mapped[Organised]
    gig_id: Mapped[UUID] = mapped_column(primary_key=True)
    piece: Mapped[Small] = mapped_column(primary_key=True)
    actions: Mapped[list[str]]
    presence: Mapped[str]
    anchor: Mapped[str]
    earliest: Mapped[int]
    latest: Mapped[int]
    minutes: Mapped[Small]
    ratio: Mapped[Small]
    same_coach: Mapped[bool]

    @classmethod
    def meets_somebody(cls) -> ColumnElement[bool]:
        """Tell the same of rows in a query."""
        return not_(cls.actions.bool_op("<@")(sorted(MEETS_NOBODY)))

    @property
    def is_for_the_person(self) -> bool:
        """Tell whether the person is met or called, not only the place seen for the order."""
        return not MEETS_NOBODY.issuperset(self.actions)


class CoachVisit(Timed, Base):
    """A piece of a coach's time for one or more gigs: held at assignment, booked at the yes."""

    __tablename__ = "visits"
    __table_args__ = (
        of("coaches", "coach_id"),
        of("orders", "order_id"),
        Index("visit_by_coach", "organiser_id", "coach_id", "status"),
        Index("visit_by_order", "organiser_id", "order_id"),
        ExcludeConstraint(
            ("organiser_id", "="),
            ("coach_id", "="),
            ("during", "&&"),
            where="status IN ('held', 'booked')",
            using="gist",
            name="visit_coach_in_one_place",
        ),
        CheckConstraint("status IN ('held', 'booked', 'free')", name="visit_status_is_known"),
        CheckConstraint("presence IN ('present', 'remote', 'preparation')",
                        name="visit_presence_is_known"),
        CheckConstraint(SANE.format("during", "5 minutes", "12 hours"), name="visit_time_is_sane"),
    )  # fmt: skip

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    coach_id: Mapped[UUID]
    order_id: Mapped[UUID]
    presence: Mapped[str]
    status: Mapped[str]
    sequence: Mapped[int] = mapped_column(default=0)

    def serve_more(self, *, booked: bool) -> None:
        """Serve one more of a group; the visit is booked once one of them is."""
        self.status = "booked" if booked else self.status
        self.sequence += 1

    def let_go(self) -> None:
        """Give the coach's time back; calendars see a newer version."""
        self.status = "free"
        self.sequence += 1


class VisitGig(Base):
    """A gig that a visit serves, and which piece of its plan."""

    __tablename__ = "visit_gigs"
    __table_args__ = (
        of("visits", "visit_id"),
        ForeignKeyConstraint(
            ["organiser_id", "gig_id", "piece"],
            ["gig_supports.organiser_id", "gig_supports.gig_id", "gig_supports.piece"],
        ),
        CheckConstraint("status IN ('held', 'booked', 'free')", name="visit_gig_status_is_known"),
        Index("visit_gig_by_gig", "organiser_id", "gig_id"),
    )

    organiser_id: Mapped[Organised]
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    gig_id: Mapped[UUID] = mapped_column(primary_key=True)
    piece: Mapped[Small] = mapped_column(primary_key=True)
    status: Mapped[str]

    @classmethod
    def is_for_the_person(cls) -> ColumnElement[bool]:
        """Tell whether the person is met or called, not only the place seen for the order."""
        return exists().where(
            GigSupport.organiser_id == cls.organiser_id,
            GigSupport.gig_id == cls.gig_id,
            GigSupport.piece == cls.piece,
            GigSupport.meets_somebody(),
        )


class Flag(Base):
    """Something that a person must see to.

    A visit was lost (`support_missing`), or the client's limits have tightened (`over_limit`).
    """

    __tablename__ = "flags"
    __table_args__ = (
        of("gigs", "gig_id"),
        Index("flag_by_gig", "organiser_id", "gig_id"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('booked', 'goes_without', 'called_off')",
            name="flag_outcome_is_known",
        ),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="flag_closes_with_outcome"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    gig_id: Mapped[UUID]
    kind: Mapped[str]
    opened_at: Mapped[datetime]
    piece: Mapped[Small | None]
    """Which piece of the gig's plan was lost."""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    outcome: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")


class Link(Base):
    """A capability for one gig's page (or one order's status); only its token's hash is kept."""

    __tablename__ = "links"
    __table_args__ = (
        of("gigs", "gig_id"),
        of("orders", "order_id"),
        UniqueConstraint("token_hash"),
        CheckConstraint("num_nonnulls(gig_id, order_id) = 1", name="link_opens_one_thing"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    gig_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The client's number when it was made, bound to the token: another number ends the link."""
    number: Mapped[Small] = mapped_column(default=1)
    """Which link of this gig it is: a new one replaces the one before."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
