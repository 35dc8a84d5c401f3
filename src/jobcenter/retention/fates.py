"""What happens to each table that knows a client when they are erased, and by which law.

A table that leads to a client, itself or by a gig, and is not named here fails a test: nobody
forgets a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, or_, select

from jobcenter.database import OrganiserId
from jobcenter.tables import METADATA

BOOKS = "Accounting Act 1336/1997: pay and its records, 10 years"
USE_LOG = "Client Data Act 703/2023: use of client data, 12 years"
ACCIDENTS = "Act 459/2015 on accidents at work: what was reported, without words, 10 years"
PROOF = "GDPR 7(1): that consent was given must be shown, 10 years"


class Fate(StrEnum):
    """Gone, emptied of what tells who it was, or kept."""

    GOES = "goes"
    EMPTIED = "emptied"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Keeping:
    """A table's fate, what it holds in words, and the law by which any of it stays."""

    title: str
    fate: Fate
    law: str = ""
    words: str = ""
    """The column in which staff wrote something; it is emptied where the row stays."""


def _emptied(title: str, law: str, words: str) -> Keeping:
    return Keeping(title, Fate.EMPTIED, law, words)


def _goes(title: str) -> Keeping:
    return Keeping(title, Fate.GOES)


# Children before parents: rows go in this order.
FATES: Mapping[str, Keeping] = {
    "client_keys": _goes("The key to number, address and notes"),
    "client_need_notes": _goes("What helps you, in your own words"),
    "client_needs": _goes("Support that you need"),
    "client_contacts": _goes("Name, number and address"),
    "client_strengths": _goes("What you are good at"),
    "client_wishes": _goes("What you like and do not want"),
    "client_hours": _goes("When you can work"),
    "client_exceptions": _goes("Days on which you can or cannot work"),
    "client_practised": _goes("Tasks that you have practised"),
    "client_activity": _goes("Days at your place in work activity"),
    "client_qualifications": _goes("Cards and permits"),
    "service_decisions": _goes("Decisions on your services, their days and numbers"),
    "client_benefits": _goes("Benefits and limits"),
    "near_misses": _goes("Tasks that nearly fitted you"),
    "proposal_rows": _goes("Tasks that you were proposed for"),
    "demo_inbox": _goes("The demo's copies of messages about you"),
    "todos": _goes("What staff had to do for you"),
    "changes": _goes("Changes that the matcher looked at"),
    "notices": _goes("Messages to you"),
    "client_unlocks": _goes("Browsers in which your PIN was given"),
    "client_pins": _goes("Your PIN, as a hash"),
    "replies": _goes("Text messages from you"),
    "client_links": _goes("Links to your own page"),
    "links": _goes("Links that were sent to you"),
    "legal_holds": _emptied("Reasons for which your record was kept", USE_LOG, "reason"),
    "clients": Keeping("Language, travel and limits at work", Fate.EMPTIED, BOOKS),
    "flags": _goes("What somebody had to see to before a gig of yours"),
    "visit_gigs": _goes("At which of your gigs a coach was with you"),
    "gig_supports": _goes("The support planned for your gigs"),
    "earnings_periods": _goes("Pay counted against a limit, by month"),
    "earnings_entries": _goes("Pay counted against a limit"),
    "gigs": _emptied("Gigs, their hours and pay, without your name", BOOKS, "end_reason"),
    "gig_events": _emptied("What happened to each gig, and when", BOOKS, "reason"),
    "attendances": _emptied("When you came and went", BOOKS, "note"),
    "hours_records": _emptied("Hours that were approved", BOOKS, "reason"),
    "feedbacks": _goes("How a gig went, in your words and the orderer's"),
    "incidents": Keeping(
        "That something was reported from a gig, when, and whether somebody was hurt",
        Fate.STAYS,
        ACCIDENTS,
    ),
    "order_events": _emptied("Hours that were put right", BOOKS, "details"),
    "pay_rows": Keeping("Pay, without your name", Fate.STAYS, BOOKS),
    "invoice_lines": Keeping("What the orderer was charged", Fate.STAYS, BOOKS),
    "upkeep_events": Keeping("Who changed which part of your record", Fate.STAYS, USE_LOG),
    "client_consents": Keeping("What you agreed to, and when", Fate.STAYS, PROOF),
    "emergencies": _emptied("Who opened your record in an emergency", USE_LOG, "reason"),
    "benefit_talks": Keeping(
        "Talks with you about benefits: with whom, how and when", Fate.STAYS, USE_LOG
    ),
    "disclosures": Keeping("What was told about you, and to whom", Fate.STAYS, USE_LOG),
    "looks": Keeping("Who looked at your record", Fate.STAYS, USE_LOG),
    "erasures": Keeping("That you were erased, and when", Fate.STAYS, USE_LOG),
}


