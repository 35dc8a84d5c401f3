"""The opening of a story that begins with a confirmed gig: placed, proposed, asked, agreed."""

from datetime import timedelta
from uuid import UUID

from tests.cast import MONDAY
from tests.stories.stage import Stage
from tests.web.surfer import Surfer

FRIDAY = MONDAY - timedelta(days=3)
# Tuesday 24.11., nine in Helsinki; the gig begins at ten.
TUESDAY = MONDAY + timedelta(days=1)
TEN = TUESDAY + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
AINO_PHONE = "+358455550100"
FORM = {
    "task": "2", "title": "Tiskaus", "timing": "fixed", "day": "2026-11-24", "start": "10",
    "end": "13", "pay": "11,50", "contact_name": "Sari Salo", "contact_phone": "040 123 4567",
    "contact_email": "sari@keittio.example",
}  # fmt: skip


async def place(sari: Surfer, site: UUID, **fields: str) -> UUID:
    """Place Sari's order through the form and its review."""
    filled = {**FORM, **fields, "site": str(site)}
    review = await sari.send_form("/orders/new?fresh=true", "/orders/new", **filled)
    assert review.status_code == 200
    sent = await sari.send_shown(review, "/orders")
    assert sent.status_code == 303, sent.text
    return UUID(sent.headers["location"].split("/")[2])


async def agreed(stage: Stage, **fields: str) -> tuple[UUID, UUID]:
    """Let Sari order on Friday, Maija ask Aino, and Aino say yes; return the order and the gig."""
    stage.clock.now = FRIDAY
    sari = await stage.signed_in(stage.cast.sari)
    order_id = await place(sari, stage.cast.site, **fields)
    await stage.run()
    asked = await stage.ask(stage.cast.maija, order_id, stage.cast.aino)
    assert asked.status_code == 303, asked.text
    await stage.run()
    phone = await stage.phone_of(AINO_PHONE)
    assert (await phone.send_form("/gig", "/gig/yes")).status_code == 303
    await stage.run()
    [gig] = await stage.works.fresh.owner("SELECT id FROM gigs WHERE status = 'confirmed'")
    return order_id, gig["id"]
