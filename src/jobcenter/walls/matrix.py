"""Which login may read which rows of which table, and what the service may do there.

This is the one place where it is written. `raising` builds the grants and policies from it after
every migration, a test tries every cell for real, and docs/security.md shows it. A table that is
missing here can be read by nobody, and fails the test.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jobcenter.database import Face
from jobcenter.reference.qualifications import EXTRACT

NOBODY = "-"
READERS: tuple[Face, ...] = tuple(face for face in Face if face is not Face.SERVICE)


def _of(parent: str, key: str, such: str = "true") -> str:
    """Tell whether a row points at a visible row, and such a one, of another table."""
    return (
        f"EXISTS (SELECT FROM {parent} WHERE {parent}.organiser_id = {{t}}.organiser_id"
        f" AND {parent}.id = {{t}}.{key} AND {such})"
    )


def _with(right: str, of: str = "{t}") -> str:
    """Tell whether a row is of a unit in which the asker has a right."""
    return f"{of}.unit_id = ANY ((SELECT asking_units_with('{right}'))::uuid[])"


def _by(child: str, key: str) -> str:
    """Tell whether a visible row of another table points at a row."""
    return (
        f"EXISTS (SELECT FROM {child} WHERE {child}.organiser_id = {{t}}.organiser_id"
        f" AND {child}.{key} = {{t}}.id)"
    )


IN_UNITS = "{t}.unit_id = ANY ((SELECT asking_units())::uuid[])"
SEEN_UNITS, CASELOAD_UNITS = _with("see_clients"), _with("see_caseload")
# A ledger is for the named benefits role, in its units only (SETTLED 20). It opens no record: who
# they are stands in a window of its own (`advised`).
LEDGERS = "{t}.client_id = ANY ((SELECT advised_clients())::uuid[])"
# Which rows: each word is a condition on the row `{t}`, told by who is asking. "of_" follows a key
# of the row to another table, "by_" one that points at it: what is visible there is visible here.
ROWS: Mapping[str, str] = {
    "all": "true",
    # Of the asking ordering party.
    "party": "{t}.party_id = (SELECT asking_party())",
    "party_self": "{t}.id = (SELECT asking_party())",
    # Of the asking client.
    "own": "{t}.client_id = (SELECT asking_client())",
    "self": "{t}.id = (SELECT asking_client())",
    # What the asking client told themself, or was passed on to them.
    "own_shown": "{t}.client_id = (SELECT asking_client()) AND {t}.for_client",
    # Why the asking client was asked: of a list they see their own line, once it was used.
    "own_asked": "{t}.client_id = (SELECT asking_client()) AND {t}.state = 'asked'",
    # Of the asker's units, as far as their right goes in each. A client: of the unit for whoever
    # may see all of it, of their own caseload, or while the asker has a visit there (SETTLED 27).
    "unit": SEEN_UNITS,
    "unit_or_any": f"({{t}}.unit_id IS NULL AND {{t}}.client_id IS NULL OR {IN_UNITS}"
    f" AND ({{t}}.client_id IS NULL OR NOT {CASELOAD_UNITS} OR {SEEN_UNITS}"
    " OR {t}.client_id = ANY ((SELECT caseload())::uuid[])))",
    "known": f"({SEEN_UNITS}"
    # The units come first: whoever has no caseload then never looks one up.
    f" OR {CASELOAD_UNITS} AND {{t}}.id = ANY ((SELECT caseload())::uuid[])"
    " OR {t}.id = ANY ((SELECT covered_clients())::uuid[])"
    " OR {t}.id = ANY ((SELECT emergency_clients())::uuid[]))",
    # Of the asking user, or of a browser on which nobody has signed in.
    "user": "{t}.user_id = (SELECT asking_actor())",
    "user_or_admin": "({t}.user_id = (SELECT asking_actor())"
    " OR (SELECT 'organise' = ANY (asking_rights())))",
    "admin": "(SELECT 'organise' = ANY (asking_rights()))",
    # Of the use log, for whoever may read it beside other work.
    "log": "(SELECT 'read_log' = ANY (asking_rights()))",
    "user_or_log": "({t}.user_id = (SELECT asking_actor())"
    " OR (SELECT 'read_log' = ANY (asking_rights())))",
    # Of the accounts, for whoever settles them; an orderer's lines for the orderer too.
    "settle": "(SELECT 'settle' = ANY (asking_rights()))",
    "party_or_settle": "({t}.party_id = (SELECT asking_party())"
    " OR (SELECT 'settle' = ANY (asking_rights())))",
    "user_draft": "{t}.owner = 'user:' || (SELECT asking_actor())",
    "visitor_draft": "{t}.owner = 'visitor:' || (SELECT asking_visitor())",
    "of_client": _of("clients", "client_id"),
    # Who somebody is and what they need, once the look of this request is committed (SETTLED 25).
    "looked_at": f"{{t}}.client_id = ANY ((SELECT looked_at())::uuid[])"
    f" AND {_of('clients', 'client_id')}",
    # Cards but the extract of the criminal record, which is for whoever assigns (DOMAIN §4.1).
    "cards": f"{_of('clients', 'client_id')} AND ({{t}}.code <> '{EXTRACT}'"
    f" OR {_of('clients', 'client_id', _with('assign', 'clients'))})",
    "benefits": LEDGERS,
    # A person's benefits open in a talk that they began too, once the look is committed.
    "talk": f"({LEDGERS} OR {{t}}.client_id = ANY ((SELECT talked_with())::uuid[])"
    f" AND {_of('clients', 'client_id')})",
    "of_gig": _of("gigs", "gig_id"),
    "of_order": _of("orders", "order_id"),
    "of_site": _of("sites", "site_id"),
    "of_agreement": _of("agreements", "agreement_id"),
    # Of a coach whom the asking client meets: who that is, a gig of theirs says.
    "of_met_coach": _of("coaches", "coach_id"),
    "of_own_coach": _of("coaches", "coach_id", "coaches.user_id = (SELECT asking_actor())"),
    "of_coach": _of(
        "coaches",
        "coach_id",
        f"(coaches.user_id = (SELECT asking_actor()) OR {_with('assign', 'coaches')})",
    ),
    "by_gig": _by("gigs", "order_id"),
    "by_order_site": _by("orders", "site_id"),
    "by_order_party": _by("orders", "party_id"),
    "by_asked": _by("proposal_rows", "proposal_id"),
    "by_visit_gig": _by("visit_gigs", "visit_id"),
    "by_visit": _by("visits", "coach_id"),
}

# Which columns, where not all: behind a colon in the cell. The organiser's id is always among them.
COLUMNS: Mapping[tuple[str, str], str] = {
    ("parties", "name"): "id kind name",
    ("units", "name"): "id name",
    ("units", "phone"): "id name phone",
    ("grants", "unit"): "id user_id unit_id",
    ("units", "place"): "id lat lon active",
    ("proposals", "order"): "id order_id made_at",
    ("proposal_rows", "why"): "proposal_id client_id state reasons",
    ("unit_sites", "place"): "id unit_id lat lon valid_from valid_to",
    # For counting what an invariant says of them; a hash opens nothing.
    ("sessions", "hashes"): "token_hash link_hash former_hash user_id ended_at",
    ("api_tokens", "hashes"): "token_hash user_id revoked_at",
    ("client_unlocks", "hashes"): "session_hash",
    ("passkeys", "holder"): "id user_id",
    # For counting what a seal covers.
    **dict.fromkeys(
        (("emergencies", "sealed"), ("benefit_talks", "sealed"), ("right_events", "sealed")),
        "id xid",
    ),
    # Of whoever is about to come in; who that may be is asked with a secret first.
    ("users", "standing"): "id name language disabled_at",
    # The hash of a PIN is for the one action that compares it.
    ("client_pins", "state"): "client_id set_at set_by wrong rests_until",
    ("coaches", "name"): "id unit_id name",
    ("coaches", "codes"): "id unit_id languages active site_id lat lon",
    # Where a calendar is read from opens all of it; whoever gave it sees how that goes.
    ("coach_calendars", "state"): "coach_id host given_at read_at tried_at trouble misses",
    ("clients", "unit"): "id unit_id",
    ("clients", "codes"): "id unit_id site_id spoken region lat lon limits outdoors step_free"
    " travel_minutes week_minutes week_gigs in_pool paused rest_days one_new legal_basis",
    ("service_decisions", "codes"): "id client_id kind first_day last_day",
    ("task_types", "codes"): "id number version demands outdoors qualifications pay_group",
    ("sites", "codes"): "id party_id region lat lon step_free toilet quiet_place confirmed_on",
    ("orders", "codes"): "id number party_id site_id task_type_id channel status demands outdoors"
    " qualifications language step_free places group_visit timing minutes starts start first_start"
    " last_end escalated zone hourly_cents pay_group asks_for_shaping version",
    # What a coach who was there adds is for their colleagues and for the worker.
    ("place_passports", "told"): "site_id version stairs toilet_where lockers wear breaks light"
    " noise contact_name contact_phone reserve_name reserve_phone written_at written_by"
    " confirmed_version confirmed_at",
    ("invitations", "typed"): "id party_id name email expires_at manages",
    # An orderer sees that they told something, and which face; the words are closed to them.
    ("feedbacks", "face"): "gig_id told_from party_id face told_at",
    ("gigs", "codes"): "id order_id place_no kept_place client_id status during hourly_cents"
    " pay_cents assigned_at answer_by worked_minutes",
}

# r reads, a adds, u changes, d deletes: the service, within its organiser.
MATRIX = """
table                visitor        orderer       client         staff         worker  matcher    auditor    act
organisers           all            all           all            all           all     -          all        ru
districts            all            all           all            all           all     -          all        r
status_moves         -              -             -              all           all     -          -          r
units                -              -             all:phone      all           all     all:place  all:name   raud
unit_days            -              -             -              all           all     all        -          raud
unit_sites           -              -             -              all           all     all:place  -          raud
unit_closures        -              -             -              all           all     all        -          raud
unit_covers          -              -             -              admin         -       -          -          raud
stand_ins            all            -             -              all           all     -          -          raud
upkeep_events        -              -             -              -             -       -          -          rad
employers            all            all           -              all           all     -          -          raud
parties              -              party_self    by_order_party:name all      all     -          -          raud
party_employers      -              party         -              all           all     -          -          raud
register_answers     -              -             -              all           all     -          -          raud
sites                -              party         by_order_site  all           all     all:codes  -          raud
place_passports      -              of_site:told  of_site        all           -       -          -          raud
place_photos         -              of_site       of_site        all           -       -          -          raud
place_events         -              -             -              -             -       -          -          raud
task_types           all            all           all            all           all     all:codes  -          raud
agreements           -              party         -              all           all     -          -          raud
agreed_tasks         -              of_agreement  -              all           all     -          -          raud
agreed_sites         -              of_agreement  -              all           all     -          -          raud
figures              all            all           all            all           all     all        all        raud
coaching_rules       -              -             -              all           all     all        -          raud
counter_rules        -              -             -              all           all     all        -          raud
cancellation_terms   all            all           -              all           all     -          -          raud
benefit_rules        -              -             all            all           all     all        -          raud
terms_of_use         all            all           -              all           all     -          -          raud
terms_acceptances    -              party         -              all           -       -          -          ra
roles                all            -             -              all           all     -          all        raud
users                all:standing   -             -              all           all     -          all        raud
grants               all            -             all:unit       all           all     -          all        raud
invitations          -              party:typed   -             -             all     -          -          raud
signin_links         -              -             -              -             all     -          -          raud
sessions             -              user          -              user          all:hashes -       user       raud
passkeys             -              user          -              user          all:holder -       user       raud
attempts             -              -             -              -             -       -          -          raud
tries                -              -             -              -             -       -          -          raud
api_tokens           -              -             -              user_or_admin all:hashes -       -          raud
drafts               visitor_draft  user_draft    -              user_draft    -       -          -          raud
coaches              -              -             by_visit:name  all           all     all:codes  -          raud
coach_hours          -              -             -              all           all     all        -          raud
coach_photos         -              -             of_met_coach   of_coach      -       -          -          raud
coach_absences       -              -             -              of_coach      all     all        -          raud
coach_calendars      -              -             -              of_own_coach:state all -          -          raud
coach_busy           -              -             -              of_coach     all     all          -          rad
series               -              party         -              all           all     -          -          raud
orders               -              party         by_gig         all           all     all:codes  -          raud
order_places         -              of_order      -              all           all     all        -          raud
order_events         -              of_order      -              all           all     -          -          rau
idempotency_keys     -              -             -              -             all     -          -          raud
gigs                 -              -             own            of_client     all     all:codes  -          raud
gig_events           -              -             of_gig         of_gig        all     -          -          rau
gig_supports         -              -             of_gig         of_gig        all     all        -          raud
visits               -              -             by_visit_gig   all           all     all        -          raud
visit_gigs           -              -             of_gig         of_gig        all     all        -          raud
flags                -              -             -              of_gig        all     -          -          raud
attendances          -              -             -              of_gig        -       -          -          rau
incidents            -              -             own_shown      of_client     -       -          -          raud
feedbacks            -              party:face    own_shown      of_client     -       -          -          raud
hours_records        -              -             -              -             all     -          -          rau
pay_rows             -              -             own            settle        all     -          -          rau
invoice_lines        -              party         -              party_or_settle all   -          -          rau
statements           -              -             -              settle        all     -          -          rau
exports              -              -             -              user_or_log   all     -          all        raud
export_files         -              -             -              user          -       -          -          raud
links                -              -             -              -             all     -          -          raud
replies              -              -             own            of_client     all     -          -          raud
rounds               -              -             -              all           all     -          -          raud
proposals            -              -             by_asked:order all           all     all        -          raud
proposal_rows        -              -             own_asked:why  unit          all     all        -          raud
near_misses          -              -             -              unit          all     -          -          raud
changes              -              -             -              -             all     -          -          raud
clients              -              -             self           known         all     all:codes  all:unit   raud
client_contacts      -              -             own            looked_at     all     -          -          raud
client_keys          -              -             own            of_client     all     -          -          raud
client_strengths     -              -             own            of_client     all     all        -          raud
client_wishes        -              -             own            of_client     all     all        -          raud
client_qualifications -             -             own            cards         all     all        -          raud
client_hours         -              -             own            of_client     all     all        -          raud
client_exceptions    -              -             own            of_client     all     all        -          raud
client_activity      -              -             own            of_client     all     all        -          raud
service_decisions    -              -             own            of_client     all     all:codes  -          raud
client_practised     -              -             own            of_client     all     all        -          raud
client_needs         -              -             own            of_client     all     all        -          raud
client_need_notes    -              -             own            looked_at     -       -          -          raud
client_benefits      -              -             own            talk          all     all        -          raud
client_links         -              -             own            of_client     all     -          -          raud
client_pins          -              -             own:state      of_client:state -       -          -          raud
client_unlocks       -              -             own            -             all:hashes -       -          raud
client_consents      -              -             own            of_client     all     -          -          rau
earnings_periods     -              -             own            benefits      all     all        -          raud
earnings_entries     -              -             own            benefits      all     -          -          rad
looks                -              -             own            log           all     -          all        ra
disclosures          -              -             own            log           all     -          all        ra
seals                -              -             -              log           all     -          all        ra
guesses              -              -             -              log           -       -          all        raud
emergencies          -              -              own            user_or_log   all:sealed -          all        rau
benefit_talks        -              -              own            user_or_log   all:sealed -          all        ra
choices              all            all           all            all           all     all        -          raud
own_wordings         -              -             -              all           all     -          -          raud
list_changes         -              -             -              admin         all     -          all        raud
right_events         -              -              -              admin         all:sealed -          all        ra
notices              -              -             -              -             all     -          -          raud
todos                -              -             own            unit_or_any   all     -          -          raud
gateways             -              -             -              all           all     -          -          raud
schedule_runs        -              -             -              -             all     -          -          raud
demo_inbox           -              -             -              -             all     -          -          raud
erasures             -              -             -              -             all     -          all        ra
legal_holds          -              -             -              log           all     -          all        rau
retention_sweeps     -              -             -              -             all     -          all        ra
alembic_version      -              -             -              -             -       -          -          r
"""  # noqa: E501 - a table is read across

# Views that show a face a part of tables which it may not read: each applies its rule itself, runs
# with its owner's rights and is a security barrier (migrations/sql/windows.sql).
WINDOWS: Mapping[str, frozenset[Face]] = {
    "agreed_gigs": frozenset({Face.ORDERER, Face.STAFF}),
    "agreed_workers": frozenset({Face.ORDERER, Face.STAFF}),
    "colleagues": frozenset({Face.ORDERER}),
    "accepted_terms": frozenset({Face.ORDERER}),
    "taken_places": frozenset({Face.STAFF}),
    "named_pay": frozenset({Face.STAFF}),
    "advised": frozenset({Face.STAFF}),
    "ledger_lines": frozenset({Face.STAFF}),
    "own_browsers": frozenset({Face.CLIENT}),
}

# Whoever has a browser may hold a link, also somebody who is signed in.
EVERYBODY = frozenset(READERS) - {Face.MATCHER}

# What a link of 256 bits opens, for whoever knows it: no login can look through all of them.
KEYHOLES: Mapping[str, frozenset[Face]] = {
    "opened_gig(bytea)": EVERYBODY,
    "opened_own(bytea)": EVERYBODY,
    "opened_door(bytea,bytea)": EVERYBODY,
    "opened_signin(bytea)": EVERYBODY,
    "opened_invitation(bytea)": EVERYBODY,
    "opened_session(bytea)": frozenset({Face.VISITOR}),
    "opened_order(bytea)": frozenset({Face.VISITOR}),
    "opened_feed(bytea)": frozenset({Face.VISITOR}),
}

# Whom the asker may know, found past the walls: for the policies of staff, and for what acts.
CIRCLES: Mapping[str, frozenset[Face]] = dict.fromkeys(
    (
        "caseload()", "covered_clients()", "emergency_clients()", "looked_at()", "talked_with()",
        "advised_clients()",
    ),
    frozenset({Face.STAFF, Face.SERVICE}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What one login may read of one table: which rows, and which columns where not all."""

    rows: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wall:
    """One line of the matrix."""

    table: str
    reads: Mapping[Face, Cell]
    """Only the logins that may read anything of it."""
    acts: str


def walls() -> tuple[Wall, ...]:
    """Return the matrix, a wall a table."""
    heads, *lines = (line.split() for line in MATRIX.strip().splitlines())
    faces = [Face(head) for head in heads[1:]]
    return tuple(_wall(line[0], dict(zip(faces, line[1:], strict=True))) for line in lines)


def _wall(table: str, cells: Mapping[Face, str]) -> Wall:
    reads = {face: _cell(table, cells[face]) for face in READERS if cells[face] != NOBODY}
    return Wall(table, reads, cells[Face.SERVICE])


def _cell(table: str, word: str) -> Cell:
    rows, _, columns = word.partition(":")
    return Cell(rows, tuple(COLUMNS[table, columns].split()) if columns else ())
