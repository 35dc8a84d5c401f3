"""Whoever sends somebody else's id hears what nobody's id is told, and nothing comes of it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from itertools import product

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute

from jobcenter.intake.parts import ORDER
from tests.canaries.town import NOW, PATHS, a_busy_day
from tests.cast import Cast, key
from tests.conftest import Fresh
from tests.web.lending import Lent
from tests.web.strangers import NOBODY, Ids, Stranger, kept, owners, strangers
from tests.web.surfer import CONFIG, HOST, Clock

NAME = re.compile(r"{(\w+)}")
IDS = re.compile(r"{(\w+_id)}")
# What else may stand in an address.
WORDS: Mapping[str, tuple[str, ...]] = {
    "part": ORDER,
    "step": ("yes", "here", "missed", "withdraw", "approve"),
    "told_from": ("client",),
}
# What any form may want: each page reads its own of these.
FORM: Mapping[str, str] = {
    "minutes": "175", "reason": "words of more than ten letters", "version": "1", "places": "1",
    "shown_cents": "0", "start": "2026-11-26T10:00:00+02:00", "words": "what happened",
    "hurt": "nobody", "day": "2026-11-24", "clock": "10:00", "begins": "10:00", "ends": "11:00",
    "face": "3", "verb": "give", "purpose": "name_to_orderer", "how": "face_to_face",
    "pin": "5173", "again": "5173", "decision": "approve", "outcome": "received", "receipt": "1",
    "pass_on": "1", "manages": "yes", "role": "coach",
    "client": str(key("eetu")), "grant": str(key("orderer of ulla")),
}  # fmt: skip
JSON: Mapping[str, Mapping[str, object]] = {
    "accept": {"via": "phone"},
    "decline": {"via": "phone"},
    "withdraw": {"via": "phone"},
    "assign": {"client_id": str(key("eetu")), "start": "2026-11-24T10:00:00+02:00"},
    "cancel": {"reason": "rain"},
    "approve": {"minutes": 175, "reason": "went earlier"},
}
# What is not somebody else's: of whom, and why.
EVERYBODYS: Mapping[str, tuple[str, Collection[str]]] = {
    r"/board/orders/|/api/orders/": (
        "every unit sees every order, and may ask people of its own for it", ("pekka", "liisa")
    ),
    r"/board/gigs/{gig_id}/emergency": (
        "break-glass: a reason is written down, and it is told", ("pekka", "liisa")
    ),
    r"/places/": ("every coach sees every place, and keeps what it is like", ("liisa",)),
}  # fmt: skip
REFUSALS = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
# What nobody of these may do to these rows at this moment, whosever they are.
NO_OWNER = {
    "/status/{token}/gigs/{other_gig_id}/feedback": "the link is of another order",
    "/board/orders/{order_id}/assign": "a reason is one for passing a limit, which is Bea's",
    "/coach/visits/{visit_id}/move": "its coach has said a moment before that they cannot come",
    "/users/{user_id}/take": "the orderer whose role it was has left a moment before",
    "/my/hours/exceptions/{exception_id}/drop": "its client has not signed in",
}


def written(app: Litestar) -> list[str]:
    """Return the address of everything that can be written."""
    return [
        route.path_format
        for route in app.routes
        if isinstance(route, HTTPRoute) and {"POST", "PUT", "PATCH", "DELETE"} & route.methods
    ]


def routes(app: Litestar) -> list[str]:
    """Return the address of everything that is written under somebody's id."""
    # The same word for places of two kinds, and an order's link beside the gig of another.
    return [
        path.replace("/units/{unit_id}/sites/{site_id}", "/units/{unit_id}/sites/{unit_site_id}")
        .replace("/status/{token}/gigs/{gig_id}", "/status/{token}/gigs/{other_gig_id}")
        for path in written(app)
        if IDS.search(path)
    ]  # fmt: skip


def is_theirs_too(path: str, by: Stranger) -> bool:
    """Whether this is somebody's business though it is not their own."""
    return any(re.match(what, path) and by.name in who for what, (_, who) in EVERYBODYS.items())


