"""Whatever is written in words has a mark, or a word why it needs none: nobody forgets a column."""

import re
from collections.abc import Iterator, Mapping

from sqlalchemy import ARRAY, Column, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB

from jobcenter.retention.fates import FATES, OTHERS, Fate
from jobcenter.retention.veiling import VEILED
from jobcenter.seed.canaries import FIELDS, REACHED, TOLD_BY
from jobcenter.tables import METADATA

# Words that need no mark, by why. A name with a dot is one column, without one a whole table.
NOTHING: Mapping[str, str] = {
    "codes of lists that the service or its organiser keeps, or that the code itself counts with": (
        "benefit_talks.how|changes|client_consents.(purpose|how|withdrawn_how)|client_links.purpose"
        "|client_need_notes.code"
        "|client_needs.code|client_strengths.code"
        "|client_qualifications.code|client_wishes.subject|client_benefits.benefit"
        "|clients.(service|legal_basis|language|region|spoken)|coaches.languages|disclosures.(to_kind|what"
        "|purpose)|drafts.owner|earnings_entries|earnings_periods.(benefit|kind)|employers.(kind"
        "|insurer|contract_form)|feedbacks.(told_from|strength)|flags.(kind|outcome)|gateways"
        "|gig_events.(from_status|to_status|via)|gig_supports|gigs.(status|answered_via|still_fine_via)"
        "|exports.(kind|state)|grants.role|hours_records.approved_as|incidents.(told_from|hurt)|invitations.language"
        "|invoice_lines.kind|looks.(role|what|purpose)|near_misses|notices.(kind|way|state|problem"
        "|reported|dedupe_key|reference)|order_events.kind|orders.(channel|status|language|timing|zone"
        "|as_told|pay_group|qualifications)|parties.kind|pay_rows|place_events.kind|proposal_rows"
        "|proposals|replies.(message_id|question|meaning|step)|retention_sweeps|right_events.kind|rounds"
        "|schedule_runs|series|service_decisions.kind|sessions.(language|way|standing)|statements.(kind"
        "|state)|status_moves|todos|units.(service|region|languages)|upkeep_events"
        "|users.language|visit_gigs|visits|attendances.(move|way)|attempts|tries|sites.region"
    ),
    "what a client's code tells of them stays behind walls that tests/test_walls.py tries by row": (
        "clients.postcode"
    ),
    "an area of a city, that many share": "(units|sites|unit_sites).postcode|districts",
    "law and money of everybody, public": (
        "benefit_rules|cancellation_terms|coaching_rules|counter_rules|figures|terms_of_use"
    ),
    "of the organiser, for everybody who comes": (
        "choices|list_changes|organisers|own_wordings|roles|task_types|units.phone|unit_sites.(name|address)"
    ),
    "of a register that is public": "register_answers|(parties|employers).(name|business_id)",
    "public where it stands: how a place is called, and what is to be done": (
        "sites.name|orders.(title|wear|bring|entrance)|place_passports.(stairs|toilet_where|lockers|wear"
        "|light)"
    ),
    "a law, told with what it keeps": "(erasures|legal_holds).law",
    "numbers of requests and keys, hashes of nothing personal": (
        "(disclosures|looks).request_id|looks.on_behalf|client_keys.(master|closed)|idempotency_keys"
        "|(parties|orders|invoice_lines).cost_centre|api_tokens.scopes|signin_links|sessions.csrf"
    ),
    "copies for the demo or the day, of what is marked where it comes from": (
        "demo_inbox|notices.address|place_events.details"
    ),
    "of a coach's own calendar: closed, and for the worker's login alone": "coach_calendars",
    "who got which right, told by their ids": "right_events.details",
}


def written() -> Iterator[tuple[str, str]]:
    """Return every column that can hold words: texts, structures, lists of texts, closed ones."""
    for table in METADATA.tables.values():
        for column in table.c:
            if _is_written(column):
                yield table.name, column.name


def _is_written(column: Column[object]) -> bool:
    kind = column.type
    if isinstance(kind, ARRAY):
        return isinstance(kind.item_type, Text)
    is_closed = isinstance(kind, LargeBinary) and column.name.startswith("closed")
    return isinstance(kind, Text | JSONB) or is_closed


def planted() -> set[tuple[str, str]]:
    """Return the columns that get a mark."""
    closed = {("client_contacts", "closed_phone"), ("client_contacts", "closed_email"),
              ("client_need_notes", "closed_note")}  # fmt: skip
    for statement in (*TOLD_BY.values(), REACHED):
        (table,) = re.findall(r"UPDATE (\w+)", statement)
        closed |= {(table, column) for column in re.findall(r"(closed_\w+) =", statement)}
    return closed | {(field.table, field.column) for field in FIELDS}


def test_every_word_is_marked_or_says_why_not() -> None:
    marked = planted()
    bare = [
        f"{table}.{column}"
        for table, column in written()
        if (table, column) not in marked
        and not any(
            re.fullmatch(names, name)
            for names in NOTHING.values()
            for name in (table, f"{table}.{column}")
        )
    ]
    assert bare == []


def test_whatever_is_marked_goes_with_its_person() -> None:
    """Erased, emptied or searched; else its table says of whom it is."""
    left = [
        f"{table}.{column}"
        for table, column in planted()
        if table not in OTHERS
        and column not in VEILED.get(table, ())
        and (table not in FATES or _stays(table, column))
    ]
    # A contract, a sum, whom we told, and words that lie closed under a key that is destroyed.
    assert sorted(left) == [
        "agreements.title", "client_consents.text_version",
        "disclosures.recipient", "incidents.closed_outcome",
        "incidents.closed_told", "incidents.closed_words", "pay_rows.cents",
    ]  # fmt: skip


def _stays(table: str, column: str) -> bool:
    kept = FATES[table]
    return kept.fate is Fate.STAYS or (kept.fate is Fate.EMPTIED and kept.words != column)
