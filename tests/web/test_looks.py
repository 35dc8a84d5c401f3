"""No look, no read: whatever answers with something of a client has written it down before (I8)."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from litestar.routes import HTTPRoute

from jobcenter.access import hash_of, new_token
from jobcenter.orders import consenting, letters, linking
from jobcenter.people import programs
from tests import make
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.web.programs import Programs, app_of, browser_of
from tests.web.surfer import Clock, sign_in, surfer

NAMED = {"Eetu", "Eskola", "+358455550101"}


async def looks_at(fresh: Fresh, client: UUID) -> Counter[tuple[str, str]]:
    rows = await fresh.owner("SELECT role, what FROM looks WHERE client_id = $1", client)
    return Counter((row["role"], row["what"]) for row in rows)


async def test_every_page_that_names_a_client_has_its_look_under_its_request(
    cast: Cast, fresh: Fresh
) -> None:
    """For a client: answers with their name or number = looks with the answer's own request id."""
    gig = await steps.agreed(cast, cast.eetu)
    named = set()
    async with surfer(cast.database) as browser:
        for who, paths in (
            (
                cast.maija,
                ("/board", f"/board/orders/{gig.order_id}", f"/board/clients/{cast.eetu}"),
            ),
            (cast.kim, ("/coach", f"/board/clients/{cast.eetu}")),
            (cast.sari, ("/orders", f"/orders/{gig.order_id}")),
            (cast.pekka, ("/board", f"/board/orders/{gig.order_id}")),
        ):
            await sign_in(browser, cast, who)
            for path in paths:
                answer = await browser.get(path)
                if who is cast.kim:
                    assert 'href="/board"' not in answer.text
                    assert 'href="/board/orders' not in answer.text
                if any(word in answer.text for word in NAMED):
                    named.add(answer.headers["x-request-id"])
    rows = await fresh.owner(
        "SELECT request_id FROM looks WHERE client_id = $1 AND what <> 'refused'", cast.eetu
    )
    assert len(named) >= 3
    assert named <= {row["request_id"] for row in rows}


async def test_a_look_says_on_whose_behalf(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.agreed(cast, cast.eetu)
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.maija)
        await browser.get(f"/board/clients/{cast.eetu}")
        await browser.get(f"/board/clients/{cast.onni}")
        await sign_in(browser, cast, cast.sari)
        await browser.get(f"/orders/{gig.order_id}")
    rows = await fresh.owner(
        "SELECT client_id, what, on_behalf, outside FROM looks ORDER BY at, id"
    )
    assert [tuple(row) for row in rows] == [
        (cast.eetu, "client page", f"unit {cast.kaneli}", False),
        (cast.onni, "refused", "", True),
        (cast.eetu, "first_name", f"party {cast.keittio}", False),
    ]


async def test_nobody_makes_up_what_a_page_was_opened_for(cast: Cast, fresh: Fresh) -> None:
    """The client reads it: "You opened it" is theirs to do."""
    order = f"order {await make.save_order(cast, make.order())}"
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.kim)
        for said in ("own", "export", "emergency", "order of mine", "x" * 99, "to-do", order):
            page = f"/board/clients/{cast.aino}"
            assert (await browser.get(page, params={"purpose": said})).status_code == 200
    rows = await fresh.owner("SELECT purpose FROM looks ORDER BY at, id")
    assert [row["purpose"] for row in rows] == ["planning"] * 5 + ["to-do", order]


async def test_an_id_that_a_caller_gives_opens_no_look_of_before(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.maija)
        for _ in range(2):
            await browser.get(f"/board/clients/{cast.aino}", headers={"x-request-id": "mine"})
    rows = await fresh.owner("SELECT request_id FROM looks")
    assert len({row["request_id"] for row in rows}) == 2
    assert all(row["request_id"].startswith("mine.") for row in rows)


