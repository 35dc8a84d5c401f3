"""A place's passport: told once by its orderer, confirmed by a coach who was there, read by all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest

from jobcenter import access
from jobcenter.database import Who
from jobcenter.orders import linking, places
from jobcenter.orders.places import Described
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.test_photos import picture
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer
from tests.web.test_orderer import look_over

LATER = TUESDAY_TEN + timedelta(minutes=30)
TOLD = {
    "entrance": "The blue door in the yard",
    "stairs": "Four steps, no lift",
    "noise": "2",
    "toilet": "1",
    "toilet_where": "Behind the kitchen",
    "lockers": "A hook by the door",
    "breaks": "Soup at eleven",
    "wear": "Closed shoes",
    "contact_name": "Sari Salo",
    "contact_phone": "040 123 4567",
    "reserve_name": "Ville",
    "reserve_phone": "040 765 4321",
}


@asynccontextmanager
async def at(cast: Cast, who: Who, now: datetime = MONDAY) -> AsyncIterator[Surfer]:
    async with surfer(cast.database, Clock(now)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, who, now)
        yield browser


async def sent(browser: Surfer, path: str, action: str, **fields: str) -> httpx.Response:
    return await browser.send_form(path, action, **fields)


async def photo(browser: Surfer, path: str, data: bytes, name: str = "door.jpg") -> httpx.Response:
    fields = await browser.form(path, f"{path}/photos")
    return await browser.post(
        f"{path}/photos",
        data={"csrf": fields["csrf"], "caption": "The door"},
        files={"photo": (name, data, "image/jpeg")},
    )


async def test_told_once_confirmed_on_the_spot_and_read_by_the_worker(
    cast: Cast, fresh: Fresh
) -> None:
    path = f"/places/{cast.site}"
    agreed = await steps.agreed(cast, cast.aino)
    token = access.derived_token(CONFIG.secret, "gig", agreed.gig_id)
    await cast.database.act(
        cast.worker,
        linking.open_link,
        gig_id=agreed.gig_id,
        token_hash=access.hash_of(token),
        now=MONDAY,
    )
    async with at(cast, cast.sari) as browser:
        assert "Not told yet" in (await browser.get("/places")).text
        refused = await sent(browser, path, path, **{**TOLD, "contact_phone": "none"})
        assert refused.status_code == 422
        assert "Four steps, no lift" in refused.text
        stale = await browser.form(path, path)
        assert (await sent(browser, path, path, **TOLD)).headers["location"].endswith("written")
        # A form from before somebody's change is refused, and nothing that was typed is lost.
        late = await browser.post(path, data={**stale, **TOLD, "stairs": "None at all"})
        assert (late.status_code, "None at all" in late.text) == (409, True)
        await _one_code_each(cast, browser, path)
        assert (await photo(browser, path, b"%PDF-1.7")).status_code == 422
        for _ in range(5):
            assert (await photo(browser, path, picture())).headers["location"].endswith("photo")
        page = (await browser.get(path)).text
        assert f'action="{path}/photos"' not in page
        assert "Yes, it is as it is written here" not in page
    # A coach confirms only what they have seen: before the visit there is no button.
    async with at(cast, cast.kim) as browser:
        assert "Yes, it is as it is written here" not in (await browser.get(path)).text
        form = {**await browser.form(path, "/signout"), "version": "1"}
        for action in (path, f"{path}/photos/{uuid4()}/remove"):
            assert (await browser.post(action, data={**form, **TOLD})).status_code == 409
        early = await browser.post(
            f"{path}/confirm", data={"csrf": form["csrf"], "version": form["version"]}
        )
        assert early.status_code == 409
    async with at(cast, cast.kim, LATER) as browser:
        done = await sent(browser, path, f"{path}/confirm", remark="Ring twice")
        assert done.headers["location"].endswith("confirmed")
        seen = (await browser.get(path)).text
        assert "Seen by a coach" in seen
        assert "Ring twice" in seen
    async with at(cast, cast.sari) as browser:
        seen = (await browser.get(path)).text
        assert "Seen by a coach" in seen
        assert "Ring twice" not in seen
    (site,) = await fresh.owner("SELECT confirmed_on, entrance FROM sites WHERE id = $1", cast.site)
    assert (site["confirmed_on"], site["entrance"]) == (TUESDAY_TEN.date(), TOLD["entrance"])
    photos = [row["id"] for row in await fresh.owner("SELECT id FROM place_photos")]
    await _read_by_the_worker(cast, token, f"/gig/photos/{photos[0]}")
    # Changed afterwards, it is to be looked at again.
    async with at(cast, cast.sari) as browser:
        await sent(browser, path, path, **{**TOLD, "stairs": "A ramp"})
        assert "Changed since a coach was there" in (await browser.get(path)).text
        gone = await sent(browser, path, f"{path}/photos/{photos[0]}/remove")
        assert gone.headers["location"].endswith("removed")
        assert (await browser.get(f"/photos/{photos[0]}")).status_code == 404
    await _all_is_noted(fresh)


async def _one_code_each(cast: Cast, browser: Surfer, path: str) -> None:
    """A code is the place's own: what another place of theirs has is refused, kept as typed."""
    for code in ("ab", "two words", "thirteen" * 2):
        assert (await sent(browser, path, path, code=code)).status_code == 422, code
    assert (await sent(browser, path, path, code="ovi7")).status_code == 303
    assert 'value="OVI7"' in (await browser.get(path)).text
    other = f"/places/{await make.another_site(cast)}"
    taken = await sent(browser, other, other, code="Ovi7")
    assert taken.status_code == 409
    assert "Another of your places has this code" in taken.text
    assert 'value="Ovi7"' in taken.text


