"""Which role reads which kind of data, worked out from the rights of roles and the matrix.

The matrix tells of logins; a person has roles. Here each word for rows is read as what one of the
known roles reaches by it, in the unit for which the role was given.
"""

from collections.abc import Collection, Iterator, Mapping

from jobcenter.database import Face, OrganiserId, Who
from jobcenter.reference.roles import ROLES
from jobcenter.walls.matrix import WINDOWS, walls

NOTHING = "–"
# The kinds of data of DOMAIN §4.1, and the tables and windows that they lie in.
KINDS: Mapping[str, tuple[str, ...]] = {
    "Orders: task, time, place, pay": ("orders", "order_places"),
    "Gigs, with declines and their reasons": ("gigs", "gig_events"),
    "First name and number of who comes, as they agreed": ("agreed_workers",),
    "Name, number, address": ("client_contacts",),
    "Names alone, for benefits or pay": ("advised", "named_pay"),
    "Support needs and what helps": ("client_needs", "client_need_notes"),
    "Strengths, wishes, hours, limits": ("client_strengths", "client_wishes", "client_hours"),
    "Cards and permits": ("client_qualifications",),
    "Decisions 27 d/e": ("service_decisions",),
    "Consents": ("client_consents",),
    "Benefits and own limits": ("client_benefits",),
    "Earnings against limits": ("earnings_periods", "earnings_entries"),
    "Why somebody is proposed, or nearly": ("proposal_rows", "near_misses"),
    "Reports and feedback": ("incidents", "feedbacks"),
    "Pay": ("pay_rows",),
    "Invoices": ("invoice_lines",),
    "Units by their real names": ("units",),
    "Who looked, and what was told outside": ("looks", "disclosures"),
    "Changes of rights": ("right_events",),
}
CLIENT = "client"
# What a window shows, and the right without which it is empty; whose it shows by its own rule.
SHOWS: Mapping[str, tuple[str, str]] = {
    "agreed_workers": ("order", "own orders', after the yes"),
    "advised": ("override_ceiling", "own units', after the look"),
    "named_pay": ("settle", "all, after the look"),
}
ALL, UNITS, CASELOAD = "all", "own units'", "own caseload"
OWN, PARTYS = "own", "own party's"
TALK = "in a talk with them"
OF_PEOPLE = {"unit", "known", "of_client", "looked_at", "cards", "of_gig"}
OF_PARTY = {"party", "party_self", "of_order", "of_site", "of_agreement", "party_or_settle"}
# Rows for whoever has a right, in the whole organiser.
BY_RIGHT: Mapping[str, str] = {
    "admin": "organise",
    "log": "read_log",
    "settle": "settle",
    "party_or_settle": "settle",
}


def reach(rows: str, rights: Collection[str]) -> str:
    """Return what somebody of staff with these rights reads of rows that a word tells of."""
    if rows in BY_RIGHT:
        return ALL if BY_RIGHT[rows] in rights else NOTHING
    if rows in {"benefits", "talk"} and "override_ceiling" in rights:
        return UNITS
    if rows == "talk" and {"assign", "coach"} & set(rights):
        return TALK
    less = ", no extract" if rows == "cards" and "assign" not in rights else ""
    if rows in OF_PEOPLE and "see_clients" in rights:
        return UNITS + less
    if rows in OF_PEOPLE - {"unit"} and "see_caseload" in rights:
        return CASELOAD + less
    return ALL if rows == "all" else NOTHING


def face_of(rights: Collection[str]) -> Face:
    """Return the login under which a role with these rights reads."""
    return Who(OrganiserId(1), "role", rights=frozenset(rights)).face


def cell(table: str, role: str) -> str:
    """Return what a known role, or a client, reads of a table or through a window."""
    rights = ROLES[role].rights if role in ROLES else ()
    face = Face.CLIENT if role == CLIENT else face_of(rights)
    if table in WINDOWS:
        right, shown = SHOWS[table]
        return shown if face in WINDOWS[table] and right in rights else NOTHING
    found = next(wall for wall in walls() if wall.table == table).reads.get(face)
    if found is None:
        return NOTHING
    if face is Face.CLIENT and found.rows != "all":
        return OWN
    if face is Face.ORDERER:
        return PARTYS if found.rows in OF_PARTY else NOTHING
    return ALL if face is Face.AUDITOR else reach(found.rows, rights)


def kind(name: str, role: str) -> str:
    """Return what a role reads of a kind of data: of all its tables, each thing once."""
    found = dict.fromkeys(cell(table, role) for table in KINDS[name])
    told = [one for one in found if one != NOTHING]
    return "; ".join(told) or NOTHING


def page() -> str:
    """Return roles against kinds of data as a table in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    roles = (CLIENT, *ROLES)
    heads = ["client", *(role.name_en for role in ROLES.values())]
    yield f"| Kind of data | {' | '.join(heads)} |"
    yield f"|---{'|---' * len(heads)}|"
    for name in KINDS:
        yield f"| {name} | {' | '.join(kind(name, role) for role in roles)} |"
