"""How it went and what happened, told on pages without scripts by client and orderer."""

import re
from datetime import timedelta

from jobcenter import access
from jobcenter.orders import letters, linking, working
from tests.cast import Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer

ENDS = TUESDAY_TEN + timedelta(hours=3)
NOW = ENDS + timedelta(minutes=5)


async def worked(cast: Cast) -> tuple[steps.Agreed, str, str]:
    """Have Aino work, and return her link and the one in Sari's mail."""
    agreed = await steps.agreed(cast, cast.aino)
    aino = cast.client(cast.aino)
    await cast.database.act(aino, working.check_in, gig_id=agreed.gig_id, now=TUESDAY_TEN)
    await cast.database.act(aino, working.check_out, gig_id=agreed.gig_id, now=ENDS)
    own = access.derived_token(CONFIG.secret, "gig", agreed.gig_id)
    status = access.derived_token(CONFIG.secret, "order", agreed.order_id)
    await cast.database.act(
        cast.worker,
        linking.open_link,
        gig_id=agreed.gig_id,
        token_hash=access.hash_of(own),
        now=ENDS,
    )
    await cast.database.act(
        cast.worker,
        letters.open_status_link,
        order_id=agreed.order_id,
        token_hash=access.hash_of(status),
        now=ENDS,
    )
    return agreed, f"/o/{own}", f"/status/{status}"


async def pressed(browser: Surfer, page: str, action: str, **fields: str) -> str:
    answer = await browser.send_form(page, action, **fields)
    return str(answer.headers.get("location", answer.status_code))


async def test_both_say_how_it_went_in_one_tap_and_a_coach_reads_it_first(
    cast: Cast, fresh: Fresh
) -> None:
    agreed, own, status = await worked(cast)
    say = f"{status}/gigs/{agreed.gig_id}/feedback"
    async with surfer(cast.database, Clock(NOW)) as mail:
        assert await pressed(mail, status, say, face="3") == f"{status}?note=thanks"
        assert (
            await pressed(mail, status, say, face="3", strength="careful", words="Every cup shone")
            == f"{status}?note=thanks"
        )
        other = (await mail.post(say.replace(str(agreed.gig_id), str(agreed.order_id)))).status_code
        assert other in {403, 404}
        for who in (cast.sari, cast.maija):
            await sign_in(mail, cast, who)
            assert (await mail.get(status)).status_code == 200
    async with surfer(cast.database, Clock(NOW)) as phone:
        phone.cookies.set("jobcenter_language", "en")
        await phone.get(own)
        assert await pressed(phone, "/gig", "/gig/feedback", face="1") == "/gig"
        text = (await phone.get("/gig")).text
        assert "Thank you for telling us." in text
        assert "Every cup shone" not in text
        assert await pressed(phone, "/gig/incident", "/gig/incident", words="") == "422"
        assert (
            await pressed(
                phone,
                "/gig/incident",
                "/gig/incident",
                words="A cup broke",
                hurt="nobody",
                nearly="1",
            )
            == "/gig?note=told"
        )
    # Three faces rank nobody, and a hard day is a talk by the next noon.
    assert "hard_gig" in await steps.todos(fresh)
    async with surfer(cast.database, Clock(NOW)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.maija, NOW)
        assert (await browser.get("/feedback")).status_code == 403
        day = (await browser.get(f"/board/gigs/{agreed.gig_id}")).text
        assert "A cup broke" in day
        assert "Every cup shone" not in day
    async with surfer(cast.database, Clock(NOW)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.kim, NOW)
        assert "Every cup shone" in (await browser.get("/feedback")).text
        sent = await browser.send_form("/feedback", f"/feedback/{agreed.gig_id}/orderer")
        assert sent.headers["location"] == "/feedback?note=passed"
    assert await steps.told(fresh, "thanks") == [cast.aino]
    async with surfer(cast.database, Clock(NOW)) as phone:
        phone.cookies.set("jobcenter_language", "en")
        await phone.get(own)
        assert "Every cup shone" in (await phone.get("/gig")).text
    # What the client said reaches no page of the orderer's.
    async with surfer(cast.database, Clock(NOW)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.sari, NOW)
        page = (await browser.get(f"/orders/{agreed.order_id}")).text
        assert re.findall(r'aria-pressed="true"[^>]*>', page)
        assert (
            await pressed(
                browser,
                f"/orders/{agreed.order_id}/gigs/{agreed.gig_id}/incident",
                f"/orders/{agreed.order_id}/gigs/{agreed.gig_id}/incident",
                words="The floor is slippery",
                hurt="nobody",
            )
            == f"/orders/{agreed.order_id}?note=told"
        )


async def test_staff_tell_and_see_to_it_on_the_day_of_the_gig(cast: Cast, fresh: Fresh) -> None:
    agreed, _, _ = await worked(cast)
    day = f"/board/gigs/{agreed.gig_id}"
    form = f"{day}/incident"
    async with surfer(cast.database, Clock(NOW)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.kim, NOW)
        refused = await browser.send_form(form, form, words="", clock="25:99", hurt="a_little")
        assert refused.status_code == 422
        assert 'value="a_little" checked' in refused.text
        kept = await browser.send_shown(
            refused,
            form,
            words="Burnt a hand on the pan",
            clock="12:30",
            hurt="badly",
            told_whom="The unit's lead",
        )
        assert kept.headers["location"] == f"{day}?note=told"
    async with surfer(cast.database, Clock(NOW)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.maija, NOW)
        board = (await browser.get("/board")).text
        assert "Somebody was badly hurt: see to it now" in board
        shown = await browser.get(day)
        for words in ("Burnt a hand on the pan", "The unit&#39;s lead", "What the insurer asks"):
            assert words in shown.text, words
        action = re.findall(rf'action="({day}/incidents/[^"]+)"', shown.text)[0]
        done = await browser.send_shown(shown, action, outcome="Seen by a doctor; insurer told")
        assert done.headers["location"] == f"{day}?note=handled"
        after = (await browser.get(day)).text
        assert "Seen by a doctor; insurer told" in after
        assert action not in after
        assert "Somebody was badly hurt" not in (await browser.get("/board")).text
    # Whoever has no part in the gig finds neither the form nor the day.
    async with surfer(cast.database, Clock(NOW)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.liisa, NOW)
        assert (await browser.get(form)).status_code == 404
        assert (await browser.post(form)).status_code in {403, 404}
    async with surfer(cast.database, Clock(NOW)) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.sari, NOW)
        assert (await browser.get(form)).status_code == 403
        other = f"/orders/{agreed.order_id}/gigs/{agreed.order_id}/incident"
        assert (await browser.get(other)).status_code == 404
    kept_rows = await fresh.owner("SELECT told_from, hurt, nearly FROM incidents")
    assert [tuple(row) for row in kept_rows] == [("coach", "badly", False)]
