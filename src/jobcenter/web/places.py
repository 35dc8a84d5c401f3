"""Places of work and their passports: orderers write them, coaches confirm them, workers read."""

import asyncio
import re
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.errors import Conflict, Fault, Invalid
from jobcenter.fields import phone_of, text_of
from jobcenter.orders import places
from jobcenter.orders.places import Described
from jobcenter.orders.queries import places as seen
from jobcenter.people.passports import PEOPLE, WORDS
from jobcenter.photos import MOST_BYTES, drawn_anew
from jobcenter.web.asking import Asking, WebRequest, needs
from jobcenter.web.client import Guest, give_guest
from jobcenter.web.pages import page, see

Sent = URLEncodedBody[dict[str, str]]
SHORT, LONG = 200, 500
LARGEST_BODY_BYTES = MOST_BYTES + 64 * 1024
TICKS = ("step_free", "toilet", "quiet_place")
NOISES = ("0", "1", "2", "3")
# Short enough to type on a phone with cold hands, long enough not to be guessed at the first try.
CODE = re.compile(r"[^\W_]{3,12}")


@get("/places", guards=[needs("order")])
async def own(asking: NamedDependency[Asking]) -> Response[str]:
    """List the party's places."""
    return page(asking, "orderer/places.html", places=await asking.read(seen.own_places))


