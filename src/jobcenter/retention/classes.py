"""The classes of record that run out, each with its clock and with what is done when time is up.

How many days, and by which law, are dated rows (`figures`, kind `retention`).
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import InstrumentedAttribute

from jobcenter.access import Look
from jobcenter.inbox import DemoMessage
from jobcenter.notices import Notice
from jobcenter.orders.gigs import Gig, GigEvent, GigStatus
from jobcenter.orders.model import Draft, IdempotencyKey, Order
from jobcenter.orders.proposals import NearMiss, Proposal
from jobcenter.orders.replies import Reply
from jobcenter.orders.told import Feedback, Incident
from jobcenter.people.clients import Client
from jobcenter.people.passports import PlaceEvent, PlacePassport, PlacePhoto
from jobcenter.people.staff import MANAGER, ORDERER, Grant, User
from jobcenter.retention.erasing import MARK
from jobcenter.retention.removing import (
    NOBODY,
    RecordClass,
    deleted,
    disabled,
    erased,
    uncontacted,
    unexplained,
    unlisted,
    unworded,
)

ENDED_UNUSED = (GigStatus.DECLINED.value, GigStatus.EXPIRED.value, GigStatus.WITHDRAWN.value)


def _silent_orderer(cutoff: datetime) -> ColumnElement[bool]:
    """Whether a person does nothing here but order, and has ordered nothing themself since."""
    ordered = exists().where(Order.organiser_id == User.organiser_id, Order.placed_by == User.id)
    granted = exists().where(Grant.organiser_id == User.organiser_id, Grant.user_id == User.id)
    orders_only = granted.where(Grant.role == ORDERER) & ~granted.where(
        Grant.role.not_in((ORDERER, MANAGER))
    )
    silent = ordered & ~ordered.where(Order.placed_at >= cutoff)
    return orders_only & silent & User.service.is_(False) & (User.name != NOBODY)


def _unused_place(
    site: InstrumentedAttribute[UUID], written: InstrumentedAttribute[datetime], cutoff: datetime
) -> ColumnElement[bool]:
    """Whether nothing has been ordered at a place, nor told of it, since then."""
    ordered = exists().where(
        Order.organiser_id == site.class_.organiser_id, Order.site_id == site,
        (Order.placed_at >= cutoff) | (Order.last_end >= cutoff),
    )  # fmt: skip
    return (written < cutoff) & ~ordered


CLASSES: Mapping[str, RecordClass] = {
    "draft": RecordClass(Draft, "last touched", lambda cutoff: Draft.saved_at < cutoff, deleted),
    "answer": RecordClass(
        IdempotencyKey, "answered", lambda cutoff: IdempotencyKey.created_at < cutoff, deleted
    ),
    "message": RecordClass(
        DemoMessage, "received", lambda cutoff: DemoMessage.received_at < cutoff, deleted
    ),
    "near_miss": RecordClass(NearMiss, "found", lambda cutoff: NearMiss.made_at < cutoff, deleted),
    "proposal": RecordClass(
        Proposal, "closed", lambda cutoff: Proposal.closed_at < cutoff, unlisted
    ),
    "offer": RecordClass(
        Gig,
        "the gig that came to nothing",
        lambda cutoff: (
            Gig.status.in_(ENDED_UNUSED)
            & (func.upper(Gig.during) < cutoff)
            & Gig.end_reason.is_not(None)
        ),
        unexplained,
    ),
    "withdrawal": RecordClass(
        GigEvent,
        "the gig was taken back",
        lambda cutoff: (
            (GigEvent.to_status == GigStatus.WITHDRAWN.value)
            & (GigEvent.at < cutoff)
            & GigEvent.reason.not_in(("", MARK))
        ),
        unworded,
    ),
    "delivery": RecordClass(
        Notice,
        "written",
        lambda cutoff: (Notice.written_at < cutoff) & Notice.state.not_in(("pending", "sending")),
        deleted,
    ),
    "reply": RecordClass(Reply, "heard", lambda cutoff: Reply.heard_at < cutoff, deleted),
    "feedback": RecordClass(Feedback, "told", lambda cutoff: Feedback.told_at < cutoff, deleted),
    "incident": RecordClass(
        Incident, "reported", lambda cutoff: Incident.told_at < cutoff, deleted
    ),
    "place": RecordClass(
        PlacePassport,
        "the last order there",
        lambda cutoff: _unused_place(PlacePassport.site_id, PlacePassport.written_at, cutoff),
        deleted,
    ),
    "photo": RecordClass(
        PlacePhoto,
        "the last order there",
        lambda cutoff: _unused_place(PlacePhoto.site_id, PlacePhoto.added_at, cutoff),
        deleted,
    ),
    "place_event": RecordClass(
        PlaceEvent, "the place was changed", lambda cutoff: PlaceEvent.at < cutoff, deleted
    ),
    "contact": RecordClass(
        Order,
        "the last hour of the order",
        lambda cutoff: (Order.last_end < cutoff) & (Order.contact_name != ""),
        uncontacted,
    ),
    "orderer": RecordClass(User, "the last order", _silent_orderer, disabled),
    "client": RecordClass(
        Client,
        "the case was closed",
        lambda cutoff: (Client.closed_on < cutoff.date()) & Client.erased_at.is_(None),
        erased,
    ),
    "pay": RecordClass(Gig, "the gig", lambda cutoff: func.upper(Gig.during) < cutoff, None),
    "look": RecordClass(Look, "looked", lambda cutoff: Look.at < cutoff, None),
}