_STAFF = "of staff, or of who orders: goes or is overwritten with their account"
_ORDER = (
    "of an order or its orderer: a client whom its words name is masked (`veiling`); the classes"
    " `orderer` and `contact` empty the people"
)
_EXPORT = (
    "of whoever settles the accounts: an erased client is masked in the reason (`veiling`), and a"
    " file that names them goes at once (`erasing`), any other after a day"
)
_OURS = "of the organiser: rules, places and words of its own; who changed them is of staff"
# Tables that tell of somebody who is no client, or of nobody, and why erasing a client leaves them.
OTHERS: Mapping[str, str] = {
    **dict.fromkeys(
        ("users", "grants", "stand_ins", "right_events", "sessions", "signin_links", "invitations",
         "passkeys", "attempts", "api_tokens", "coaches", "coach_hours", "coach_absences",
         "coach_calendars", "coach_busy", "coach_photos"),
        _STAFF,
    ),
    **dict.fromkeys(("exports", "export_files"), _EXPORT),
    **dict.fromkeys(
        ("orders", "parties", "sites", "employers", "drafts", "idempotency_keys", "statements",
         "terms_acceptances", "register_answers", "party_employers"),
        _ORDER,
    ),
    **dict.fromkeys(
        ("organisers", "units", "unit_sites", "districts", "roles", "task_types", "benefit_rules",
         "list_changes", "choices", "own_wordings", "terms_of_use"),
        _OURS,
    ),
    **dict.fromkeys(
        ("place_passports", "place_photos", "place_events"),
        "of a place of work: how it is and was there, with a client whom it names masked"
        " (`veiling`); the classes `place`, `photo` and `place_event` let go of it",
    ),
    "proposals": "of a place: who is on a list stands in its rows, which go",
    "rounds": "of the matcher: how many, never who",
    "visits": "of a coach's time: at whose gigs stands in `visit_gigs`, which goes",
}  # fmt: skip


def belonging(table: Table, organiser_id: OrganiserId, client_id: UUID) -> ColumnElement[bool]:
    """Return what tells a row that is about this client."""
    return (table.c.organiser_id == organiser_id) & _about(table, organiser_id, client_id)


def _about(table: Table, organiser_id: OrganiserId, client_id: UUID) -> ColumnElement[bool]:
    notices, gigs = (METADATA.tables[name].c for name in ("notices", "gigs"))
    own = (gigs.organiser_id == organiser_id) & (gigs.client_id == client_id)
    match table.name:
        case "clients":
            return table.c.id == client_id
        case "upkeep_events":
            return (table.c.subject == "client") & (table.c.subject_id == client_id)
        case "order_events":
            named: ColumnElement[str] = table.c.details["gig"].astext
            return named.in_(select(gigs.id.cast(Text)).where(own))
        case "demo_inbox":
            theirs = notices.gig_id.in_(select(gigs.id).where(own))
            told = or_(notices.client_id == client_id, theirs)
            sent = (notices.organiser_id == organiser_id) & told
            return table.c.reference.in_(select(notices.id.cast(Text)).where(sent))
    if "client_id" in table.c:
        return table.c.client_id == client_id
    return table.c.gig_id.in_(select(gigs.id).where(own))


GOING = tuple(table for table, keeping in FATES.items() if keeping.fate is Fate.GOES)
