"""An administrator puts somebody in, and changes how they are called and reached, on pages."""

from datetime import timedelta
from uuid import UUID

from jobcenter import outgoing
from jobcenter.orders import letters
from jobcenter.orders.letters import Paths
from jobcenter.orders.news import write_mail
from tests.cast import Cast, key
from tests.conftest import Fresh
from tests.web.surfer import CONFIG, HOST, Clock, Surfer, session_at, sign_in, surfer

PATHS = Paths(HOST, CONFIG.secret)
OUTI = {"name": "Outi Oja", "email": "Outi@Example.org", "role": "coach"}


async def mailed(cast: Cast, fresh: Fresh, clock: Clock, *, hours: int = 0) -> str:
    """Take up the newest mail about an account, held up for some hours; return what it says."""
    newest = "SELECT id FROM notices WHERE kind = 'account' ORDER BY written_at DESC, id DESC"
    notice = (await fresh.owner(newest))[0]["id"]
    held = await cast.database.act(cast.worker, outgoing.claim, notice_id=notice, now=clock.now)
    assert held
    letter = await cast.database.read(
        cast.worker,
        letters.letter_of,
        held=held,
        paths=PATHS,
        now=clock.now + timedelta(hours=hours),
    )
    assert letter
    return f"{letter.to} {write_mail(letter.news).text}"


def link_in(mail: str) -> str:
    return next(word for word in mail.split() if word.startswith(f"{HOST}/signin"))


async def come_in(browser: Surfer, link: str) -> str:
    """Open a sign-in link, go on, and return where that leads."""
    path = link.removeprefix(HOST)
    return (await browser.send_form(path, path)).headers["location"]


async def test_somebody_is_put_in_and_comes_in_by_the_mail(cast: Cast, fresh: Fresh) -> None:
    clock = Clock()
    async with surfer(cast.database, clock) as jaana, surfer(cast.database, clock) as outi:
        jaana.cookies.set("jobcenter_language", "en")
        await sign_in(jaana, cast, cast.maija)
        assert (await jaana.get("/users/new")).status_code == 403
        await sign_in(jaana, cast, cast.jaana)
        assert 'href="/users/new"' in (await jaana.get("/users")).text
        add = "/users/new"
        for wrong, told in (
            ({"name": " "}, "Please fill this in."),
            ({"email": "KIM@example.org"}, "Somebody signs in by this address already."),
            ({"email": "outi"}, "This does not look like an e-mail address."),
            ({"role": "king"}, "Please choose one."),
            ({"unit": ""}, "This role is for a unit."),
            ({"unit": "x"}, "We do not know this unit."),
            ({"unit": str(UUID(int=1))}, "We do not know this unit."),
            ({"language": "xx"}, "Please choose one."),
        ):
            fields = {**OUTI, "unit": str(cast.kaneli), **wrong}
            refused = await jaana.send_form(add, add, **fields)
            assert refused.status_code == 422, wrong
            assert told in refused.text, wrong
            assert "Outi" in refused.text, wrong
        added = await jaana.send_form(add, add, **OUTI, unit=str(cast.kaneli), phone="0401234567")
        page = (await jaana.get(added.headers["location"])).text
        assert "is on its way" in page
        assert "+358401234567" in page
        mail = await mailed(cast, fresh, clock)
        assert mail.startswith("outi@example.org ")
        assert link_in(mail) not in page
        assert await come_in(outi, link_in(mail)) == "/coach"
    noted = "SELECT kind, actor, details ->> 'role' FROM right_events ORDER BY id"
    assert [tuple(row) for row in await fresh.owner(noted)] == [
        ("added", key("jaana"), None), ("given", key("jaana"), "coach"),
    ]  # fmt: skip


