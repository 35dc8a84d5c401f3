"""The organiser's pages: every list opens, a change is shown first, faults keep what was typed."""

import re
from datetime import timedelta

from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.surfer import Clock, sign_in, surfer

FLOOR = f"/organiser/pay-floors/{slug_of({'key': 'G1'})}"
LATER = (MONDAY + timedelta(days=30)).date().isoformat()


async def test_lists_are_kept_on_pages(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as jaana, surfer(cast.database) as maija:
        jaana.cookies.set("jobcenter_language", "en")
        await sign_in(jaana, cast, cast.jaana)
        await sign_in(maija, cast, cast.maija)
        assert (await maija.get("/organiser")).status_code == 403
        index = (await jaana.get("/organiser")).text
        for code in LISTS:
            assert f'href="/organiser/{code}"' in index
            shown = await jaana.get(f"/organiser/{code}")
            assert shown.status_code == 200, code
            first = re.search(rf'href="(/organiser/{code}/[0-9a-f]+)"', shown.text)
            if first:
                assert (await jaana.get(first[1])).status_code == 200, code
        assert (await jaana.get("/organiser/tasks/new")).status_code == 200
        assert (await jaana.get("/organiser/nothing")).status_code == 404
        fields = {"standing": "confirmed", "source": "Agreement 12", "from": LATER}
        wrong = await jaana.send_form(FLOOR, FLOOR, amount="a lot", step="save", **fields)
        assert wrong.status_code == 422
        assert 'value="a lot"' in wrong.text
        assert re.search(r'href="#amount">[^<]+: Please write an amount', wrong.text)
        assert "Agreement 12" in wrong.text
        look = await jaana.send_form(FLOOR, FLOOR, amount="15", step="look", **fields)
        assert "What would change" in look.text
        assert "<ins>€15.00</ins>" in look.text
        asked = "SELECT 1 FROM figures WHERE kind = 'pay_floor' AND amount = 1500"
        assert await fresh.owner(asked) == []
        saved = await jaana.send_form(FLOOR, FLOOR, amount="15", step="save", **fields)
        assert saved.status_code == 303
        assert len(await fresh.owner(asked)) == 1
        page = (await jaana.get(FLOOR)).text
        assert "To come" in page
        assert "Jaana Rinne" in page
        undone = await jaana.send_form(FLOOR, f"{FLOOR}/undo", begins=LATER)
        assert undone.status_code == 303
        assert await fresh.owner(asked) == []


async def test_an_agreement_begins_with_whose_it_is(cast: Cast) -> None:
    new, dishes = "/organiser/agreements/new", f"prices-{key('dishwashing')}"
    async with surfer(cast.database) as jaana:
        jaana.cookies.set("jobcenter_language", "en")
        await sign_in(jaana, cast, cast.jaana)
        chosen = f"{new}?first={key('keittio')}"
        assert f'value="{key("keittio")}"' in (await jaana.get(new)).text
        assert "Keittiö Kallio, " in (await jaana.get(chosen)).text
        fields = {"title": "A 7", "from": LATER, "step": "save", dishes: "14,2"}
        wrong = await jaana.send_form(chosen, new, **fields)
        assert (wrong.status_code, 'value="14,2"' in wrong.text) == (422, True)
        assert "Keittiö Kallio, " in wrong.text
        saved = await jaana.send_form(chosen, new, site_ids=str(key("site")), **fields)
        assert saved.status_code == 303
        assert "Keittiö Oy · A 7" in (await jaana.get("/organiser/agreements")).text


async def test_rights_are_changed_only_right_after_signing_in(cast: Cast) -> None:
    clock = Clock()
    role, floor = f"/organiser/roles/{slug_of({'code': 'coach'})}", FLOOR
    async with surfer(cast.database, clock) as jaana:
        await sign_in(jaana, cast, cast.jaana)
        assert (await jaana.get(role)).status_code == 200
        clock.move(minutes=15)
        assert (await jaana.get(role)).headers["location"].startswith("/signin")
        # Nothing that was typed into another list is lost to a sign-in.
        assert (await jaana.get(floor)).status_code == 200
        fields = {"amount": "14", "standing": "confirmed", "source": "Law", "from": LATER}
        assert (await jaana.send_form(floor, floor, step="save", **fields)).status_code == 303
