"""Support in work terms: the table of needs and actions, and the plan of visits for one gig."""

from jobcenter.support.needs import ACTIONS, DEMANDS, LEVELS, NEEDS, Demand, Presence, label
from jobcenter.support.visits import (
    DAY,
    EVERYBODY,
    MEETS_NOBODY,
    Anchor,
    PlannedVisit,
    SupportPlan,
    faded,
    fading,
    plan,
)

__all__ = [
    "ACTIONS",
    "DAY",
    "DEMANDS",
    "EVERYBODY",
    "LEVELS",
    "MEETS_NOBODY",
    "NEEDS",
    "Anchor",
    "Demand",
    "PlannedVisit",
    "Presence",
    "SupportPlan",
    "faded",
    "fading",
    "label",
    "plan",
]