async def test_another_address_ends_what_the_former_opened(cast: Cast, fresh: Fresh) -> None:
    clock, edit = Clock(), f"/users/{key('kim')}/edit"
    async with surfer(cast.database, clock) as jaana, surfer(cast.database, clock) as kim:
        await sign_in(jaana, cast, cast.jaana)
        await sign_in(kim, cast, cast.kim)
        renamed = await jaana.send_form(edit, edit, name="Kim Koski-Salo")
        assert renamed.headers["location"].endswith("note=edited")
        assert (await kim.get("/coach")).status_code == 200
        await kim.send_form("/signin?again=true", "/signin", email="kim@example.org")
        former = (await fresh.owner("SELECT expires_at FROM signin_links WHERE used_at IS NULL"))[0]
        clock.move(minutes=1)
        twin = await jaana.send_form(edit, edit, email="maija@example.org")
        assert twin.status_code == 422
        moved = await jaana.send_form(edit, edit, email="kim.koski@example.org")
        assert moved.status_code == 303
        assert (await kim.get("/coach")).status_code == 401
        dead = PATHS.signin(key("kim"), former["expires_at"]).removeprefix(HOST)
        assert (await kim.get(dead)).status_code in {404, 410}
        # A mail that was held up for longer than its link lives leads to the page that gives one.
        mail = await mailed(cast, fresh, clock, hours=1)
        assert mail.startswith("kim.koski@example.org ")
        assert link_in(mail) == f"{HOST}/signin"
        assert await session_at(cast, cast.kim, "kim.koski@example.org", clock.now)
    noted = "SELECT kind, details ->> 'fields' FROM right_events ORDER BY id"
    assert [tuple(row) for row in await fresh.owner(noted)] == [
        ("edited", "name"), ("edited", "email"),
    ]  # fmt: skip


async def test_a_coach_is_added_on_the_units_page_and_has_their_days(
    cast: Cast, fresh: Fresh
) -> None:
    clock, add = Clock(), f"/units/{cast.kaneli}/coaches/new"
    coach_of = "SELECT id, user_id, feed_hash, languages FROM coaches WHERE name = 'Outi Oja'"
    told = {"name": "Outi Oja", "phone": "040 123 4567"}
    async with surfer(cast.database, clock) as browser, surfer(cast.database, clock) as outi:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.jaana)
        await browser.send_form("/users/new", "/users/new", **OUTI, unit=str(cast.kaneli))
        assert await come_in(outi, link_in(await mailed(cast, fresh, clock))) == "/coach"
        assert (await outi.get("/coach")).status_code == 404
        await sign_in(browser, cast, cast.kim)
        assert (await browser.get(add)).status_code == 403
        await sign_in(browser, cast, cast.maija)
        assert f'href="{add}"' in (await browser.get("/units")).text
        assert (await browser.get(f"/units/{cast.kulma}/coaches/new")).status_code == 404
        for email, why in (
            ("who@example.org", "Nobody signs in by this address yet."),
            ("kim@example.org", "Another coach of the unit signs in by this address."),
        ):
            refused = await browser.send_form(add, add, **told, email=email)
            assert refused.status_code == 422
            assert why in refused.text
            assert email in refused.text
        added = await browser.send_form(add, add, **told)
        coach = added.headers["location"].split("?")[0]
        assert "Now the hours" in (await browser.get(added.headers["location"])).text
        twin = await browser.send_form(add, add, **told)
        assert "This person is here already." in twin.text
        # Without an address nobody signs in as them; with it, Outi has her days.
        account = f"{coach}/account"
        refused = await browser.send_form(coach, account, email="kim@example.org")
        assert refused.status_code == 422
        saved = await browser.send_form(coach, account, email="outi@example.org")
        assert saved.status_code == 303
        assert (await outi.get("/coach")).status_code == 200
        await outi.send_form("/coach", "/coach/feed")
        assert (await fresh.owner(coach_of))[0]["feed_hash"]
        # The coach keeps their hours, and not who they are.
        assert "Save the address" not in (await outi.get(coach)).text
        csrf = await outi.form(coach, coach)
        assert (await outi.post(account, data={**csrf, "email": ""})).status_code == 403
        # Taken away again, the address of her calendar goes with it.
        await browser.send_form(coach, account, email="")
        assert (await outi.get("/coach")).status_code == 404
    row = (await fresh.owner(coach_of))[0]
    assert tuple(row)[1:] == (None, None, ["fi"])
    noted = "SELECT kind FROM right_events WHERE actor = $1 ORDER BY id"
    kinds = [row["kind"] for row in await fresh.owner(noted, key("maija"))]
    assert kinds == ["coaches", "coaches_no_more"]