@get("/places/{site_id:uuid}", guards=[needs("order", "coach", "see_clients")])
async def one(
    asking: NamedDependency[Asking], site_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one place."""
    return await _place(asking, site_id, note=note)


async def _place(
    asking: Asking,
    site_id: UUID,
    *,
    note: str = "",
    faults: tuple[Fault, ...] = (),
    given: dict[str, str] | None = None,
    trouble: str = "",
) -> Response[str]:
    asking.path = f"/places/{site_id}"
    place = await asking.read(seen.place, site_id=site_id)
    there = asking.who.may("coach") and await asking.read(
        places.has_been_there, site_id=site_id, now=asking.now
    )
    return page(
        asking,
        "orderer/place.html",
        status=422 if faults else 409 if trouble else 200,
        place=place,
        given=given or _shown(place),
        faults={fault.field: [fault] for fault in faults},
        may_write=there or asking.who.may("order"),
        may_confirm=there,
        note=note,
        trouble=trouble,
    )


def _shown(place: seen.Place) -> dict[str, str]:
    """Return the form as the passport stands."""
    site = place.site
    ticks = {"step_free": site.step_free, "toilet": site.toilet, "quiet_place": site.quiet_place}
    told = {name: str(getattr(place.passport, name, "")) for name in (*WORDS, *PEOPLE)}
    noise = str(place.passport.noise if place.passport else 1)
    boxes = {name: "1" if ticked else "" for name, ticked in ticks.items()}
    return {
        **told, **boxes, "noise": noise, "entrance": site.entrance, "code": site.code or ""
    }  # fmt: skip


@post("/places/{site_id:uuid}", guards=[needs("order", "coach")], status_code=200)
async def write(
    asking: NamedDependency[Asking], site_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Write a place's passport."""
    faults: list[Fault] = []
    told = _described(data, faults)
    blank = dict.fromkeys(("step_free", "toilet", "quiet_place", "noise", "entrance", "code"), "")
    given = {**blank, **dict.fromkeys((*WORDS, *PEOPLE), ""), **data}
    if faults:
        return await _place(asking, site_id, faults=tuple(faults), given=given)
    try:
        await asking.act(
            places.describe, site_id=site_id, version=_version(data), told=told, now=asking.now
        )
    except Conflict as changed:
        return await _place(asking, site_id, trouble=asking.say(changed.sentence), given=given)
    return see(f"/places/{site_id}", note="written")


def _described(data: dict[str, str], faults: list[Fault]) -> Described:
    words = {
        name: text_of(data.get(name, ""), name, faults, most=LONG, lines=True) for name in WORDS
    }
    for name in PEOPLE:
        raw = data.get(name, "")
        is_phone = name.endswith("phone")
        words[name] = (
            phone_of(raw, name, faults) if is_phone else text_of(raw, name, faults, most=SHORT)
        )
    noise = data.get("noise", "1")
    if noise not in NOISES:
        faults.append(Fault("noise", "unknown", "Please choose one from the list."))
    entrance = text_of(data.get("entrance", ""), "entrance", faults, most=LONG)
    code = text_of(data.get("code", ""), "code", faults)
    if code and not CODE.fullmatch(code):
        faults.append(Fault("code", "bad", "A code has 3 to 12 letters or numbers, no spaces."))
    ticked = any(data.get(name) for name in TICKS)
    if not (faults or entrance or code or ticked or any(words.values()) or noise != "1"):
        faults.append(Fault("entrance", "blank", "Please tell one thing at least."))
    return Described(
        entrance=entrance,
        step_free=bool(data.get("step_free")),
        toilet=bool(data.get("toilet")),
        quiet_place=bool(data.get("quiet_place")),
        noise=int(noise) if noise in NOISES else 1,
        code=code,
        words=words,
    )


def _version(data: dict[str, str]) -> int:
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


@post("/places/{site_id:uuid}/confirm", guards=[needs("coach")])
async def confirm(
    asking: NamedDependency[Asking], site_id: FromPath[UUID], data: Sent
) -> Response[str]:
    """Confirm that the place is as it is written."""
    remark = data.get("remark", "")[:LONG].strip()
    try:
        await asking.act(
            places.confirm, site_id=site_id, version=_version(data), remark=remark, now=asking.now
        )
    except Conflict as refused:
        return await _place(asking, site_id, trouble=asking.say(refused.sentence))
    return see(f"/places/{site_id}", note="confirmed")


@post(
    "/places/{site_id:uuid}/photos",
    guards=[needs("order", "coach")],
    request_max_body_size=LARGEST_BODY_BYTES,
)
async def add_photo(
    request: WebRequest, asking: NamedDependency[Asking], site_id: FromPath[UUID]
) -> Response[str]:
    """Keep a photo, drawn anew."""
    form = await request.form()
    given = form.get("photo")
    caption = str(form.get("caption", ""))[:SHORT].strip()
    data = await given.read() if isinstance(given, UploadFile) else b""
    try:
        photo = await asyncio.to_thread(drawn_anew, data)
        await asking.act(
            places.add_photo, site_id=site_id, photo=photo, caption=caption, now=asking.now
        )
    except Invalid as invalid:
        return await _place(asking, site_id, faults=invalid.faults)
    except Conflict as refused:
        return await _place(asking, site_id, trouble=asking.say(refused.sentence))
    return see(f"/places/{site_id}", note="photo")


@post("/places/{site_id:uuid}/photos/{photo_id:uuid}/remove", guards=[needs("order", "coach")])
async def remove_photo(
    asking: NamedDependency[Asking], site_id: FromPath[UUID], photo_id: FromPath[UUID]
) -> Response[str]:
    """Take a photo away."""
    await asking.act(places.remove_photo, site_id=site_id, photo_id=photo_id, now=asking.now)
    return see(f"/places/{site_id}", note="removed")


@get("/photos/{photo_id:uuid}", guards=[needs("order", "coach", "see_clients")])
async def show(asking: NamedDependency[Asking], photo_id: FromPath[UUID]) -> Response[bytes]:
    """Give a photo to whoever orders there or works here."""
    return as_picture(await asking.read(seen.photo, photo_id=photo_id))


@get("/gig/photos/{photo_id:uuid}")
async def show_worker(guest: NamedDependency[Guest], photo_id: FromPath[UUID]) -> Response[bytes]:
    """Give a photo of a place to a worker who has a gig there.

    Their browser may be a borrowed one: where they work stays on nobody's disk.
    """
    jpeg = await guest.asking.read(seen.photo, photo_id=photo_id)
    return as_picture(jpeg, keep="no-store")


def as_picture(jpeg: bytes, *, keep: str = "private, max-age=3600") -> Response[bytes]:
    """Answer with a photo that we drew ourselves."""
    # On a page it is a picture; opened by itself it is a file, and of no origin that we have.
    headers = {
        "cache-control": keep,
        "content-disposition": 'attachment; filename="place.jpg"',
        "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
    }
    return Response(jpeg, media_type="image/jpeg", headers=headers)


router = Router(
    "/",
    dependencies={"guest": Provide(give_guest)},
    route_handlers=[
        own, one, write, confirm, add_photo, remove_photo, show, show_worker,
    ],
)  # fmt: skip
