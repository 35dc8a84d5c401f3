"""Legal holds: what one covers stays through sweep and erasure, and the officer sees to them."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from jobcenter.errors import Invalid, NotAllowed
from jobcenter.orders import answering
from jobcenter.orders.gigs import Via
from jobcenter.retention import erasing, holds, sweeping
from jobcenter.retention.erasing import MARK, StillHeld
from tests import make
from tests.cast import MONDAY, Cast
from tests.commands.verbs import run
from tests.conftest import Fresh
from tests.orders import steps
from tests.retention.test_sweeping import WORKER, rules
from tests.web.surfer import sign_in, surfer

DAY = timedelta(days=1)
WHY, LAW = "A complaint is open", "Administrative Court, 1234/2026"
MOVED = "moved to another town"


async def place(cast: Cast, *, days: int | None = None, reason: str = WHY) -> None:
    last = (MONDAY + days * DAY).date() if days else None
    await cast.database.act(
        cast.tuija, holds.place, client_id=cast.aino, reason=reason, law=LAW, last_day=last,
        now=MONDAY,
    )  # fmt: skip


async def withdrawn(cast: Cast) -> None:
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await cast.database.act(
        cast.maija, answering.withdraw, gig_id=gig.id, via=Via.PHONE, now=MONDAY, reason=MOVED
    )


async def swept(cast: Cast, days: int, code: str) -> sweeping.Found:
    found = await sweeping.sweep_all(cast.database, WORKER, now=MONDAY + days * DAY)
    return next(line for line in found if line.record_class == code)


async def test_a_hold_keeps_all_of_one_person_until_its_day_is_over(
    cast: Cast, fresh: Fresh
) -> None:
    await rules(fresh)
    await withdrawn(cast)
    await place(cast, days=200)
    line = await swept(cast, 150, "withdrawal")
    assert (line.due, line.held, line.removed) == (1, 1, 0)
    with pytest.raises(StillHeld, match=r"complaint is open \(Administrative Court"):
        await cast.database.act(
            cast.worker, erasing.erase, client_id=cast.aino, law="x", now=MONDAY + 200 * DAY
        )
    line = await swept(cast, 201, "withdrawal")
    assert (line.due, line.held, line.removed) == (1, 0, 1)
    rows = await fresh.owner("SELECT reason FROM gig_events WHERE to_status = 'withdrawn'")
    assert [row[0] for row in rows] == [MARK]


async def test_a_hold_keeps_the_words_and_the_contact_of_the_orders_of_one_person(
    cast: Cast, fresh: Fresh
) -> None:
    await rules(fresh)
    for client_id in (cast.aino, cast.eetu):
        await steps.agreed(cast, client_id)
    await place(cast, days=800)

    async def left(days: int) -> list[tuple[object, ...]]:
        """Return what is left of both orders once this many days are over."""
        for code in ("order_text", "contact"):
            who, now = replace(WORKER, at=MONDAY + days * DAY), MONDAY + days * DAY
            found = await cast.database.act(who, sweeping.sweep, code=code, now=now)
            assert (found.due - found.held, found.removed) == (1, 1), (code, days)
        rows = await fresh.owner(
            "SELECT client_id, title, contact_name FROM orders JOIN gigs ON order_id = orders.id"
        )
        return sorted((tuple(row) for row in rows), key=str)

    aino = (cast.aino, "Tiskaus", "Sari Salo")
    assert await left(740) == sorted([aino, (cast.eetu, "", "")], key=str)
    assert await left(801) == sorted([(cast.aino, "", ""), (cast.eetu, "", "")], key=str)


async def test_history_keeps_its_words_until_their_days_are_over(cast: Cast, fresh: Fresh) -> None:
    await rules(fresh)
    await withdrawn(cast)
    assert (await swept(cast, 90, "withdrawal")).due == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fresh.owner("UPDATE gig_events SET reason = 'erased text'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fresh.owner("UPDATE gig_events SET reason = 'other' WHERE to_status = 'withdrawn'")
    assert (await swept(cast, 91, "withdrawal")).removed == 1


async def test_only_who_keeps_the_log_places_one_and_says_why(cast: Cast, fresh: Fresh) -> None:
    with pytest.raises(NotAllowed):
        await cast.database.act(
            cast.maija, holds.place, client_id=cast.aino, reason=WHY, law=LAW, last_day=None,
            now=MONDAY,
        )  # fmt: skip
    with pytest.raises(Invalid):
        await place(cast, reason="so")
    await place(cast)
    for statement in (
        "DELETE FROM legal_holds",
        "UPDATE legal_holds SET reason = 'another reason'",
        "UPDATE legal_holds SET last_day = '2020-01-01'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fresh.owner(statement)


async def test_the_page_and_the_command_tell_the_same(cast: Cast, fresh: Fresh) -> None:
    async with surfer(cast.database) as browser:
        browser.cookies.set("jobcenter_language", "en")
        await sign_in(browser, cast, cast.maija)
        assert (await browser.get("/audit/holds")).status_code == 403
        await sign_in(browser, cast, cast.tuija)
        path = "/audit/holds"
        refused = await browser.send_form(path, path, number=str(cast.kaneli), reason=WHY, law=LAW)
        assert (refused.status_code, "do not know a client" in refused.text) == (422, True)
        await browser.send_shown(refused, path, number=str(cast.aino))
        assert WHY in (await browser.get(path)).text
        told = run(fresh, "hold", str(cast.aino)).said
        assert f"{WHY} ({LAW})" in told
        assert f"held             {WHY}" in run(fresh, "erase", str(cast.aino), "--dry-run").said
        assert run(fresh, "hold", str(cast.aino), "--lift").said == "No hold stands.\n"
        assert "Lifted" in (await browser.get(path)).text
    parts = await fresh.owner("SELECT part FROM upkeep_events ORDER BY at")
    assert {row[0] for row in parts} == {"held", "let go"}