async def _read_by_the_worker(cast: Cast, token: str, photo: str) -> None:
    async with surfer(cast.database, Clock(LATER)) as phone:
        phone.cookies.set("jobcenter_language", "en")
        await phone.get(f"/o/{token}")
        text = (await phone.get("/gig")).text
        for words in (
            "Four steps, no lift",
            "It is noisy.",
            "Behind the kitchen",
            "Soup at eleven",
            "Ring twice",
            "Ville",
            "A coach has been there",
        ):
            assert words in text, words
        assert text.count('alt="The door"') == 5
        shown = await phone.get(photo)
        assert shown.headers["cache-control"] == "no-store"
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.content.startswith(b"\xff\xd8\xff")


async def _all_is_noted(fresh: Fresh) -> None:
    events = await fresh.owner("SELECT kind, details FROM place_events ORDER BY id")
    assert [row["kind"] for row in events] == [
        "told", "told", *["photo_added"] * 5, "confirmed", "told", "photo_removed",
    ]  # fmt: skip
    assert "Four steps, no lift" in events[8]["details"]
    assert "Sari" not in "".join(row["details"] for row in events)


async def test_steps_at_a_place_reach_its_orders_and_whoever_needs_a_way_without(
    cast: Cast, fresh: Fresh
) -> None:
    await fresh.owner("UPDATE sites SET step_free = true")
    await fresh.owner("UPDATE clients SET step_free = true WHERE id = $1", cast.aino)
    order = make.order(places=2)
    order.step_free = True
    agreed = await steps.agreed(cast, cast.aino, order)
    gig = await steps.assign(cast, agreed.order_id, cast.eetu, place_no=2)
    await fresh.owner("DELETE FROM changes")
    told = Described("", step_free=False, toilet=True, quiet_place=False, noise=1)
    await cast.database.act(
        cast.sari, places.describe, site_id=cast.site, version=0, told=told, now=MONDAY
    )
    (now,) = await fresh.owner("SELECT step_free FROM orders WHERE id = $1", agreed.order_id)
    assert not now["step_free"]
    found = await fresh.owner("SELECT kind FROM changes WHERE order_id = $1", agreed.order_id)
    assert [row["kind"] for row in found] == ["order_changed"]
    calls = await fresh.owner("SELECT gig_id FROM todos WHERE kind = 'place_has_steps'")
    assert [row["gig_id"] for row in calls] == [agreed.gig_id] != [gig.id]
    (event,) = await fresh.owner("SELECT details FROM order_events WHERE kind = 'order.changed'")
    assert event["details"] == '{"step_free": false}'


