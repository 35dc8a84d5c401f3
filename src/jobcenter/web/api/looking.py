"""Looks of programs: whoever an answer names, or is asked for in vain, is written down first."""

from uuid import UUID

from jobcenter.orders.queries import api
from jobcenter.orders.strangers import note_refusal
from jobcenter.web.asking import Asking

PURPOSE = "api"


async def look_first(
    asking: Asking, *, order_id: UUID | None = None, gig_id: UUID | None = None
) -> None:
    """Commit a look for each client that the answer tells of, and for one that it refuses."""
    told = await asking.read(api.named, order_id=order_id, gig_id=gig_id)
    await asking.look(told, what="gig", purpose=PURPOSE)
    staff = asking.who.may("assign") or asking.who.may("coach")
    if gig_id and staff and not told:
        await asking.act(note_refusal, gig_id=gig_id, purpose=PURPOSE, now=asking.now)
