"""Every table of ours in one place, for migrations and for whatever goes through all of them."""

from sqlalchemy import MetaData

from jobcenter import benefits, inbox, notices
from jobcenter.audit import guesses, reading
from jobcenter.database import Base
from jobcenter.orders import (
    accounts,
    attendance,
    exports,
    gigs,
    model,
    proposals,
    replies,
    told,
)
from jobcenter.people import (
    calendars,
    choices,
    clients,
    decisions,
    employing,
    erasures,
    invitations,
    listed,
    own,
    parties,
    passports,
    registered,
    staff,
    talks,
    terms,
    upkeep,
    wordings,
)

# Importing these modules is what fills the metadata.
PEOPLE = (
    calendars,
    choices,
    clients,
    decisions,
    employing,
    erasures,
    invitations,
    listed,
    own,
    parties,
    passports,
    registered,
    staff,
    talks,
    terms,
    upkeep,
    wordings,
)
ORDERS = (accounts, attendance, exports, gigs, model, proposals, replies, told)
ROOMS = (*PEOPLE, *ORDERS, benefits, guesses, inbox, notices, reading)
METADATA: MetaData = Base.metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tell Alembic which tables are ours to compare; the queue's belong to its library."""
    return kind != "table" or not (name or "").startswith("pgqueuer")
