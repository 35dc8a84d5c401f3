"""Puts what is kept about a person into a page that they can read: headings, words and days.

The data file beside it has every row as it is stored; here stands what says something to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from jobcenter import showing
from jobcenter.people.choices import Words
from jobcenter.retention.exporting import Part
from jobcenter.retention.fates import Keeping
from jobcenter.support import NEEDS, label
from jobcenter.texts import say
from jobcenter.times import local
from jobcenter.web.pages import LANGUAGE_NAMES
from jobcenter.web.vocabulary import BENEFIT_NAMES, qualifications

# Which columns a person reads, by table; of the others the page says how many rows there are.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "client_contacts": ("given_name", "family_name", "phone", "email", "wants_calls"),
    "client_need_notes": ("code", "note"),
    "client_needs": ("code", "level", "assessed_on", "review_on"),
    "client_strengths": ("code",),
    "client_wishes": ("subject_id", "veto"),
    "client_hours": ("weekday", "from_minute", "to_minute"),
    "client_exceptions": ("during", "available"),
    "client_practised": ("task_type_id",),
    "client_activity": ("weekday", "from_minute", "to_minute"),
    "client_qualifications": ("code", "verified_on", "valid_to"),
    "client_benefits": ("benefit", "personal_limit_cents", "valid_from", "valid_to"),
    "clients": (
        "language",
        "unit_id",
        "coach_id",
        "travel_minutes",
        "week_minutes",
        "joined_on",
        "closed_on",
    ),
    "gigs": ("during", "status", "worked_minutes", "pay_cents"),
    "gig_events": ("gig_id", "at", "to_status", "reason"),
    "gig_supports": ("gig_id", "actions", "minutes"),
    "flags": ("gig_id", "opened_at", "reason"),
    "attendances": ("gig_id", "said_at", "note"),
    "hours_records": ("gig_id", "minutes", "approved_at", "approved_by", "reason"),
    "pay_rows": ("worked_on", "cents", "pay_day"),
    "invoice_lines": ("worked_on", "minutes", "total_cents"),
    "earnings_periods": ("benefit", "period", "ceiling_cents", "committed_cents", "told_cents"),
    "client_consents": ("purpose", "given_at", "withdrawn_at"),
    "notices": ("written_at", "sent_at"),
    "todos": ("made_at", "done_at", "done_by"),
    "emergencies": ("at", "user_id", "reason"),
    "benefit_talks": ("at", "user_id", "how"),
    "disclosures": ("at", "recipient", "what"),
    "looks": ("at", "actor", "role", "what", "purpose"),
    "upkeep_events": ("at", "actor", "part"),
    "legal_holds": ("placed_at", "last_day", "ended_at", "reason", "law"),
    "erasures": ("at", "law"),
}
LABELS: Mapping[str, str] = {
    "given_name": "First name", "family_name": "Last name", "phone": "Phone", "email": "E-mail",
    "wants_calls": "Rather calls than messages", "code": "What", "note": "Note",
    "level": "How much, of three", "assessed_on": "Talked about", "review_on": "Next time",
    "subject_id": "What", "veto": "Rather not", "weekday": "Day", "from_minute": "From",
    "to_minute": "To", "during": "When", "available": "Can", "task_type_id": "What",
    "verified_on": "Seen", "valid_from": "From", "valid_to": "To", "benefit": "What",
    "personal_limit_cents": "Own limit", "language": "Language", "unit_id": "Unit",
    "travel_minutes": "Trip at most", "week_minutes": "A week at most", "joined_on": "Joined",
    "closed_on": "Ended", "status": "How it went", "worked_minutes": "Hours", "pay_cents": "Pay",
    "gig_id": "Gig", "at": "When", "to_status": "What", "reason": "Why", "actions": "What",
    "minutes": "Length", "opened_at": "When", "said_at": "When", "approved_at": "When",
    "approved_by": "Who", "worked_on": "When", "cents": "Pay", "pay_day": "Paid on",
    "total_cents": "Sum", "period": "From", "ceiling_cents": "Limit", "committed_cents": "Pay",
    "told_cents": "Elsewhere", "purpose": "Why", "given_at": "From", "withdrawn_at": "To",
    "written_at": "Written", "sent_at": "Sent", "made_at": "Written", "done_at": "Ready",
    "done_by": "Who", "user_id": "Who", "recipient": "To whom", "what": "What", "actor": "Who",
    "role": "As what", "part": "What", "placed_at": "From", "ended_at": "To", "law": "Why",
    "how": "How", "last_day": "To", "coach_id": "Coach",
}  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATUSES: Mapping[str, str] = {
    "assigned": "Asked, no answer yet", "confirmed": "Coming", "in_progress": "At work now",
    "done": "Done", "approved": "Hours approved", "invoiced": "Invoiced",
    "declined": "Said no", "expired": "Did not answer in time",
    "withdrawn": "Could not come after all", "cancelled": "Cancelled",
    "no_show": "Did not arrive",
}  # fmt: skip
ROLES: Mapping[str, str] = {
    "client": "You yourself", "coordinator": "Coordinator", "coach": "Coach",
    "unit_lead": "Head of the unit", "benefits": "Benefits adviser", "admin": "Administrator",
    "data_protection_officer": "Data-protection officer", "orderer": "Orderer",
    "party_manager": "Orderer",
    "worker": "Jobcenter's computer", "operator": "Whoever runs the service",
}  # fmt: skip
PURPOSES: Mapping[str, str] = {
    "name_to_orderer": "My first name to the orderer",
    "photo_to_orderer": "My photo to the orderer",
    "full_sms": "More in the text message",
    "pool": "Gigs are looked for me",
    "phone_to_orderer": "My phone number to the orderer of one gig",
}
HOW: Mapping[str, str] = {"face_to_face": "Face to face", "phone": "By phone"}
# As the client's own page has them.
WHY: Mapping[str, str] = {
    "planning": "To plan work for you", "order": "To find somebody for a gig",
    "to-dos": "Something had to be done for you", "coach": "To prepare a visit with you",
    "own_order": "You said yes to their gig", "message": "To send you a message",
    "own": "You opened it", "consents": "To write down what you agree to",
    "PIN": "To help you with your PIN", "round": "To look for gigs for you",
    "matching": "To look for gigs for you", "export": "To give you this page",
    "gig": "For the day of your gig", "card": "To print the card of your gig",
    "list": "To find you in a list of clients", "upkeep": "To keep your data up to date",
    "edit": "To keep your data up to date", "benefits": "To talk with you about benefits",
    "benefits_face_to_face": "In a talk with you about benefits, face to face",
    "benefits_phone": "In a talk with you about benefits, by phone",
    "emergency": "In an emergency", "closing": "To end your time with us",
    "pay": "To see to your pay", "feedback": "To read how your gig went",
    "api": "You said yes to their gig", "search": "To check who has looked at your data",
    "register": "To keep your data up to date",
    "legal": "To keep your data for a decision or a court",
    "erasure": "To see what can be erased",
    "to-do": "Something had to be done for you",
}  # fmt: skip
LOOKED_AT: Mapping[str, str] = {
    "everything": "All of this", "client page": "Your whole page",
    "name and phone": "Your name and phone number", "contact": "Your name and phone number",
    "refused": "Wanted to see your page and was refused",
    "name, phone, what helps": "Your name, phone number and what helps you",
    "name, reasons, support": "Your name, and why a gig fits you",
    "name, other tasks": "Your name, and which other gigs fit you",
    "name, phone, support, reports, feedback":
        "Your name and phone number, what helps you, and what was told about your gig",
    "first_name": "Your first name", "candidates": "Whether gigs fit you. It saw no name.",
    "consents": "What you have agreed to", "own page": "Your own page", "own pay": "Your pay",
    "own hours": "Your hours", "own wishes": "Your wishes",
    "own consents": "What you have agreed to", "own log": "This list",
    "own decisions": "Your decisions", "own support": "Your support",
    "own gig": "Your gig's own page", "gig": "Your gig",
    "name": "Your name",
    "name, benefit that ends": "Your name, and that a benefit of yours ends",
    "name, pay": "Your name and your pay",
    "name, phone, support": "Your name, phone number and what helps you",
    "name, feedback": "Your name, and how your gig went",
    "earnings limit": "How much room your earnings limit has",
    "use log": "Who has looked at your data", "legal holds": "Why your data must be kept",
    "benefits and earnings": "Your benefits, limits and earnings",
    "benefits talk": "Your benefits and own limit", "edit benefits": "Your benefits and own limit",
}  # fmt: skip


def looked_at(what: str) -> str:
    """Return the sentence for what somebody looked at; nobody reads a code of ours."""
    return LOOKED_AT.get(what, "Your data")


def why_looked(purpose: str) -> str:
    """Return the sentence for why: the first word says it, the rest for which order or message."""
    first = purpose.partition(" ")[0].partition(":")[0].partition(",")[0]
    return WHY.get(first, "In their work for you")


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the page: what it is, and its rows in words; without heads, how many."""

    keeping: Keeping
    count: int
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their language, and what ids are called to them."""

    language: str
    names: Mapping[UUID, str]
    codes: Mapping[str, str]


def sections(
    parts: Mapping[str, Part], names: Mapping[UUID, str], language: str, strong: Words
) -> tuple[Section, ...]:
    """Return the page's headings in their order, each with what it holds."""
    gigs = {
        row["id"]: _text(language, row["during"])
        for row in parts["gigs"].rows
        if isinstance(row["id"], UUID)
    }
    reader = Reader(language, {**names, **gigs}, _codes(language, strong))
    return tuple(_section(name, part, reader) for name, part in parts.items() if part.rows)