def pairs(path: str, by: Stranger) -> Iterator[tuple[Ids, Ids]]:
    """Yield others' ids, also one beside one's own, each with nobody's in their place."""
    names = IDS.findall(path)
    for kinds in product((True, False), repeat=len(names)):
        chosen = dict(zip(names, kinds, strict=True))
        whose = {name: by.others if is_others else by.own for name, is_others in chosen.items()}
        if any(kinds) and all(name in ids for name, ids in whose.items()):
            real = {name: ids[name] for name, ids in whose.items()}
            yield real, {name: NOBODY if chosen[name] else one for name, one in real.items()}


def calls(cast: Cast, by: Stranger) -> httpx.AsyncClient:
    """Open the service of somebody's organiser."""
    app = Lent(
        cast.database,
        replace(CONFIG, organiser=by.organiser, api_a_minute=1_000_000),
        Clock(NOW),
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]  # the two libraries have their own words for the same ASGI
    headers = {"x-request-id": "same", "accept": "text/html"}
    return httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers)


async def heard(
    http: httpx.AsyncClient, by: Stranger, path: str, ids: Ids
) -> list[tuple[int, str]]:
    """Send everything there under these ids; return what was answered, without the ids."""
    token = PATHS.order(ids.get("order_id", NOBODY)).rpartition("/")[2]
    words = [WORDS.get(name, (token,)) for name in NAME.findall(path) if name not in ids]
    names = [name for name in NAME.findall(path) if name not in ids]
    told = []
    for chosen in product(*words):
        filled = path.format(**ids, **dict(zip(names, chosen, strict=True)))
        answer = await _sent(http, by, filled)
        text = f"{answer.text} {answer.headers.get('location')}"
        for one in map(str, ids.values()):
            text = text.replace(one, "ID")
        told.append((answer.status_code, text))
    return told


async def _sent(http: httpx.AsyncClient, by: Stranger, path: str) -> httpx.Response:
    if not path.startswith("/api/"):
        http.cookies = httpx.Cookies({"jobcenter_session": by.cookie})
        return await http.post(path, data={**FORM, "csrf": by.csrf})
    bearer = {"authorization": f"Bearer {by.token}"}
    body = JSON.get(path.rpartition("/")[2])
    if body is None:
        return await http.post(path, headers=bearer)
    return await http.post(path, headers=bearer, json=body)


async def differs(
    http: httpx.AsyncClient, by: Stranger, paths: Iterable[str]
) -> list[tuple[str, str, object]]:
    """Return where somebody hears of others' ids what they do not hear of nobody's."""
    wrong: list[tuple[str, str, object]] = []
    for path in paths:
        for real, none in pairs(path, by):
            told, same = await heard(http, by, path, real), await heard(http, by, path, none)
            if told != same:
                wrong.append((by.name, path, (told, same)))
    return wrong


async def usable(http: httpx.AsyncClient, by: Stranger, paths: Iterable[str]) -> set[str]:
    """Return the addresses under which somebody's own ids are not refused."""
    return {
        path
        for path in sorted(paths)
        for told in [
            await heard(http, by, path, {name: by.own[name] for name in IDS.findall(path)})
        ]
        if not {status for status, _ in told} <= REFUSALS
    }


async def test_others_ids_are_nobodys_and_their_owners_ids_are_somebodys(
    cast: Cast, fresh: Fresh
) -> None:
    everybody = await strangers(cast, fresh, await a_busy_day(cast, fresh))
    addresses = routes(Lent(cast.database, CONFIG, Clock(NOW)).app)
    before = await kept(fresh)
    for by in [one for one in everybody if one.others]:
        async with calls(cast, by) as http:
            told = await differs(http, by, [one for one in addresses if not is_theirs_too(one, by)])
        assert told == []
        after = await kept(fresh)
        assert {table for table in after if after[table] != before[table]} == set(), by.name
    # What is refused to others is no address that nobody can use: each id is somebody's own.
    unused = set(addresses) - NO_OWNER.keys()
    for by in everybody[-len(owners(cast)) :]:
        async with calls(cast, by) as http:
            unused -= await usable(http, by, unused)
    assert unused == set()