async def test_a_place_is_its_own_orderers_and_a_photo_whoever_goes_there(
    cast: Cast, fresh: Fresh
) -> None:
    path = f"/places/{cast.site}"
    async with at(cast, cast.sari) as browser:
        await sent(browser, path, path, **TOLD)
        await photo(browser, path, picture())
    (kept,) = await fresh.owner("SELECT id FROM place_photos")
    other = await make.another_party(cast)
    async with at(cast, cast.sari) as browser:
        for page in (f"/places/{other}", "/photos/00000000-0000-0000-0000-000000000000"):
            assert (await browser.get(page)).status_code == 404
        form = await browser.form(path, path)
        assert (await browser.post(f"/places/{other}", data=form)).status_code == 404
        assert (await browser.post(f"{path}/confirm", data=form)).status_code == 403
    async with at(cast, cast.raili) as browser:
        assert (await browser.get(path)).status_code == 403
        assert (await browser.get(f"/photos/{kept['id']}")).status_code == 403
    async with surfer(cast.database) as stranger:
        assert (await stranger.get(f"/photos/{kept['id']}")).status_code in {303, 401}
        assert (await stranger.get(f"/gig/photos/{kept['id']}")).status_code == 410


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ("UPDATE place_passports SET noise = 4", "passport_noise_is_a_level"),
        ("UPDATE place_passports SET confirmed_at = now()", "passport_confirmed_whole"),
        (
            "UPDATE place_passports SET confirmed_version = 9, confirmed_at = now()",
            "passport_confirmed_as_written",
        ),
        ("UPDATE place_photos SET jpeg = ''", "photo_is_small"),
    ],
)
async def test_the_database_keeps_a_passport_sound(
    cast: Cast, fresh: Fresh, change: str, promise: str
) -> None:
    path = f"/places/{cast.site}"
    async with at(cast, cast.sari) as browser:
        await sent(browser, path, path, **TOLD)
        await photo(browser, path, picture())
    with pytest.raises(asyncpg.PostgresError, match=promise):
        await fresh.owner(change)


async def test_an_order_is_filled_from_its_place_and_may_tell_it_otherwise_once(
    cast: Cast, fresh: Fresh
) -> None:
    path = f"/places/{cast.site}"
    async with at(cast, cast.sari) as browser:
        assert (await sent(browser, path, path, **TOLD, step_free="1")).status_code == 303
        begun = await browser.get("/orders/new?fresh=true")
        shown = browser.shown(begun, "/orders/new")
        assert (shown["entrance"], shown["wear"]) == (TOLD["entrance"], TOLD["wear"])
        assert (shown["step_free"], shown["contact_name"]) == ("1", "Sari Salo")
        review = await look_over(browser, entrance="Through the cellar today")
        assert "Through the cellar today" in review.text
        assert (await browser.send_shown(review, "/orders")).status_code == 303
        assert (await browser.send_shown(await look_over(browser), "/orders")).status_code == 303
        assert TOLD["entrance"] in (await browser.get(path)).text
    rows = await fresh.owner("SELECT entrance, step_free, wear FROM orders ORDER BY number")
    assert [tuple(row) for row in rows] == [
        ("Through the cellar today", True, TOLD["wear"]), ("", True, TOLD["wear"]),
    ]  # fmt: skip
    async with at(cast, cast.maija) as browser:
        order = (await fresh.owner("SELECT id FROM orders ORDER BY number"))[0]["id"]
        assert "Through the cellar today" in (await browser.get(f"/board/orders/{order}")).text


# Row 76 of the list of bad inputs: no such file is kept, whatever it is called.
NO_PHOTOS = {
    "x.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "x.png": b"<html><script>alert(1)</script></html>",
    "x.zip": b"PK\x03\x04" + b"\x00" * 1000,
    "x.com": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "empty.jpg": b"",
    "signed.jpg": b"\xff\xd8\xff" + b"<script>alert(1)</script>",
}


async def test_76_only_a_photo_is_kept_and_it_is_only_a_photo(cast: Cast, fresh: Fresh) -> None:
    path = f"/places/{cast.site}"
    async with at(cast, cast.sari) as browser:
        files = {**NO_PHOTOS, "bomb.png": picture((6000, 5000), kind="PNG")}
        answers = {
            name: (await photo(browser, path, data, name)).status_code
            for name, data in files.items()
        }
        assert answers == dict.fromkeys(files, 422)
        large = await photo(browser, path, b"\xff\xd8\xff" + b"x" * (13 * 1024 * 1024))
        assert large.status_code in {413, 422}
        assert await fresh.owner("SELECT FROM place_photos") == []
        # A real one is kept without its name.
        for name in ("CON", "x" * 300 + ".jpg", "../../etc/passwd"):
            assert (await photo(browser, path, picture(), name)).status_code == 303
        kept = await fresh.owner("SELECT id, caption FROM place_photos")
        assert [row["caption"] for row in kept] == ["The door"] * 3
        shown = await browser.get(f"/photos/{kept[0]['id']}")
        assert shown.headers["content-type"] == "image/jpeg"
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-disposition"].startswith("attachment")
        assert shown.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