def _codes(language: str, strong: Words) -> dict[str, str]:
    """Return what codes are called; no code means two things."""
    told = {**NEEDS, **BENEFIT_NAMES, **STATUSES, **ROLES}
    return {
        **{code: say(language, words) for code, words in told.items()},
        **strong.names(language),
        **qualifications(language),
    }


def _section(name: str, part: Part, reader: Reader) -> Section:
    columns = tuple(
        column
        for column in SHOWN.get(name, ())
        if any(row[column] not in (None, "", []) for row in part.rows)
    )
    heads = tuple(say(reader.language, LABELS[column]) for column in columns)
    rows = tuple(
        tuple(_cell(column, row[column], reader) for column in columns) for row in part.rows
    )
    return Section(part.keeping, len(part.rows), heads, rows)


def _cell(column: str, value: object, reader: Reader) -> str:
    language = reader.language
    if isinstance(value, bool):
        return say(language, "Yes") if value else say(language, "No")
    if isinstance(value, int):
        return _number(column, value, language)
    if isinstance(value, UUID):
        return reader.names.get(value, "")
    if isinstance(value, list):
        return ", ".join(say(language, label(one)) for one in value)
    if isinstance(value, str):
        return _word(column, value, reader)
    return _text(language, value)


def _word(column: str, value: str, reader: Reader) -> str:
    if column == "purpose":
        return say(reader.language, PURPOSES.get(value) or why_looked(value))
    if column == "language":
        return LANGUAGE_NAMES.get(value, value)
    if column == "how" and value in HOW:
        return say(reader.language, HOW[value])
    if column == "what" and value in LOOKED_AT:
        return say(reader.language, LOOKED_AT[value])
    return reader.codes.get(value, value)


def _number(column: str, value: int, language: str) -> str:
    if column == "weekday":
        return say(language, WEEKDAYS[value])
    if column.endswith("cents"):
        return showing.money(language, value)
    if column in {"from_minute", "to_minute"}:
        return f"{value // 60}.{value % 60:02}"
    return showing.length(language, value) if column.endswith("minutes") else str(value)


def _text(language: str, value: object) -> str:
    """Return days and moments with their year: this page is read much later, too."""
    if isinstance(value, Range) and value.lower and value.upper:
        same = local(value.lower).date() == local(value.upper).date()
        end = showing.clock(language, value.upper) if same else _text(language, value.upper)
        return f"{_text(language, value.lower)}–{end}"
    if isinstance(value, datetime):
        return f"{local(value):%-d.%-m.%Y} {showing.clock(language, value)}"
    return f"{value:%-d.%-m.%Y}" if isinstance(value, date) else ""
