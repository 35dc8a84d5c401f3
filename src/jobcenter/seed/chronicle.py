"""Writes orders and gigs as if the service had been there: every move with who, how and when."""

from datetime import datetime, timedelta
from uuid import UUID

from jobcenter.access import derived_token, hash_of
from jobcenter.benefits import EarningsEntry
from jobcenter.notices import Notice
from jobcenter.orders.gigs import (
    KEPT,
    CoachVisit,
    Gig,
    GigEvent,
    GigStatus,
    GigSupport,
    Link,
    VisitGig,
)
from jobcenter.seed.diary import paid_in
from jobcenter.seed.dice import Dice
from jobcenter.seed.people import ALLOWANCE, PENSION
from jobcenter.seed.rows import Rows, span
from jobcenter.seed.staffing import Seat, Visit
from jobcenter.times import local

S = GigStatus
# The way of a gig to where it stands.
WAYS: dict[GigStatus, tuple[GigStatus, ...]] = {
    S.ASSIGNED: (S.ASSIGNED,),
    S.DECLINED: (S.ASSIGNED, S.DECLINED),
    S.EXPIRED: (S.ASSIGNED, S.EXPIRED),
    S.WITHDRAWN: (S.ASSIGNED, S.CONFIRMED, S.WITHDRAWN),
    S.CANCELLED: (S.ASSIGNED, S.CONFIRMED, S.CANCELLED),
    S.NO_SHOW: (S.ASSIGNED, S.CONFIRMED, S.NO_SHOW),
    S.CONFIRMED: (S.ASSIGNED, S.CONFIRMED),
    S.IN_PROGRESS: (S.ASSIGNED, S.CONFIRMED, S.IN_PROGRESS),
    S.DONE: (S.ASSIGNED, S.CONFIRMED, S.IN_PROGRESS, S.DONE),
    S.APPROVED: (S.ASSIGNED, S.CONFIRMED, S.IN_PROGRESS, S.DONE, S.APPROVED),
}
# A client answered these; nobody did the others.
ANSWERED = {S.DECLINED, S.CONFIRMED}
LINK_LASTS = timedelta(days=7)


