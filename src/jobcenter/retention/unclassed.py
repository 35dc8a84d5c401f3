"""Tables without a class of their own in `classes`, and what lets go of their rows instead.

A table that has neither fails a test. What nothing lets go of yet says so, and docs/privacy.md too.
"""

from collections.abc import Mapping

_TIDY = "runs out by its own time, and `schedules.tidy` deletes it each hour"
_OURS = "of the organiser: rules, words and hours of its own, with nobody in them"
_USER = "goes or is overwritten with the account of its user"
_UNSETTLED = "nothing lets go of it yet: a city has to settle how long (docs/privacy.md)"
_BOOKS = "of the books, kept with the class `pay`"
_LOG = "of the log, kept with the class `look`"

UNCLASSED: Mapping[str, str] = {
    **dict.fromkeys(
        ("sessions", "signin_links", "invitations", "api_tokens", "attempts", "tries",
         "schedule_runs", "client_links", "client_unlocks"),
        _TIDY,
    ),
    **dict.fromkeys(
        ("agreed_sites", "agreed_tasks", "agreements", "benefit_rules", "cancellation_terms",
         "choices", "coaching_rules", "counter_rules", "districts", "employers", "figures",
         "gateways", "organisers", "own_wordings", "retention_sweeps", "roles", "rounds",
         "status_moves", "task_types", "terms_of_use", "unit_closures", "unit_covers", "unit_days",
         "units"),
        _OURS,
    ),
    **dict.fromkeys(
        ("coach_calendars", "coach_busy"),
        "goes when the coach takes the address away, coaches no more or is put out; what a"
        " calendar said is replaced by each reading, and is gone a day after it is over",
    ),
    **dict.fromkeys(("passkeys", "grants", "stand_ins"), _USER),
    **dict.fromkeys(
        ("coaches", "coach_hours", "coach_absences", "visits", "list_changes", "right_events",
         "parties", "sites", "register_answers", "terms_acceptances", "order_places", "series"),
        _UNSETTLED,
    ),
    **dict.fromkeys(
        ("statements", "invoice_lines", "pay_rows", "attendances", "hours_records", "order_events"),
        _BOOKS,
    ),
    **dict.fromkeys(
        ("seals", "emergencies", "benefit_talks", "disclosures", "upkeep_events", "erasures",
         "legal_holds"),
        _LOG,
    ),
    "client_consents": "proof of what was agreed: 10 years, by hand, as the class `client`",
}  # fmt: skip
"""What is of a client and goes with them (`fates`) needs no line: the class `client` is its own."""
