"""A coach's photo: given and taken away on their page, shown to the people whom they meet."""

import asyncio
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from jobcenter.errors import Invalid
from jobcenter.intake import portraits
from jobcenter.photos import drawn_anew
from jobcenter.web.asking import MAY_KNOW, Asking, WebRequest, needs
from jobcenter.web.client import Guest, give_guest
from jobcenter.web.intake.coaches import coach_page
from jobcenter.web.pages import see
from jobcenter.web.places import LARGEST_BODY_BYTES, as_picture


@post(
    "/coaches/{coach_id:uuid}/photo",
    guards=[needs("coach")],
    request_max_body_size=LARGEST_BODY_BYTES,
    status_code=200,
)
async def give(
    request: WebRequest, asking: NamedDependency[Asking], coach_id: FromPath[UUID]
) -> Response[str]:
    """Keep the coach's own photo, drawn anew."""
    form = await request.form()
    given = form.get("photo")
    data = await given.read() if isinstance(given, UploadFile) else b""
    try:
        photo = await asyncio.to_thread(drawn_anew, data)
        await asking.act(
            portraits.give,
            coach_id=coach_id,
            photo=photo,
            agreed=bool(form.get("agreed")),
            now=asking.now,
        )
    except Invalid as invalid:
        return await coach_page(asking, coach_id, faults=invalid.faults, status=422)
    return see(f"/coaches/{coach_id}", note="saved")


@post("/coaches/{coach_id:uuid}/photo/remove", guards=[MAY_KNOW])
async def take_away(asking: NamedDependency[Asking], coach_id: FromPath[UUID]) -> Response[str]:
    """Let go of it."""
    await asking.act(portraits.take_away, coach_id=coach_id, now=asking.now)
    return see(f"/coaches/{coach_id}", note="saved")


@get("/coach-photos/{photo_id:uuid}", guards=[MAY_KNOW])
async def show(asking: NamedDependency[Asking], photo_id: FromPath[UUID]) -> Response[bytes]:
    """Show it to the coach and to whoever assigns in their unit."""
    return as_picture(await asking.read(portraits.picture, photo_id=photo_id), keep="no-store")


@get("/gig/coach-photos/{photo_id:uuid}")
async def show_worker(guest: NamedDependency[Guest], photo_id: FromPath[UUID]) -> Response[bytes]:
    """Show it to a worker whom the coach meets; it stays on nobody's disk."""
    jpeg = await guest.asking.read(portraits.picture, photo_id=photo_id)
    return as_picture(jpeg, keep="no-store")


router = Router(
    "/",
    dependencies={"guest": Provide(give_guest)},
    route_handlers=[give, take_away, show, show_worker],
)
