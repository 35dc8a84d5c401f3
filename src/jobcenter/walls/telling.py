"""Puts the matrix into words: the page that a data-protection officer and a developer both read."""

from collections.abc import Iterator, Mapping

from jobcenter.database import Face
from jobcenter.walls.matrix import KEYHOLES, READERS, WINDOWS, Cell, walls

# What each word for rows means, to a reader.
WORDS: Mapping[str, str] = {
    "all": "all",
    "party": "own party's",
    "party_self": "own party",
    "own": "own",
    "self": "own",
    "own_shown": "own words, and what was passed on",
    "own_asked": "own, of gigs that one was asked to",
    "unit": "own units', with the right to see clients",
    "unit_or_any": "own units', or nobody's; of clients only one's caseload",
    "known": "own units' or caseload, covered",
    "user": "own",
    "user_or_admin": "own; the administrator: all",
    "admin": "the administrator",
    "log": "keepers of the log",
    "user_or_log": "own; keepers of the log: all",
    "settle": "who settles the accounts",
    "party_or_settle": "own party's; who settles the accounts: all",
    "user_draft": "own",
    "visitor_draft": "of the same browser, not signed in",
    "of_client": "own units', covered",
    "looked_at": "own units', covered, once the look is committed",
    "cards": "own units', covered; the extract where they assign",
    "benefits": "benefits role, own units'",
    "talk": "benefits role, or in a talk, own units'",
    "of_gig": "of visible gigs",
    "of_order": "of own orders",
    "of_site": "of visible sites",
    "of_agreement": "of own agreements",
    "of_met_coach": "of coaches at own gigs",
    "of_own_coach": "own",
    "of_coach": "own; who assigns in the unit",
    "by_gig": "of own gigs",
    "by_order_site": "of own gigs",
    "by_order_party": "of own gigs",
    "by_asked": "of gigs that one was asked to",
    "by_visit_gig": "of own gigs",
    "by_visit": "of own gigs",
}
LETTERS = {"r": "read", "a": "add", "u": "change", "d": "delete"}


def page() -> str:
    """Return the matrix as a table in Markdown, with its windows and keyholes."""
    return "\n".join((*_table(), "", *_windows())) + "\n"


def _table() -> Iterator[str]:
    yield f"| Table | {' | '.join(READERS)} | service, by actions |"
    yield f"|---{'|---' * len(READERS)}|---|"
    for wall in walls():
        cells = (_cell(wall.reads.get(face)) for face in READERS)
        acts = ", ".join(LETTERS[letter] for letter in wall.acts)
        yield f"| `{wall.table}` | {' | '.join(cells)} | {acts} |"


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "–"
    columns = f": {', '.join(cell.columns)}" if cell.columns else ""
    return f"{WORDS[cell.rows]}{columns}"


def _windows() -> Iterator[str]:
    yield "| Window | for |"
    yield "|---|---|"
    for name, faces in (*WINDOWS.items(), *KEYHOLES.items()):
        yield f"| `{name}` | {', '.join(sorted(_names(faces)))} |"


def _names(faces: frozenset[Face]) -> list[str]:
    return [face.value for face in faces]
