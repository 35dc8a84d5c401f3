"""The classes of record that run out, each with its clock and with what is done when time is up.

How many days, and by which law, are dated rows (`figures`, kind `retention`).
"""

from collections.abc import Mapping

from sqlalchemy import func

from jobcenter.access import Disclosure, Look
from jobcenter.audit.emergencies import Emergency
from jobcenter.orders.gigs import Gig
from jobcenter.people.clients import Client
from jobcenter.people.staff import (
    RightEvent,
)
from jobcenter.people.talks import BenefitTalk
from jobcenter.people.upkeep import UpkeepEvent
from jobcenter.retention.of_gigs import GIGS
from jobcenter.retention.of_orders import ORDERS
from jobcenter.retention.of_staff import STAFF
from jobcenter.retention.removing import (
    RecordClass,
    deleted,
    erased,
)

# Of these, and of the books, a person removes most: nobody who signs in may touch them.
LOGS: Mapping[str, RecordClass] = {
    "client": RecordClass(
        Client,
        "the case was closed",
        lambda cutoff: (Client.closed_on < cutoff.date()) & Client.erased_at.is_(None),
        erased,
    ),
    "pay": RecordClass(Gig, "the gig", lambda cutoff: func.upper(Gig.during) < cutoff, None),
    "look": RecordClass(Look, "looked", lambda cutoff: Look.at < cutoff, None),
    "disclosure": RecordClass(Disclosure, "told", lambda cutoff: Disclosure.at < cutoff, None),
    "emergency": RecordClass(Emergency, "opened", lambda cutoff: Emergency.at < cutoff, None),
    "benefit_talk": RecordClass(
        BenefitTalk, "talked", lambda cutoff: BenefitTalk.at < cutoff, None
    ),
    "right_event": RecordClass(
        RightEvent, "the rights changed", lambda cutoff: RightEvent.at < cutoff, None
    ),
    "upkeep_event": RecordClass(
        UpkeepEvent, "the record changed", lambda cutoff: UpkeepEvent.at < cutoff, deleted
    ),
}

CLASSES: Mapping[str, RecordClass] = {**ORDERS, **GIGS, **STAFF, **LOGS}
