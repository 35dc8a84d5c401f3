"""Rights are rows, given and taken on a page; a disabled user is out with everything they hold."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from jobcenter import notices
from jobcenter.access import hash_of, new_token
from jobcenter.audit import emergencies
from jobcenter.database import OUR_NAMES, Face
from jobcenter.errors import NotSignedIn, WrongMoment
from jobcenter.orders import timely
from jobcenter.orders.proposals import Proposal, ProposalRow, Round
from jobcenter.people import feeds, programs, rights
from jobcenter.people.staff import Role
from jobcenter.people.staff import Session as Signed
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.web.programs import app_of, browser_of
from tests.web.surfer import Clock, Surfer, sign_in, surfer


async def disable(cast: Cast, name: str) -> None:
    await cast.database.act(cast.jaana, rights.disable, user_id=key(name), now=MONDAY)


async def change(browser: Surfer, name: str, step: str, **fields: str) -> int:
    path = f"/users/{key(name)}"
    return (await browser.send_form(path, f"{path}/{step}", **fields)).status_code


async def test_a_role_given_holds_at_once_and_so_does_taking_it(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as jaana, surfer(cast.database) as kim:
        jaana.cookies.set("jobcenter_language", "en")
        await sign_in(jaana, cast, cast.jaana)
        await sign_in(kim, cast, cast.kim)
        assert (await kim.get("/board")).status_code == 403
        assert await change(jaana, "kim", "give", role="coordinator", unit=str(cast.kaneli)) == 303
        assert (await kim.get("/board")).status_code == 200
        page = (await jaana.get(f"/users/{key('kim')}?note=changed")).text
        assert "It holds from now on" in page
        grant = (await fresh.owner("SELECT id FROM grants WHERE role = 'coordinator' AND user_id ="
                                   " $1", key("kim")))[0]["id"]  # fmt: skip
        path = f"/users/{key('kim')}"
        csrf = (await jaana.form(path, f"{path}/give"))["csrf"]
        taken = await jaana.post(f"{path}/take", data={"csrf": csrf, "grant": str(grant)})
        assert taken.status_code == 303
        assert (await kim.get("/board")).status_code == 403
    events = await fresh.owner("SELECT kind, actor, user_id, details ->> 'role' FROM right_events")
    assert [tuple(row) for row in events] == [
        ("given", key("jaana"), key("kim"), "coordinator"),
        ("taken", key("jaana"), key("kim"), "coordinator"),
    ]


async def test_a_city_adds_a_role_without_code(cast: Cast) -> None:
    instructor = Role(
        organiser_id=CITY, code="instructor", name="Ohjaaja", name_en="Instructor",
        rights=["assign"],
    )  # fmt: skip
    await make.save(cast, instructor)
    async with surfer(cast.database) as jaana:
        await sign_in(jaana, cast, cast.jaana)
        # A reader sees its name in their language where it has one, else the Finnish one.
        for language, name in (("sv", "Ohjaaja"), ("en", "Instructor")):
            jaana.cookies.set("jobcenter_language", language)
            assert f">{name}</option>" in (await jaana.get(f"/users/{key('liisa')}")).text
        assert await change(jaana, "liisa", "give", role="instructor", unit=str(cast.kulma)) == 303
    known = await cast.database.read(cast.jaana, rights.account, user_id=key("liisa"))
    assert {(given.role, given.where) for given in known.roles} == {
        ("coach", "Työpaja Kulma"), ("instructor", "Työpaja Kulma")
    }  # fmt: skip


async def test_no_role_has_a_name_of_our_own_machines(cast: Cast) -> None:
    """Whoever were given such a role would read what the worker reads: everybody."""
    new = "/organiser/roles/new"
    async with surfer(cast.database) as jaana:
        jaana.cookies.set("jobcenter_language", "en")
        await sign_in(jaana, cast, cast.jaana)
        for code in ("worker", "matcher"):
            answer = await jaana.send_form(new, new, code=code, name="X", rights="assign")
            assert answer.status_code == 422
            assert "The service itself uses this name" in answer.text
    with pytest.raises(IntegrityError, match="role_is_peoples"):
        await make.save(cast, Role(organiser_id=CITY, code="operator", name="X", rights=[]))
    for name in OUR_NAMES:
        someone = replace(cast.maija, role=name)
        assert (someone.face, someone.is_machine) == (Face.STAFF, False)


async def test_nobody_changes_their_own_rights(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.jaana)
        path = f"/users/{key('jaana')}"
        answer = await browser.send_form(path, f"{path}/give", role="data_protection_officer")
        assert answer.status_code == 409
        assert "Nobody changes their own rights" in answer.text
        assert (await browser.send_form(path, f"{path}/disable")).status_code == 409


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"role": "king"}, 422), ({"unit": str(UUID(int=1))}, 422), ({"unit": "x"}, 404)],
)
async def test_what_there_is_not_cannot_be_given(
    cast: Cast, fields: dict[str, str], status: int
) -> None:
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.jaana)
        assert await change(browser, "kim", "give", **fields) == status
        assert (await browser.get(f"/users/{uuid7()}")).status_code == 404


async def test_only_administrators_see_accounts(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        for who in (cast.maija, cast.kim, cast.sari, cast.tuija):
            await sign_in(browser, cast, who)
            for path in ("/users", f"/users/{key('kim')}"):
                assert (await browser.get(path)).status_code == 403
        await sign_in(browser, cast, cast.jaana)
        text = (await browser.get("/users?q=maija")).text
        assert "Maija Mäki" in text
        assert "Pekka" not in text


async def test_the_administrator_disables_and_lets_in_again(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as jaana, surfer(cast.database) as maija:
        await sign_in(jaana, cast, cast.jaana)
        await sign_in(maija, cast, cast.maija)
        assert (await maija.get("/board")).status_code == 200
        assert await change(jaana, "maija", "disable") == 303
        assert (await maija.get("/board")).status_code == 401
        assert await change(jaana, "maija", "enable") == 303
        assert (await maija.get("/board")).status_code == 401
        await sign_in(maija, cast, cast.maija)
        assert (await maija.get("/board")).status_code == 200
    kinds = await fresh.owner("SELECT kind FROM right_events ORDER BY at, id")
    assert [row["kind"] for row in kinds] == ["disabled", "enabled"]


async def test_with_a_user_go_links_messages_and_feed(cast: Cast, fresh: Fresh) -> None:
    await cast.database.act(
        cast.kim, feeds.renew_feed, feed_hash=hash_of(feed := new_token()), now=MONDAY
    )
    await cast.database.act(
        cast.worker, notices.tell, kind="signin", way="mail", user_id=key("kim"), now=MONDAY
    )
    async with surfer(cast.database) as browser:
        await browser.send_form("/signin", "/signin", email="kim@example.org")
        assert (await browser.get(f"/coach/feed/{feed}.ics")).status_code == 200
        await disable(cast, "kim")
        assert (await browser.get(f"/coach/feed/{feed}.ics")).status_code == 404
    open_links = await fresh.owner("SELECT 1 FROM signin_links WHERE expires_at > $1", MONDAY)
    assert open_links == []
    states = await fresh.owner("SELECT DISTINCT state FROM notices WHERE user_id = $1", key("kim"))
    assert [row["state"] for row in states] == ["dropped"]


async def test_with_a_user_go_their_tokens(cast: Cast, fresh: Fresh) -> None:
    token = new_token()
    await cast.database.act(
        cast.worker, programs.issue, email="maija@example.org", token_hash=hash_of(token),
        scopes=programs.SCOPES, now=MONDAY,
    )  # fmt: skip
    order_id = await make.save_order(cast, make.order())
    async with browser_of(app_of(cast, fresh, Clock())) as http:
        head = {"authorization": f"Bearer {token}"}
        assert (await http.get(f"/api/orders/{order_id}", headers=head)).status_code == 200
        await disable(cast, "maija")
        assert (await http.get(f"/api/orders/{order_id}", headers=head)).status_code == 401


async def approved_list(cast: Cast) -> None:
    """Have Maija approve that Aino and Eetu are asked in turn; nobody has been asked yet."""
    order_id = await make.save_order(cast, make.order())
    ran = Round(organiser_id=CITY, id=uuid7(), kind="repair", status="done", asked_at=MONDAY,
                unfilled={})  # fmt: skip
    listed = Proposal(
        organiser_id=CITY, id=uuid7(), order_id=order_id, place_no=1, round_id=ran.id,
        made_at=MONDAY, approved_by=key("maija"), approved_at=MONDAY,
    )  # fmt: skip
    row = ProposalRow(
        organiser_id=CITY, proposal_id=listed.id, rank=1, client_id=cast.eetu, in_turn=1,
        unit_id=cast.kaneli, start=TUESDAY_TEN, score=1, reasons=[], visits=[], planned=True,
    )  # fmt: skip
    await make.save(cast, ran, listed, row)


async def test_nobody_is_asked_in_the_name_of_who_is_out(cast: Cast) -> None:
    await approved_list(cast)
    assert len(await cast.database.read(cast.worker, timely.lists_to_go_on)) == 1
    await disable(cast, "maija")
    assert await cast.database.read(cast.worker, timely.lists_to_go_on) == []


async def test_nothing_new_begins_for_who_is_out(cast: Cast, fresh: Fresh) -> None:
    """Also when a sign-in and the disabling happen at the same moment."""
    await disable(cast, "kim")
    session = Signed(
        organiser_id=CITY, token_hash=hash_of("x"), user_id=key("kim"), link_hash=None, csrf="",
        language=None, created_at=MONDAY, seen_at=MONDAY, expires_at=MONDAY + timedelta(days=1),
        ended_at=None,
    )  # fmt: skip
    with pytest.raises(NotSignedIn):
        await make.save(cast, session)
    await cast.database.act(cast.jaana, rights.enable, user_id=key("kim"), now=MONDAY)
    with pytest.raises(WrongMoment):
        await cast.database.act(cast.jaana, rights.disable, user_id=key("jaana"), now=MONDAY)


async def test_an_emergency_is_over_when_its_user_is_out(cast: Cast) -> None:
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.pekka)
        reason = "Aino needs help at once."
        await cast.database.act(
            cast.pekka, emergencies.open_record, client_id=cast.aino, reason=reason, now=MONDAY
        )
        assert (await browser.get(f"/board/clients/{cast.aino}")).status_code == 200
        await disable(cast, "pekka")
        assert (await browser.get(f"/board/clients/{cast.aino}")).status_code == 401
