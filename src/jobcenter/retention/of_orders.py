"""Classes of what is about orders: their words, their places, and the people who ordered."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from jobcenter.orders.model import Draft, IdempotencyKey, Order
from jobcenter.orders.queries.parties import orders_no_more
from jobcenter.people.parties import OrderingParty
from jobcenter.people.passports import PlaceEvent, PlacePassport, PlacePhoto
from jobcenter.people.registered import RegisterAnswer
from jobcenter.people.staff import (
    MANAGER,
    ORDERER,
    Grant,
    User,
)
from jobcenter.retention.removing import (
    NOBODY,
    RecordClass,
    deleted,
    disabled,
    uncontacted,
    unreached,
    unsaid,
)


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


def _silent_party(cutoff: datetime) -> ColumnElement[bool]:
    """Whether a party ordered once and not since, and nobody can sign in to order for it.

    Only while something is kept of it that goes: how it is reached, or what a register said.
    """
    orders_for_it = exists().where(
        Grant.organiser_id == OrderingParty.organiser_id, Grant.party_id == OrderingParty.id,
        User.organiser_id == Grant.organiser_id, User.id == Grant.user_id,
        User.disabled_at.is_(None),
    )  # fmt: skip
    answered = exists().where(
        RegisterAnswer.organiser_id == OrderingParty.organiser_id,
        RegisterAnswer.party_id == OrderingParty.id,
    )
    kept = (OrderingParty.email != "") | (OrderingParty.phone != "") | answered
    return orders_no_more(cutoff) & ~orders_for_it & kept


def _worded() -> ColumnElement[bool]:
    """Whether an order still has words of its own."""
    words = (Order.title, Order.description, Order.entrance, Order.wear, Order.bring)
    return or_(*(word != "" for word in words), Order.cancel_reason.is_not(None))


ORDERS: Mapping[str, RecordClass] = {
    "draft": RecordClass(Draft, lambda cutoff: Draft.saved_at < cutoff, "last touched", deleted),
    "answer": RecordClass(
        IdempotencyKey, lambda cutoff: IdempotencyKey.created_at < cutoff, "answered", deleted
    ),
    "place": RecordClass(
        PlacePassport,
        lambda cutoff: _unused_place(PlacePassport.site_id, PlacePassport.written_at, cutoff),
        "the last order there",
        deleted,
    ),
    "photo": RecordClass(
        PlacePhoto,
        lambda cutoff: _unused_place(PlacePhoto.site_id, PlacePhoto.added_at, cutoff),
        "the last order there",
        deleted,
    ),
    "place_event": RecordClass(
        PlaceEvent, lambda cutoff: PlaceEvent.at < cutoff, "the place was changed", deleted
    ),
    "contact": RecordClass(
        Order,
        lambda cutoff: (Order.last_end < cutoff) & (Order.contact_name != ""),
        "the last hour of the order",
        uncontacted,
    ),
    "order_text": RecordClass(
        Order,
        lambda cutoff: (Order.last_end < cutoff) & _worded(),
        "the last hour of the order",
        unsaid,
    ),
    "orderer": RecordClass(User, _silent_orderer, "the last order", disabled),
    "party": RecordClass(OrderingParty, _silent_party, "the last order", unreached),
}
