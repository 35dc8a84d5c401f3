"""Tables without a class of their own in `classes`, and what lets go of their rows instead.

A table that has neither fails a test.
"""

from collections.abc import Mapping

_OURS = "of the organiser: rules, words and hours of its own, with nobody in them"
_USER = "of a user: it tells no more than who, and the class `account_name` lets go of that"
_COACH = "of a coach: times and places without words; the class `account_name` lets go of who"
_ORDER = "of an order or its organisation: places and dates of work, with nobody in them"
_BOOKS = "of the books, kept with the class `pay`"
_LOG = "of the log, kept with the class `look`"

UNCLASSED: Mapping[str, str] = {
    "guesses": "hours with a number, and `guesses.note` deletes them after thirty days",
    **dict.fromkeys(
        ("exports", "export_files"),
        "`exports.let_go` deletes a file after a day, and that it was asked for after thirty",
    ),
    "schedule_runs": "instants of the clock, and `schedules.tidy` deletes them each hour",
    **dict.fromkeys(
        ("agreed_sites", "agreed_tasks", "agreements", "benefit_rules", "cancellation_terms",
         "choices", "coaching_rules", "counter_rules", "districts", "employers", "figures",
         "gateways", "organisers", "own_wordings", "retention_sweeps", "roles", "rounds",
         "status_moves", "task_types", "terms_of_use", "unit_closures", "unit_covers", "unit_days",
         "unit_sites", "units"),
        _OURS,
    ),
    **dict.fromkeys(
        ("coach_calendars", "coach_busy"),
        "goes when the coach takes the address away, coaches no more or is put out; what a"
        " calendar said is replaced by each reading, and is gone a day after it is over",
    ),
    "coach_photos": "goes when the coach takes it away, coaches no more or is put out",
    **dict.fromkeys(("passkeys", "grants", "stand_ins", "terms_acceptances"), _USER),
    **dict.fromkeys(("coach_hours", "coach_absences", "visits"), _COACH),
    **dict.fromkeys(("sites", "order_places", "series"), _ORDER),
    "party_employers": "of an organisation: which employer of record, and from when",
    "register_answers": "of an organisation, and goes with the class `party`",
    **dict.fromkeys(
        ("statements", "invoice_lines", "pay_rows", "attendances", "hours_records", "order_events"),
        _BOOKS,
    ),
    **dict.fromkeys(("seals", "erasures", "legal_holds"), _LOG),
    "client_consents": "proof of what was agreed: 10 years, by hand, as the class `client`",
}  # fmt: skip
"""What is of a client and goes with them (`fates`) needs no line: the class `client` is its own."""
