"""The API: the same actions for programs, strict about what it reads, kind in what it refuses."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from tests import make
from tests.cast import Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.web.programs import Json, Program, Programs, app_of, browser_of
from tests.web.surfer import Clock

DAY = timedelta(days=1)
ORDER: Json = {
    "task_number": 2,
    "title": "Tiskaus",
    "starts": ["2026-11-24T10:00:00+02:00"],
    "minutes": 180,
    "hourly_cents": 1150,
    "address": "Fleminginkatu 1",
    "postcode": "00530",
    "contact_name": "Sari Salo",
    "contact_phone": "+358401234567",
    "contact_email": "sari@keittio.fi",
}


@pytest_asyncio.fixture
async def programs(cast: Cast, fresh: Fresh) -> AsyncIterator[Programs]:
    clock = Clock()
    async with browser_of(app_of(cast, fresh, clock)) as http:
        yield Programs(cast, http, clock)


@pytest_asyncio.fixture
async def sari(cast: Cast, programs: Programs) -> Program:
    return await programs.of(cast.sari)


@pytest_asyncio.fixture
async def maija(cast: Cast, programs: Programs) -> Program:
    return await programs.of(cast.maija)


async def test_an_order_becomes_a_confirmed_gig(cast: Cast, sari: Program, maija: Program) -> None:
    placed = await sari.post("/api/orders", ORDER)
    assert placed.status_code == 201, placed.text
    order_id = placed.json()["id"]
    assigned = await maija.post(
        f"/api/orders/{order_id}/assign",
        {"client_id": str(cast.aino), "start": "2026-11-24T10:00:00+02:00", "place_no": 1},
    )
    assert assigned.status_code == 201, assigned.text
    gig_id = assigned.json()["id"]
    accepted = await maija.post(f"/api/gigs/{gig_id}/accept", {"via": "phone"})
    assert accepted.json()["status"] == "confirmed"
    shown = (await sari.get(f"/api/orders/{order_id}")).json()
    assert [gig["status"] for gig in shown["gigs"]] == ["confirmed"]
    assert shown["gigs"][0]["client_id"] is None
    visits = await maija.get(f"/api/coaches/{cast.kim_coach}/visits")
    assert [visit["status"] for visit in visits.json()] == ["booked"]
    refused = await maija.post(f"/api/gigs/{gig_id}/decline", {"via": "phone"})
    assert refused.status_code == 409
    cancelled = await sari.post(f"/api/orders/{order_id}/cancel", {"reason": "Suljettu"})
    assert cancelled.json()["cost_cents"] == 1725
    assert cancelled.json()["percent"] == 50


async def test_the_same_key_places_one_order(sari: Program) -> None:
    first = await sari.post("/api/orders", ORDER, {"Idempotency-Key": "k1"})
    again = await sari.post("/api/orders", ORDER, {"Idempotency-Key": "k1"})
    other = await sari.post("/api/orders", {**ORDER, "minutes": 120}, {"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    shown = (await sari.get(first.headers["location"])).json()
    assert first.json()["answer_by"] == shown["answer_by"]


BAD: list[tuple[str, Json, int, str]] = [
    ("no zone", {"starts": ["2026-11-24T10:00:00"]}, 422, "zone_missing"),
    ("a number as time", {"starts": [1]}, 422, "not_a_time"),
    ("no such day", {"starts": ["2027-02-30T10:00:00+02:00"]}, 422, "not_a_time"),
    (
        "two starts",
        {"starts": ["2026-11-26T10:00:00Z", "2026-11-26T11:00:00Z"]},
        422,
        "too_many_starts",
    ),
    ("the past", {"starts": ["2026-11-23T08:59:00+02:00"]}, 422, "in_past"),
    ("too far", {"starts": ["2031-11-24T10:00:00+02:00"]}, 422, "too_far"),
    ("the gap", {"starts": ["2027-03-28T03:30[Europe/Helsinki]"]}, 422, "time_does_not_exist"),
    ("the fold", {"starts": ["2027-10-31T03:30[Europe/Helsinki]"]}, 422, "time_is_ambiguous"),
    ("too short", {"minutes": 5}, 422, "too_short"),
    ("too long", {"minutes": 1500}, 422, "too_long"),
    ("no places", {"places": 0}, 422, "too_few"),
    ("text for a number", {"places": "3"}, 422, "int_type"),
    ("a flag for a number", {"places": True}, 422, "int_type"),
    ("pay under the floor", {"hourly_cents": 900}, 422, "below_floor"),
    ("an unknown field", {"status": "confirmed"}, 422, "unknown_field"),
    ("a blank name", {"contact_name": " \u200b"}, 422, "blank"),
    ("NUL", {"title": "a\x00b"}, 422, "control_character"),
    ("another city", {"postcode": "33100"}, 422, "outside_area"),
]


@pytest.mark.parametrize(("name", "changes", "status", "code"), BAD, ids=[row[0] for row in BAD])
async def test_a_bad_order_is_told_at_its_field(
    sari: Program, name: str, changes: Json, status: int, code: str
) -> None:
    answer = await sari.post("/api/orders", {**ORDER, **changes})
    assert answer.status_code == status, (name, answer.text)
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert code in [error["code"] for error in told["errors"]], answer.text
    # Its kind has one name whoever found it, and its field is named as in the body.
    assert told["type"] == "urn:jobcenter:invalid"
    assert {error["field"].partition(".")[0] for error in told["errors"]} <= {*ORDER, *changes}


async def test_with_its_offset_the_repeated_hour_is_taken(sari: Program) -> None:
    body = {**ORDER, "starts": ["2027-10-31T03:30:00+02:00"], "hourly_cents": 1500}
    assert (await sari.post("/api/orders", body)).status_code == 201


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"[" * 100_000, "application/json", 400),
        (b'{"title": "\xff"}', "application/json", 400),
        (b'{"places": NaN}', "application/json", 400),
        (json.dumps(ORDER).encode(), "text/plain", 415),
        (json.dumps(ORDER).encode(), "application/xml", 415),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b'{"title": "' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
)
async def test_what_cannot_be_read_is_refused(
    sari: Program, content: bytes, kind: str, status: int
) -> None:
    answer = await sari.http.post(
        "/api/orders",
        content=content,
        headers={"Authorization": f"Bearer {sari.token}", "Content-Type": kind},
    )
    assert answer.status_code == status, answer.text


async def test_nobody_comes_in_without_a_token(programs: Programs) -> None:
    nobody = Program(programs.http)
    assert (await nobody.post("/api/orders", ORDER)).status_code == 401
    assert (await nobody.get(f"/api/gigs/{make.order().id}")).status_code == 401


async def test_who_comes_too_late_for_a_place_hears_of_up_to_two_others(
    cast: Cast, fresh: Fresh, maija: Program
) -> None:
    """Best first; not where the place is taken, the list is old, the order over, or she was out."""
    order_id = await make.save_order(cast, make.order())
    body = {"client_id": str(cast.eetu), "start": "2026-11-24T10:00:00+02:00", "place_no": 1}
    assert (await maija.post(f"/api/orders/{order_id}/assign", body)).status_code == 201
    rows = ((1, 5, False), (2, 1, True), (3, 9, False), (4, 99, True), (5, 99, True), (6, 99, True))
    others = [await listed(cast, fresh, n, score=s, planned=p) for n, s, p in rows]
    late = {**body, "client_id": str(cast.venla)}
    await fresh.owner("UPDATE proposals SET closed_at = now() WHERE order_id = $1", others[3])
    await fresh.owner("UPDATE orders SET status = 'closed' WHERE id = $1", others[4])
    taken = {**body, "start": (TUESDAY_TEN + 6 * DAY).isoformat()}
    assert (await maija.post(f"/api/orders/{others[5]}/assign", taken)).status_code == 201
    refused = await maija.post(f"/api/orders/{order_id}/assign", late)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:jobcenter:place_is_taken")
    told = refused.json()["alternatives"]
    assert [one["order_id"] for one in told] == [str(others[1]), str(others[2])]
    assert {key: told[0][key] for key in ("task", "site", "start")} == {
        "task": "Tiskaus", "site": "Keittiö Kallio", "start": "2026-11-26T10:00:00+02:00",
    }  # fmt: skip
    looks = await fresh.owner("SELECT client_id FROM looks WHERE what = 'name, other tasks'")
    assert [row["client_id"] for row in looks] == [cast.venla]


async def listed(cast: Cast, fresh: Fresh, days: int, *, score: int, planned: bool) -> UUID:
    """Put an order so many days after Tuesday, and Venla on its list."""
    start = TUESDAY_TEN + days * DAY
    order_id = await make.save_order(cast, make.order(start=start))
    await fresh.owner(
        "INSERT INTO rounds (organiser_id, id, kind, status, asked_at, orders, places, proposed,"
        " visits, stale, unfilled, progress) VALUES"
        " (1, $1, 'repair', 'done', now(), 0, 0, 0, 0, 0, '{}', 100)",
        order_id,
    )
    await fresh.owner(
        "INSERT INTO proposals (organiser_id, id, order_id, place_no, round_id, made_at)"
        " VALUES (1, $1, $1, 1, $1, now())",
        order_id,
    )
    await fresh.owner(
        "INSERT INTO proposal_rows (organiser_id, proposal_id, rank, client_id, unit_id, start,"
        " score, reasons, visits, planned, state)"
        " VALUES (1, $1, 1, $2, $3, $4, $5, '[]', '[]', $6, 'waiting')",
        order_id, cast.venla, cast.kaneli, start, score, planned,
    )  # fmt: skip
    return order_id


async def test_another_units_gig_is_not_found(
    cast: Cast, programs: Programs, sari: Program, maija: Program
) -> None:
    order_id = (await sari.post("/api/orders", ORDER)).json()["id"]
    gig = await maija.post(
        f"/api/orders/{order_id}/assign",
        {"client_id": str(cast.eetu), "start": "2026-11-24T10:00:00+02:00"},
    )
    pekka = await programs.of(cast.pekka)
    path = f"/api/gigs/{gig.json()['id']}"
    assert (await pekka.get(path)).status_code == 404
    assert (await sari.get(path)).status_code == 404
    assert (await maija.get(path)).json()["client_id"] == str(cast.eetu)
