"""Looks of programs: whoever an answer names, or is asked for in vain, is written down first."""

from uuid import UUID

from jobcenter.orders.queries import api
from jobcenter.web.asking import Asking

PURPOSE = "api"


async def look_first(
    asking: Asking, *, order_id: UUID | None = None, gig_id: UUID | None = None
) -> None:
    """Commit a look for each client that the answer tells of, and for each that it refuses."""
    named = await asking.read(api.named, order_id=order_id, gig_id=gig_id)
    await asking.look(named.told, what="gig", purpose=PURPOSE)
    await asking.look(named.refused, what="refused", purpose=PURPOSE)
