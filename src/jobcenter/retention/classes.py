"""The classes of record that run out, each with its clock and with what is done when time is up.

How many days, and by which law, are dated rows (`figures`, kind `retention`).
"""

from collections.abc import Mapping

from sqlalchemy import func

from jobcenter.access import Disclosure, Look
from jobcenter.audit.emergencies import Emergency
from jobcenter.orders.gigs import Gig
from jobcenter.people.clients import Client
from jobcenter.people.staff import RightEvent
from jobcenter.people.talks import BenefitTalk
from jobcenter.people.upkeep import UpkeepEvent
from jobcenter.retention.of_gigs import GIGS
from jobcenter.retention.of_orders import ORDERS
from jobcenter.retention.of_staff import STAFF
from jobcenter.retention.removing import RecordClass, deleted, erased

# Of these, and of the books, a person removes most: nobody who signs in may touch them.
LOGS: Mapping[str, RecordClass] = {
    "client": RecordClass(
        Client,
        lambda cutoff: (Client.closed_on < cutoff.date()) & Client.erased_at.is_(None),
        "the case was closed",
        erased,
    ),
    "pay": RecordClass(Gig, lambda cutoff: func.upper(Gig.during) < cutoff, "the gig", None),
    "look": RecordClass(Look, lambda cutoff: Look.at < cutoff, "looked", None),
    "disclosure": RecordClass(Disclosure, lambda cutoff: Disclosure.at < cutoff, "told", None),
    "emergency": RecordClass(Emergency, lambda cutoff: Emergency.at < cutoff, "opened", None),
    "benefit_talk": RecordClass(
        BenefitTalk, lambda cutoff: BenefitTalk.at < cutoff, "talked", None
    ),
    "right_event": RecordClass(
        RightEvent, lambda cutoff: RightEvent.at < cutoff, "the rights changed", None
    ),
    "upkeep_event": RecordClass(
        UpkeepEvent, lambda cutoff: UpkeepEvent.at < cutoff, "the record changed", deleted
    ),
}

CLASSES: Mapping[str, RecordClass] = {**ORDERS, **GIGS, **STAFF, **LOGS}
