"""Whose roles somebody has today: their own, and those of whoever they stand in for in a unit."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists

from jobcenter.people.staff import Grant, StandIn, User
from jobcenter.times import local


def held_by(user: User, now: datetime) -> ColumnElement[bool]:
    """Whether a grant counts for this user today."""
    today = local(now).date()
    stands_in = exists().where(
        StandIn.organiser_id == Grant.organiser_id,
        StandIn.deputy_id == user.id,
        StandIn.user_id == Grant.user_id,
        StandIn.unit_id == Grant.unit_id,
        StandIn.first_day <= today,
        StandIn.last_day >= today,
        StandIn.ended_at.is_(None),
    )
    return (Grant.user_id == user.id) | stands_in
