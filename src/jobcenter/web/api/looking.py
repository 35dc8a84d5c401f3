"""Looks of programs: whoever an answer names, or is asked for in vain, is written down first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from jobcenter.database import Json
from jobcenter.errors import PlaceGone, PlaceIsTaken
from jobcenter.orders.queries import api
from jobcenter.orders.queries.chances import OtherTask
from jobcenter.orders.strangers import note_refusal
from jobcenter.times import local
from jobcenter.web.asking import Asking
from jobcenter.web.sheet import elsewhere

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


@asynccontextmanager
async def others_told(asking: Asking, *, order_id: UUID, client_id: UUID) -> AsyncIterator[None]:
    """Tell whoever lost a race for a place of the other tasks that suit the client."""
    try:
        yield
    except PlaceIsTaken as lost:
        left = await elsewhere(asking, order_id=order_id, client_id=client_id)
        raise PlaceGone(lost.sentence, alternatives=[_task(one) for one in left.tasks]) from None


def _task(one: OtherTask) -> Json:
    return {
        "order_id": str(one.order_id),
        "number": one.number,
        "task": one.task,
        "site": one.site,
        "start": local(one.start).isoformat(),
    }
