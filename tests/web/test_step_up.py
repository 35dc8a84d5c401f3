"""What gives power or takes somebody's secret out is done only right after signing in."""

import re
from dataclasses import replace
from datetime import timedelta

from jobcenter.people import staff as s
from jobcenter.web.asking import FORM_LASTS, FRESH
from tests import make
from tests.cast import CITY, MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.lending import Lent
from tests.web.strangers import NOBODY, csrf_of, everything_that_can_be_done
from tests.web.surfer import CONFIG, Clock, session_at, surfer
from tests.web.test_others_ids import written

# Opened, and sent: a form that was opened in time may be sent a little later.
OPENED = {
    "/users/new", "/users/{id}/edit", "/account/passkeys/new", "/units/{id}/coaches/new",
    "/accounts/{id}/statement.csv", "/accounts/{id}/statement.xlsx", "/accounts/exports",
    "/accounts/exports/{id}", "/accounts/exports/{id}/rows.csv",
}  # fmt: skip
SENT = {
    # Who works here and who may do what; with it go their sessions and programs' tokens.
    "/users/new", "/users/{id}/edit", "/users/{id}/give", "/users/{id}/take", "/users/{id}/disable",
    "/users/{id}/enable", "/users/{id}/revoke", "/organiser/roles/new", "/organiser/roles/coach",
    "/organiser/roles/coach/end", "/organiser/roles/coach/undo", "/units/{id}/stand-in",
    "/colleagues/{id}/remove", "/colleagues/{id}/manage", "/units/{id}/coaches/new",
    "/coaches/{id}/account",
    # Break-glass, and what stops an erasure.
    "/board/gigs/{id}/emergency", "/audit/holds", "/audit/holds/{id}/lift",
    # Another way in.
    "/account/passkeys", "/account/directory",
    # Everybody's pay at once.
    "/accounts/exports",
}  # fmt: skip
# Whatever else is written there is of these kinds too; lists other than that of roles give nothing.
KINDS = ("/users", "/audit", "/account/passkeys", "/account/directory", "/colleagues/{id}",
         "/organiser/roles")  # fmt: skip
ANY = dict.fromkeys(("token", "purpose", "verb", "step", "part", "told_from"), "any")
NO_POWER = {"/account/passkeys/{id}/remove": "a way in fewer, and whoever is robbed is in a hurry"}


async def test_only_right_after_signing_in(cast: Cast, fresh: Fresh) -> None:
    limit, clock = FRESH.total_seconds(), Clock()
    await everything_that_can_be_done(fresh, CITY)
    user = s.User(organiser_id=CITY, id=key("all"), email="all@example.org", name="All")
    grants = [
        s.Grant(organiser_id=CITY, user_id=user.id, role="all", unit_id=unit, party_id=party)
        for unit, party in ((cast.kaneli, None), (None, cast.keittio))
    ]
    await make.save(cast, user, *grants)
    who = replace(cast.maija, actor_id=user.id)
    heard = {}
    async with surfer(cast.database, clock) as browser:
        cookie = await session_at(cast, who, user.email, MONDAY)
        browser.cookies.set("jobcenter_session", cookie)
        form = {"csrf": await csrf_of(fresh, cookie)}
        for when, opens, sends in (
            ("in time", limit - 1, limit + FORM_LASTS.total_seconds() - 1),
            ("late", limit + 1, limit + FORM_LASTS.total_seconds() + 1),
        ):
            clock.now = MONDAY + timedelta(seconds=opens)
            gets = {one: await browser.get(one.format(id=NOBODY)) for one in sorted(OPENED)}
            clock.now = MONDAY + timedelta(seconds=sends)
            posts = {
                one: await browser.post(one.format(id=NOBODY), data=form) for one in sorted(SENT)
            }
            heard[when] = {
                f"{answer.request.method} {one}"
                for one, answer in (*gets.items(), *posts.items())
                if answer.headers.get("location", "").startswith("/signin?again=true")
            }
    assert heard["in time"] == set()
    asked = {f"GET {one}" for one in OPENED} | {f"POST {one}" for one in SENT}
    assert asked - heard["late"] == set()
    # Nothing of these kinds is forgotten.
    paths = {
        re.sub(r"{\w+_id}", "{id}", path).format(id="{id}", code="roles", slug="coach", **ANY)
        for path in written(Lent(cast.database, CONFIG, clock).app)
    }
    assert {one for one in paths if one.startswith(KINDS)} - SENT - NO_POWER.keys() == set()