async def test_a_client_s_own_page_is_in_the_log(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.agreed(cast, cast.eetu)
    token = new_token()
    await cast.database.act(
        cast.worker, linking.open_link, gig_id=gig.gig_id, token_hash=hash_of(token), now=MONDAY
    )
    async with surfer(cast.database) as browser:
        await browser.get(f"/o/{token}")
        assert (await browser.get("/gig")).status_code == 200
    assert await looks_at(fresh, cast.eetu) == {("client", "own gig"): 1}
    rows = await fresh.owner("SELECT on_behalf FROM looks")
    assert rows[0]["on_behalf"] == f"client {cast.eetu}"


async def test_where_the_look_cannot_be_written_nothing_is_read(cast: Cast, fresh: Fresh) -> None:
    await fresh.owner("ALTER TABLE looks ADD CONSTRAINT full_disk CHECK (what = 'x') NOT VALID")
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.maija)
        answer = await browser.get(f"/board/clients/{cast.aino}")
    assert answer.status_code >= 500
    assert "Aino" not in answer.text


async def test_programs_look_too_and_are_refused_on_record(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.agreed(cast, cast.eetu)
    async with browser_of(app_of(cast, fresh, Clock())) as http:
        calls = Programs(cast, http, Clock())
        maija, pekka, sari = [await calls.of(who) for who in (cast.maija, cast.pekka, cast.sari)]
        told = (await maija.get(f"/api/gigs/{gig.gig_id}")).json()
        assert told["client_id"] == str(cast.eetu)
        assert (await maija.get(f"/api/orders/{gig.order_id}")).status_code == 200
        assert (await pekka.get(f"/api/gigs/{gig.gig_id}")).status_code == 404
        assert (await pekka.post(f"/api/gigs/{gig.gig_id}/withdraw", {})).status_code == 404
        assert (await pekka.get(f"/api/orders/{gig.order_id}")).status_code == 200
        assert (await sari.get(f"/api/gigs/{gig.gig_id}")).json()["client_id"] is None
        order_id = await make.save_order(cast, make.order(start=TUESDAY_TEN + timedelta(days=2)))
        body = {
            "client_id": str(cast.venla), "place_no": 1,
            "start": (TUESDAY_TEN + timedelta(days=2)).isoformat(),
        }  # fmt: skip
        assert (await maija.post(f"/api/orders/{order_id}/assign", body)).status_code == 201
    assert ("coordinator", "gig") in await looks_at(fresh, cast.venla)
    assert await looks_at(fresh, cast.eetu) == {
        ("coordinator", "gig"): 2, ("coordinator", "refused"): 2
    }  # fmt: skip


async def test_what_an_orderer_is_told_is_written_down(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.agreed(cast, cast.eetu)
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.sari)
        assert "Eetu" in (await browser.get(f"/orders/{gig.order_id}")).text
        await fresh.owner("UPDATE client_consents SET withdrawn_at = now()")
        assert "Eetu" not in (await browser.get(f"/orders/{gig.order_id}")).text
        # Without the name, the number alone is told where the client ticked it for this gig.
        eetu = cast.client(cast.eetu)
        await cast.database.act(
            eetu, consenting.show_phone, gig_id=gig.gig_id, shows=True, now=MONDAY
        )
        assert "+358455550101" in (await browser.get(f"/orders/{gig.order_id}")).text
    rows = await fresh.owner(
        "SELECT client_id, to_kind, recipient, what, actor FROM disclosures ORDER BY at, id"
    )
    assert [tuple(row) for row in rows] == [
        (cast.eetu, "orderer", f"party {cast.keittio}", what, key("sari"))
        for what in ("first name", "phone")
    ]


async def test_a_link_of_an_order_leaves_the_requests_number(cast: Cast, fresh: Fresh) -> None:
    gig = await steps.agreed(cast, cast.eetu)
    token = new_token()
    await cast.database.act(
        cast.sari, letters.open_status_link, order_id=gig.order_id, token_hash=hash_of(token),
        now=MONDAY,
    )  # fmt: skip
    async with surfer(cast.database) as browser:
        answer = await browser.get(f"/status/{token}")
        assert "Eetu" in answer.text
    number = answer.headers["x-request-id"]
    for table in ("looks", "disclosures"):
        rows = await fresh.owner(f"SELECT request_id FROM {table} WHERE client_id = $1", cast.eetu)
        assert number in {row["request_id"] for row in rows}, table


async def test_a_register_is_compared_on_record(cast: Cast, fresh: Fresh) -> None:
    """Whoever tries a file out hears who is there already: that is a look at everybody there."""
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.maija)
        page = await browser.get("/clients/import")
        csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        tried = await browser.post(
            "/clients/import",
            data={"csrf": csrf, "kind": "clients", "unit": str(cast.kaneli)},
            files={"file": ("one.csv", b"given_name;family_name\nUusi;Ihminen\n", "text/csv")},
        )
        assert tried.status_code in {200, 422}, tried.text
    number = tried.headers["x-request-id"]
    looked = await fresh.owner(
        "SELECT client_id FROM looks WHERE purpose = 'register' AND request_id = $1", number
    )
    own = await fresh.owner("SELECT id FROM clients WHERE unit_id = $1", cast.kaneli)
    assert {row["client_id"] for row in looked} == {row["id"] for row in own} != set()


