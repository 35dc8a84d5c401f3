"""Writes orders with their places and events, and the repeats that they belong to."""

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
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import moment
from jobcenter.seed.trades import TRADES
from jobcenter.times import DAY, local

ANSWER_HOURS = 24


def write_order(
    rows: Rows,
    job: Job,
    *,
    number: int,
    status: OrderStatus,
    start: datetime | None,
    dice: Dice,
    now: datetime,
) -> None:
    """Write an order as it stands now, with how it came to it."""
    kind, trade = job.task.kind, TRADES[job.task.kind.sector]
    placed_at = _placed_at(job, dice, now)
    begins = local(job.starts[0])
    rows.add(
        Order,
        id=job.id,
        number=number,
        party_id=job.party.id,
        site_id=job.site.id,
        task_type_id=job.task.id,
        channel=(Channel.PARTNER if job.party.agreement_id else Channel.OPEN).value,
        agreement_id=job.party.agreement_id,
        employer_id=job.party.employer_id,
        series_id=job.series_id,
        status=status.value,
        title=kind.name_fi,
        description=dice.pick(trade.describe),
        demands=list(job.demands),
        outdoors=job.outdoors,
        qualifications=list(job.qualifications),
        language=job.language,
        step_free=job.step_free,
        places=job.places,
        group_visit=job.group,
        timing=job.timing.value,
        minutes=job.minutes,
        starts=[start.isoformat() for start in job.starts],
        start=start,
        first_start=job.starts[0],
        last_end=job.starts[-1] + timedelta(minutes=job.minutes),
        as_told=f"{begins:%Y-%m-%d %H:%M}",
        hourly_cents=job.hourly_cents,
        pay_group=kind.pay_group,
        contact_name=job.party.contact[0],
        contact_phone=job.party.contact[1],
        wear=trade.wear,
        bring=trade.bring,
        cost_centre=job.party.profile.cost_centre,
        asks_for_shaping=job.shaping,
        review_reason="first_order" if status is OrderStatus.IN_REVIEW else None,
        answer_by=placed_at + timedelta(hours=ANSWER_HOURS),
        placed_by=job.party.orderer_id,
        placed_at=placed_at,
        cancelled_at=_ended_at(job, now) if status is OrderStatus.CANCELLED else None,
        cancel_reason="other" if status is OrderStatus.CANCELLED else None,
        version=1 if status in {OrderStatus.OPEN, OrderStatus.IN_REVIEW} else 2,
    )
    for place_no in range(1, job.places + 1):
        rows.add(OrderPlace, order_id=job.id, place_no=place_no)
    _events(rows, job, status, placed_at, now)


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
