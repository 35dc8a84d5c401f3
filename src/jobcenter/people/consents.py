"""What a client may agree to: each purpose by itself, in the words of a version.

Whoever changes what a consent says gives it a new version; rows tell which words were agreed to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.people.clients import ClientConsent

NAME_TO_ORDERER = "name_to_orderer"
PHOTO_TO_ORDERER = "photo_to_orderer"
FULL_SMS = "full_sms"
POOL = "pool"
# For one gig at a time, on that gig's page.
PHONE_TO_ORDERER = "phone_to_orderer"

# The words stand in `templates/own/words.html`.
TEXT_VERSION = "2026-1"
PURPOSES = (NAME_TO_ORDERER, PHOTO_TO_ORDERER, FULL_SMS, POOL)
# What may be withdrawn wherever consents are: also what is given on the gig's page only.
WITHDRAWABLE = (*PURPOSES, PHONE_TO_ORDERER)
# How staff may have been told; a client's own click is "own_page" or "gig_page".
HOW_TOLD = ("face_to_face", "phone", "paper")


@dataclass(frozen=True, slots=True)
class Agreed:
    """How one purpose stands, and everything that was ever said about it, newest first."""

    purpose: str
    stands: bool
    history: tuple[ClientConsent, ...]
    rests: bool = False
    """Whether the unit has noted a break meanwhile."""

    @property
    def given_here(self) -> bool:
        """Whether it is given where consents are, not on the page of a gig."""
        return self.purpose in PURPOSES


async def consents_of(
    session: AsyncSession, *, client_id: UUID, in_pool: bool, paused: bool
) -> Sequence[Agreed]:
    """Return how each purpose stands; being in the pool is the client's own column."""
    rows = await session.scalars(
        select(ClientConsent)
        .where(ClientConsent.organiser_id == asker(session).organiser_id)
        .where(ClientConsent.client_id == client_id)
        .order_by(ClientConsent.given_at.desc(), ClientConsent.id.desc())
    )
    history = list(rows)
    said = {row.purpose for row in history}
    shown = (*PURPOSES, *(one for one in WITHDRAWABLE if one not in PURPOSES and one in said))
    found = (_agreed(purpose, history, in_pool=in_pool) for purpose in shown)
    return [replace(one, rests=one.stands and one.purpose == POOL and paused) for one in found]


def _agreed(purpose: str, rows: Sequence[ClientConsent], *, in_pool: bool) -> Agreed:
    own = tuple(row for row in rows if row.purpose == purpose)
    stands = in_pool if purpose == POOL else any(row.withdrawn_at is None for row in own)
    return Agreed(purpose, stands, own)