async def token_of(cast: Cast, email: str, *scopes: str) -> dict[str, str]:
    token = new_token()
    await cast.database.act(
        cast.worker, programs.issue, email=email, token_hash=hash_of(token), scopes=scopes,
        now=MONDAY,
    )  # fmt: skip
    return {"authorization": f"Bearer {token}"}


async def test_a_token_without_the_scope_of_a_route_gets_403_everywhere(
    cast: Cast, fresh: Fresh
) -> None:
    app = app_of(cast, fresh, Clock())
    order_id = await make.save_order(cast, make.order())
    async with browser_of(app) as http:
        for route in app.app.routes:
            if not isinstance(route, HTTPRoute) or not route.path.startswith("/api/"):
                continue
            for method in route.methods - {"OPTIONS", "HEAD"}:
                scope = route.route_handler_map[method][0].opt.get("scope")
                assert scope in programs.SCOPES, route.path
                others = [other for other in programs.SCOPES if other != scope]
                head = await token_of(cast, "maija@example.org", *others)
                path = route.path_format
                for part in route.path_parameters:
                    path = path.replace(f"{{{part}}}", str(order_id))
                answer = await http.request(method, path, headers=head)
                assert answer.status_code == 403, (method, path, answer.text)
                assert scope in answer.text


async def test_a_program_has_an_account_that_never_signs_in(cast: Cast, fresh: Fresh) -> None:
    await cast.database.act(
        cast.worker, programs.open_account, name="wages@city.example", role="coordinator",
        unit="Keittiöpaja Kaneli",
    )  # fmt: skip
    head = await token_of(cast, "wages@city.example", "gigs:read")
    gig = await steps.agreed(cast, cast.eetu)
    async with browser_of(app_of(cast, fresh, Clock())) as http:
        path = f"/api/gigs/{gig.gig_id}"
        assert (await http.get(path, headers=head)).status_code == 200
        answer = await http.post(f"{path}/accept", headers=head, json={})
        assert answer.status_code == 403
    async with surfer(cast.database) as browser:
        await browser.send_form("/signin", "/signin", email="wages@city.example")
    assert await fresh.owner("SELECT 1 FROM signin_links") == []


async def test_no_token_outlives_ninety_days(cast: Cast, fresh: Fresh) -> None:
    await token_of(cast, "maija@example.org", "gigs:read")
    with pytest.raises(asyncpg.CheckViolationError, match="token_is_dated"):
        await fresh.owner("UPDATE api_tokens SET expires_at = expires_at + interval '1 second'")
