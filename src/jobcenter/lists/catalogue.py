"""Every list that an organiser keeps, by its address, in the groups of the first page."""

from collections.abc import Mapping

from jobcenter.errors import NotFound
from jobcenter.lists.agreements import AGREEMENTS, PARTY_EMPLOYERS
from jobcenter.lists.dated import DATED
from jobcenter.lists.keeping import RETENTION
from jobcenter.lists.listing import Listing
from jobcenter.lists.messages import MESSAGES
from jobcenter.lists.things import THINGS
from jobcenter.lists.words import SERVICES, STRENGTHS

ALL = (*THINGS, STRENGTHS, SERVICES, AGREEMENTS, PARTY_EMPLOYERS, *DATED, RETENTION, MESSAGES)
LISTS: Mapping[str, Listing] = {one.code: one for one in ALL}


def listing_of(code: str) -> Listing:
    """Return a list by its address."""
    found = LISTS.get(code)
    if found is None:
        raise NotFound
    return found


def groups() -> Mapping[str, list[Listing]]:
    """Return the lists under the headings of the first page."""
    found: dict[str, list[Listing]] = {}
    for one in LISTS.values():
        found.setdefault(one.group, []).append(one)
    return found
