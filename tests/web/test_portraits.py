"""A coach's photo is theirs to give and to take; who comes to a place first reads how it is."""

import httpx
import pytest
from asyncpg.exceptions import CheckViolationError

from jobcenter import access
from jobcenter.orders import linking
from jobcenter.people.passports import PlacePassport
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.conftest import Fresh
from tests.orders import steps
from tests.test_photos import picture
from tests.web.surfer import CONFIG, Surfer, sign_in, surfer
from tests.web.test_coach import as_coach

NEW_HERE = "You have not been here before."


async def give(browser: Surfer, here: str, data: bytes, **fields: str) -> httpx.Response:
    form = await browser.form(here, f"{here}/photo")
    return await browser.post(
        f"{here}/photo",
        data={"csrf": form["csrf"], **fields},
        files={"photo": ("me.jpg", data, "image/jpeg")},
    )


async def test_a_coach_gives_a_photo_and_whom_they_meet_sees_it_until_it_is_taken_away(
    cast: Cast, fresh: Fresh
) -> None:
    agreed = await steps.agreed(cast, cast.aino)
    here, rows = f"/coaches/{cast.kim_coach}", "SELECT id FROM coach_photos"
    async with as_coach(cast) as kim, surfer(cast.database) as phone:
        # Not without a word that it may be shown, and only a picture.
        assert (await give(kim, here, picture())).status_code == 422
        assert (await give(kim, here, b"\xff\xd8\xff no", agreed="1")).status_code == 422
        assert not await fresh.owner(rows)
        assert (await give(kim, here, picture(), agreed="1")).status_code == 303
        (first,) = await fresh.owner(rows)
        assert (await give(kim, here, picture(), agreed="1")).status_code == 303
        (photo,) = await fresh.owner(rows)
        assert photo["id"] != first["id"]
        token = access.derived_token(CONFIG.secret, "gig", agreed.gig_id)
        hashed = access.hash_of(token)
        await cast.database.act(
            cast.worker, linking.open_link, gig_id=agreed.gig_id, token_hash=hashed, now=MONDAY
        )
        phone.cookies.set("jobcenter_language", "en")
        await phone.get(f"/o/{token}")
        address = f"/gig/coach-photos/{photo['id']}"
        assert f'src="{address}"' in (await phone.get("/gig")).text
        shown = await phone.get(address)
        assert (shown.headers["content-type"], shown.headers["cache-control"]) == (
            "image/jpeg", "no-store"
        )  # fmt: skip
        # Nobody gives another's; who assigns in the unit may take it away, others see nothing.
        async with as_coach(cast, cast.pekka) as other:
            assert (await other.get(f"/coach-photos/{photo['id']}")).status_code == 404
            refused = await other.post(
                f"{here}/photo/remove", data=await other.form("/units", "/signout")
            )
            assert refused.status_code == 404
        async with as_coach(cast, cast.maija) as maija:
            assert f'action="{here}/photo"' not in (await maija.get(here)).text
            assert (await maija.get(f"/coach-photos/{photo['id']}")).status_code == 200
            await maija.send_form(here, f"{here}/photo/remove")
        assert (await phone.get(address)).status_code == 404
        assert "coach-photos" not in (await phone.get("/gig")).text
        # It goes with the account, whoever ends that, and is never large.
        await give(kim, here, picture(), agreed="1")
        with pytest.raises(CheckViolationError, match="coach_photo_is_small"):
            await fresh.owner("UPDATE coach_photos SET jpeg = ''")
        await fresh.owner("UPDATE users SET disabled_at = now() WHERE id = $1", cast.kim.actor_id)
        assert not await fresh.owner(rows)


async def test_who_comes_to_a_place_for_the_first_time_reads_how_it_is(
    cast: Cast, fresh: Fresh
) -> None:
    await steps.agreed(cast, cast.aino)
    passport = PlacePassport(
        organiser_id=CITY, site_id=cast.site, stairs="Four steps", toilet_where="Down the hall",
        reserve_name="Ville", written_at=MONDAY,
    )  # fmt: skip
    await make.save(cast, passport)
    await fresh.owner("UPDATE sites SET toilet = true, entrance = 'The blue door'")
    async with as_coach(cast) as kim:
        for page in ("/coach", "/coach/sheet?day=2026-11-24"):
            text = (await kim.get(page)).text
            for words in (NEW_HERE, "Four steps", "Down the hall", "Ville", "The blue door"):
                assert words in text, (page, words)
        # A week earlier there was a visit of theirs: they know the place.
        await fresh.owner("UPDATE visits SET during = tstzrange(lower(during) - interval '7 days',"
                          " upper(during) - interval '7 days')"
                          " WHERE id = (SELECT max(id::text)::uuid FROM visits)")  # fmt: skip
        await sign_in(kim, cast, cast.kim)
        assert NEW_HERE not in (await kim.get("/coach")).text
