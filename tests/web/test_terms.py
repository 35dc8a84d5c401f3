"""Terms of use: published with a day, accepted once for a party, asked again for other words."""

import re
from datetime import timedelta

import httpx

from jobcenter.lists.listing import slug_of
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.web.surfer import Clock, Surfer, sign_in, surfer
from tests.web.test_orderer import as_sari, look_over

LIST = f"/organiser/terms/{slug_of({'kind': 'orderers'})}"
WORDS = {"text_fi": "Ehdot", "text_sv": "Villkor", "text_en": "Terms, first words"}
TODAY, TOMORROW = (MONDAY + timedelta(days=n) for n in (0, 1))


async def publish(browser: Surfer, day: str, **words: str) -> httpx.Response:
    return await browser.send_form(LIST, LIST, step="save", **{**WORDS, **words, "from": day})


async def test_terms_are_accepted_once_and_other_words_are_asked_for_again(
    cast: Cast, fresh: Fresh
) -> None:
    clock = Clock()
    async with (
        surfer(cast.database, clock) as jaana,
        surfer(cast.database, clock) as sari,
        surfer(cast.database, clock) as maija,
    ):
        for browser, who in ((jaana, cast.jaana), (maija, cast.maija)):
            browser.cookies.set("jobcenter_language", "en")
            await sign_in(browser, cast, who)
        await as_sari(sari, cast)
        # Nothing is asked while nothing is published.
        assert "No terms are published" in (await sari.get("/terms")).text
        assert 'name="terms"' not in (await look_over(sari)).text
        assert (await publish(jaana, TODAY.date().isoformat())).status_code == 303
        review = await look_over(sari)
        refused = await sari.send_shown(review, "/orders")
        assert refused.status_code == 422
        assert 'href="#terms"' in refused.text
        assert await fresh.owner("SELECT 1 FROM orders") == []
        link = re.search(r"/terms\?version=([0-9a-f-]+)", refused.text)
        assert link
        assert "Terms, first words" in (await sari.get(link[0])).text
        sent = await sari.send_shown(refused, "/orders", terms=link[1])
        assert sent.status_code == 303
        (order,) = await fresh.owner("SELECT id, party_id FROM orders")
        assert 'name="terms"' not in (await look_over(sari)).text
        # Both sides see who accepted what; what is accepted is never put into other words.
        assert "accepted by Sari Salo" in (await sari.get("/colleagues")).text
        page = (await maija.get(f"/board/orders/{order['id']}")).text
        assert f'href="/board/parties/{order["party_id"]}"' in page
        shown = (await maija.get(f"/board/parties/{order['party_id']}")).text
        assert "accepted by Sari Salo" in shown
        taken = await publish(jaana, TODAY.date().isoformat(), text_en="Other words")
        assert taken.status_code == 409
        assert "accepted these terms today" in taken.text
        planned = await publish(jaana, TOMORROW.date().isoformat(), text_en="Other words")
        assert planned.status_code == 303
        assert 'name="terms"' not in (await look_over(sari)).text
        clock.move(days=1)
        await as_sari(sari, cast, clock.now)
        again = await look_over(sari)
        other = await sari.send_shown(again, "/orders", terms=link[1])
        assert other.status_code == 422
        newest = re.search(r'name="terms" value="([0-9a-f-]+)"', other.text)
        assert newest
        assert newest[1] != link[1]
        assert (await sari.send_shown(other, "/orders", terms=newest[1])).status_code == 303
        assert 'name="terms"' not in (await look_over(sari)).text
    kept = await fresh.owner("SELECT user_id, at FROM terms_acceptances ORDER BY at")
    assert [(row["user_id"], row["at"].date()) for row in kept] == [
        (cast.sari.actor_id, TODAY.date()), (cast.sari.actor_id, TOMORROW.date()),
    ]  # fmt: skip
