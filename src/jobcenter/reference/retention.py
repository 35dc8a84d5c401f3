"""How long each class of record is kept, and by which law; assumed until a city confirms it."""

from collections.abc import Mapping
from datetime import date

from jobcenter.figures import DatedFigure

KIND = "retention"
SINCE = date(2020, 1, 1)
YEAR = 365

_NEED = "GDPR 5(1)(e): no longer than the purpose needs"
_RECORD = "Client Data Act 703/2023, schedule: 10 years from closing the case"
_BOOKS = "Accounting Act 1336/1997, chapter 2, section 10"
_ACCIDENTS = "Act 459/2015 on accidents at work: claims within 5 years, kept 10"
_ACCOUNTABLE = "GDPR 5(2): who is responsible can show what held and who changed it"
_LOGS = "Client Data Act 703/2023: use logs, 12 years"

# Days, counted from the clock of each class (`retention.classes`).
DAYS: Mapping[str, tuple[int, str]] = {
    "draft": (30, _NEED),
    "answer": (1, _NEED),
    "message": (7, _NEED),
    "near_miss": (90, _NEED),
    "proposal": (90, _NEED),
    "offer": (90, _NEED),
    "withdrawal": (90, _NEED),
    "delivery": (396, _NEED),
    "reply": (90, _NEED),
    "feedback": (730, _NEED),
    "incident": (10 * YEAR, _ACCIDENTS),
    "place": (730, _NEED),
    "photo": (730, _NEED),
    "place_event": (730, _NEED),
    "contact": (730, _NEED),
    "order_text": (730, _NEED),
    "orderer": (730, _NEED),
    "party": (3 * YEAR, _NEED),
    "account": (YEAR, _NEED),
    "todo": (YEAR, _NEED),
    "list_change": (5 * YEAR, _ACCOUNTABLE),
    "way_in": (2, _NEED),
    "tries": (1, _NEED),
    "client": (10 * YEAR, _RECORD),
    "pay": (10 * YEAR, _BOOKS),
    "look": (12 * YEAR, _LOGS),
    "disclosure": (12 * YEAR, _LOGS),
    "emergency": (12 * YEAR, _LOGS),
    "benefit_talk": (12 * YEAR, _LOGS),
    "right_event": (12 * YEAR, _LOGS),
    "upkeep_event": (12 * YEAR, _LOGS),
    # Whoever looked is named to the person for as long as the log is kept.
    "account_name": (12 * YEAR, _LOGS),
}

# Between how many days an organiser may choose: the law's own, where one names them; else what the
# purpose can need. Where both are the same, the law leaves no room. The database keeps them, too
# (migrations/sql/retention_bounds.sql).
BOUNDS: Mapping[str, tuple[int, int]] = {
    "draft": (7, 90),
    "answer": (1, 7),
    "message": (1, 30),
    "near_miss": (30, 365),
    "proposal": (30, 365),
    "offer": (30, 365),
    "withdrawal": (30, 365),
    "delivery": (180, 730),
    "reply": (30, 365),
    "feedback": (90, 3 * YEAR),
    "incident": (5 * YEAR + 2, 10 * YEAR),
    "place": (YEAR, 5 * YEAR),
    "photo": (YEAR, 5 * YEAR),
    "place_event": (YEAR, 5 * YEAR),
    "contact": (90, 3 * YEAR),
    "order_text": (YEAR, 5 * YEAR),
    "orderer": (YEAR, 5 * YEAR),
    "party": (YEAR, 5 * YEAR),
    "account": (30, 3 * YEAR),
    "todo": (90, 2 * YEAR),
    "list_change": (2 * YEAR, 10 * YEAR),
    "way_in": (1, 30),
    "tries": (1, 7),
    "client": (10 * YEAR, 10 * YEAR),
    # The books are counted from the end of a year of accounts, which a gig may long precede.
    "pay": (10 * YEAR, 11 * YEAR),
    "look": (12 * YEAR, 12 * YEAR),
    "disclosure": (12 * YEAR, 12 * YEAR),
    "emergency": (12 * YEAR, 12 * YEAR),
    "benefit_talk": (12 * YEAR, 12 * YEAR),
    "right_event": (12 * YEAR, 12 * YEAR),
    "upkeep_event": (12 * YEAR, 12 * YEAR),
    "account_name": (12 * YEAR, 12 * YEAR),
}


def retention_figures() -> tuple[DatedFigure, ...]:
    """Return a figure a class, in days."""
    return tuple(
        DatedFigure(KIND, record_class, days, SINCE, None, law)
        for record_class, (days, law) in DAYS.items()
    )
