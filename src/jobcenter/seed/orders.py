"""Writes orders with their places and events, and the repeats that they belong to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobcenter.notices import Todo
from jobcenter.orders.model import (
    Channel,
    Order,
    OrderEvent,
    OrderPlace,
    OrderStatus,
    Series,
)
from jobcenter.seed.dice import Dice
from jobcenter.seed.jobs import Job, Repeat
from jobcenter.seed.rows import Row, Rows
from jobcenter.seed.town import moment
from jobcenter.seed.trades import TRADES
from jobcenter.times import DAY, local

ANSWER_HOURS = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands: its number, its state, and the start once a seat has fixed it."""

    number: int
    status: OrderStatus
    start: datetime | None


def write_order(rows: Rows, job: Job, standing: Standing, *, dice: Dice, now: datetime) -> None:
    """Write an order as it stands now, with how it came to it."""
    placed_at = _placed_at(job, dice, now)
    rows.add(
        Order,
        **_what(job, dice),
        **_when(job),
        **_state(job, standing, placed_at, now),
        number=standing.number,
        party_id=job.party.id,
        site_id=job.site.id,
        task_type_id=job.task.id,
        channel=(Channel.PARTNER if job.party.agreement_id else Channel.OPEN).value,
        agreement_id=job.party.agreement_id,
        employer_id=job.party.employer_id,
        series_id=job.series_id,
        contact_name=job.party.contact[0],
        contact_phone=job.party.contact[1],
        cost_centre=job.party.profile.cost_centre,
        placed_by=job.party.orderer_id,
    )
    for place_no in range(1, job.places + 1):
        rows.add(OrderPlace, order_id=job.id, place_no=place_no)
    _events(rows, job, standing.status, placed_at, now)


def _what(job: Job, dice: Dice) -> Row:
    kind, trade = job.task.kind, TRADES[job.task.kind.sector]
    return {
        "id": job.id,
        "title": kind.name_fi,
        "description": dice.pick(trade.describe),
        "demands": list(job.demands),
        "outdoors": job.outdoors,
        "qualifications": list(job.qualifications),
        "language": job.language,
        "step_free": job.step_free,
        "places": job.places,
        "group_visit": job.group,
        "hourly_cents": job.hourly_cents,
        "pay_group": kind.pay_group,
        "wear": trade.wear,
        "bring": trade.bring,
        "asks_for_shaping": job.shaping,
    }


def _when(job: Job) -> Row:
    return {
        "timing": job.timing.value,
        "minutes": job.minutes,
        "starts": [start.isoformat() for start in job.starts],
        "first_start": job.starts[0],
        "last_end": job.starts[-1] + timedelta(minutes=job.minutes),
        "as_told": f"{local(job.starts[0]):%Y-%m-%d %H:%M}",
    }


def _state(job: Job, standing: Standing, placed_at: datetime, now: datetime) -> Row:
    status = standing.status
    taken_back = status is OrderStatus.CANCELLED
    return {
        "status": status.value,
        "start": standing.start,
        "review_reason": "first_order" if status is OrderStatus.IN_REVIEW else None,
        "answer_by": placed_at + timedelta(hours=ANSWER_HOURS),
        "placed_at": placed_at,
        "cancelled_at": _ended_at(job, now) if taken_back else None,
        "cancel_reason": "other" if taken_back else None,
        "version": 1 if status in {OrderStatus.OPEN, OrderStatus.IN_REVIEW} else 2,
    }


def _placed_at(job: Job, dice: Dice, now: datetime) -> datetime:
    at = moment(job.day - DAY * job.placed_days_before, dice.between(7 * 60, 8 * 60 + 59))
    return min(at, now - timedelta(minutes=dice.between(400, 3 * 24 * 60)))


def _ended_at(job: Job, now: datetime) -> datetime:
    return min(job.starts[0] - timedelta(hours=20), now)


def _events(rows: Rows, job: Job, status: OrderStatus, placed_at: datetime, now: datetime) -> None:
    first = OrderStatus.IN_REVIEW if status is OrderStatus.IN_REVIEW else OrderStatus.OPEN
    _event(rows, job, first, placed_at, {"from": "draft"})
    if status is OrderStatus.IN_REVIEW:
        rows.add(
            Todo,
            kind="review_order",
            order_id=job.id,
            dedupe_key=f"review_order:{job.id}",
            due_at=placed_at + timedelta(hours=ANSWER_HOURS),
            made_at=placed_at,
        )
    elif status is OrderStatus.CANCELLED:
        _event(rows, job, status, _ended_at(job, now), {"from": "open"})
    elif status is OrderStatus.CLOSED:
        ended = job.starts[-1] + timedelta(minutes=job.minutes)
        _event(rows, job, status, min(ended, now), {"from": "open"})


def _event(
    rows: Rows, job: Job, status: OrderStatus, at: datetime, details: dict[str, str]
) -> None:
    by_hand = status is not OrderStatus.CLOSED
    rows.add(
        OrderEvent,
        order_id=job.id,
        kind=f"order.{status.value}",
        actor=job.party.orderer_id if by_hand else None,
        at=at,
        details=details,
    )


def write_repeat(rows: Rows, repeat: Repeat) -> None:
    """Write a repeat, before the first of its orders."""
    rows.add(
        Series,
        id=repeat.id,
        party_id=repeat.party.id,
        weekdays=list(repeat.weekdays),
        first_day=repeat.first_day,
        last_day=repeat.last_day,
        without=[day.isoformat() for day in repeat.without],
    )