class Chronicle:
    """Writes what became of each seat, seen from `now`."""

    def __init__(self, rows: Rows, *, secret: str, now: datetime) -> None:
        self._rows = rows
        self._secret = secret
        self._now = now
        self._notices: dict[tuple[UUID, str], int] = {}

    def seat(self, seat: Seat, status: GigStatus, dice: Dice) -> None:
        """Write a gig with its history, its support plan and what was sent about it."""
        times = self._times(seat, status, dice)
        link = seat.person.by_link and dice.chance(0.9)
        self._gig(seat, status, times, link=link, dice=dice)
        self._events(seat, times, link=link)
        kept = status in KEPT
        if status is not S.DECLINED and status is not S.EXPIRED:
            self._support(seat, status)
        self._link(seat, used_at=times.get(S.CONFIRMED, times.get(S.DECLINED)) if link else None)
        if kept and seat.person.benefit in {PENSION, ALLOWANCE}:
            self._earning(seat)
        if status is S.ASSIGNED:
            self._notice(seat, "offer", seat.assigned_at)
        if status is S.CANCELLED:
            self._notice(seat, "cancelled", times[S.CANCELLED])

    def _times(self, seat: Seat, status: GigStatus, dice: Dice) -> dict[GigStatus, datetime]:
        """Return when the gig came to each status on its way; never in the future."""
        answered = seat.assigned_at + timedelta(minutes=dice.between(5, 600))
        answered = min(answered, seat.start - timedelta(minutes=90), self._now)
        answered = max(answered, seat.assigned_at + timedelta(minutes=2))
        late = dice.weighed({0: 0.8, 4: 0.15, 9: 0.05})
        moments = {
            S.ASSIGNED: seat.assigned_at,
            S.CONFIRMED: answered,
            S.DECLINED: answered,
            S.EXPIRED: answer_by(seat),
            S.WITHDRAWN: answered + (seat.start - answered) / 2,
            S.CANCELLED: answered + (seat.start - answered) / 2,
            S.NO_SHOW: seat.start + timedelta(minutes=45),
            S.IN_PROGRESS: seat.start + timedelta(minutes=late),
            S.DONE: seat.end + timedelta(minutes=dice.between(0, 6)),
            S.APPROVED: seat.end + timedelta(hours=dice.between(2, 44)),
        }
        # Each move comes after the one before it, however late it is now.
        times: dict[GigStatus, datetime] = {}
        for step in WAYS[status]:
            earliest = max(times.values(), default=seat.assigned_at) + timedelta(seconds=1)
            times[step] = max(min(moments[step], self._now), earliest) if times else moments[step]
        return times

    def _gig(
        self,
        seat: Seat,
        status: GigStatus,
        times: dict[GigStatus, datetime],
        *,
        link: bool,
        dice: Dice,
    ) -> None:
        answered_at = times.get(S.CONFIRMED, times.get(S.DECLINED))
        worked = status in {S.DONE, S.APPROVED}
        by_phone = None if link or answered_at is None else seat.person.house.coordinator_id
        self._rows.add(
            Gig,
            id=seat.id,
            order_id=seat.job.id,
            place_no=seat.place_no,
            client_id=seat.person.id,
            status=status.value,
            during=span(seat.start, seat.end),
            hourly_cents=seat.job.hourly_cents,
            pay_cents=seat.pay_cents,
            assigned_by=seat.person.house.coordinator_id,
            assigned_at=seat.assigned_at,
            answer_by=answer_by(seat),
            answered_via=None if answered_at is None else "link" if link else "phone",
            answered_by=by_phone,
            answered_at=answered_at,
            shows_phone=dice.chance(0.05),
            started_at=times.get(S.IN_PROGRESS),
            ended_at=times.get(S.DONE),
            worked_minutes=seat.job.minutes if worked else None,
            end_reason=None,
            version=len(times),
        )

    def _events(self, seat: Seat, times: dict[GigStatus, datetime], *, link: bool) -> None:
        before = ""
        for status, at in times.items():
            actor, via = self._by_whom(seat, status, link=link)
            self._rows.add(
                GigEvent,
                gig_id=seat.id,
                from_status=before,
                to_status=status.value,
                actor=actor,
                via=via,
                at=at,
            )
            before = status.value

    def _by_whom(self, seat: Seat, status: GigStatus, *, link: bool) -> tuple[UUID | None, str]:
        coordinator, client = seat.person.house.coordinator_id, seat.person.id
        if status in ANSWERED or status is S.WITHDRAWN:
            return (client, "link") if link else (coordinator, "phone")
        if status in {S.IN_PROGRESS, S.DONE}:
            return (client, "link") if seat.person.by_link else (coordinator, "staff")
        if status in {S.APPROVED, S.CANCELLED}:
            return seat.job.party.orderer_id, "orderer"
        if status is S.EXPIRED:
            return None, "clock"
        return coordinator, "staff"

    def _support(self, seat: Seat, status: GigStatus) -> None:
        booked = "held" if status is S.ASSIGNED else "booked"
        state = booked if status in KEPT else "free"
        for visit in seat.new_visits:
            self._visit(seat, visit, state)
        for piece, planned in enumerate(seat.pieces):
            self._rows.add(
                GigSupport,
                gig_id=seat.id,
                piece=piece,
                actions=list(planned.actions),
                presence=planned.presence,
                anchor=planned.anchor,
                earliest=planned.earliest,
                latest=planned.latest,
                minutes=planned.minutes,
                ratio=planned.ratio,
                same_coach=planned.same_coach,
            )
            self._rows.add(
                VisitGig,
                visit_id=seat.served_by[piece].id,
                gig_id=seat.id,
                piece=piece,
                status=state,
            )

    def _visit(self, seat: Seat, visit: Visit, state: str) -> None:
        self._rows.add(
            CoachVisit,
            id=visit.id,
            coach_id=visit.coach_id,
            order_id=seat.job.id,
            presence=visit.presence,
            during=span(visit.begin, visit.end),
            status=state,
        )

    def _link(self, seat: Seat, *, used_at: datetime | None) -> None:
        self._rows.add(
            Link,
            token_hash=hash_of(derived_token(self._secret, "gig", seat.id)),
            gig_id=seat.id,
            order_id=None,
            client_id=seat.person.id,
            expires_at=seat.end + LINK_LASTS,
            used_at=used_at,
            revoked_at=None,
        )

    def _earning(self, seat: Seat) -> None:
        self._rows.add(
            EarningsEntry,
            client_id=seat.person.id,
            benefit=seat.person.benefit,
            kind="MONTH",
            period=paid_in(local(seat.start).date()),
            gig_id=seat.id,
            cents=seat.pay_cents,
            at=seat.assigned_at,
        )

    def _notice(self, seat: Seat, kind: str, at: datetime) -> None:
        day = local(at).date()
        slot = self._notices.get((seat.person.id, day.isoformat()), 0) + 1
        self._notices[seat.person.id, day.isoformat()] = slot
        self._rows.add(
            Notice,
            kind=kind,
            way="sms",
            client_id=seat.person.id,
            user_id=None,
            order_id=seat.job.id,
            gig_id=seat.id,
            dedupe_key=f"{kind}:{seat.id}:{seat.person.id}:sms:1",
            due_at=at,
            day=day,
            slot=slot,
            state="sent",
            tries=1,
            fence=1,
            written_at=at,
            sent_at=at + timedelta(seconds=4),
        )


def answer_by(seat: Seat) -> datetime:
    """Return until when the client could answer."""
    return min(seat.assigned_at + timedelta(hours=24), seat.start)
