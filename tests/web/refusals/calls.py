"""Calls that must be refused, and those that must not: as data, one line each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.cast import key

Json = dict[str, object]

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
PLAN: Json = {"kind": "whole"}
AT = "2026-11-24T10:00:00+02:00"
SOMEWHERE = "00000000-0000-7000-8000-000000000000"
# An order of Sari's that Aino has been asked for.
REAL = str(key("a real order"))


@dataclass(frozen=True)
class Call:
    """One call, and what it must be answered; `row` is its number in the list of bad inputs."""

    row: int
    what: str
    path: str
    statuses: frozenset[int]
    method: str = "GET"
    who: str = "sari"
    cookie: str = ""
    """Whose session comes along as a browser's cookie."""
    code: str = ""
    json: Json | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def _order(row: int, what: str, answer: int, told: str = "", /, **changes: object) -> Call:
    body = {**ORDER, **changes}
    return Call(row, what, "/api/orders", frozenset({answer}), "POST", code=told, json=body)


def _start(row: int, what: str, code: str, start: object) -> Call:
    return _order(row, what, 422, code, starts=[start])


def _raw(row: int, what: str, status: int, content: bytes, kind: str = "application/json") -> Call:
    return Call(
        row, what, "/api/orders", frozenset({status}), "POST", content=content,
        headers={"content-type": kind},
    )  # fmt: skip


def _asked(
    row: int,
    what: str,
    path: str,
    *statuses: int,
    method: str = "GET",
    who: str = "sari",
    code: str = "",
) -> Call:
    return Call(row, what, path, frozenset(statuses), method, who, code=code)


_NUMBER = b'{"task_number": 2, "title": "x", "places": '
REFUSED_ORDERS = (
    _order(1, "ends before it starts", 422, "end_before_start", end="2026-11-24T09:00:00+02:00",
           minutes=None),
    _order(2, "ends as it starts", 422, "empty_period", end=AT, minutes=None),
    _start(3, "an hour ago", "in_past", "2026-11-23T08:00:00+02:00"),
    _start(3, "a second ago", "in_past", "2026-11-23T09:00:00+02:00"),
    _start(4, "in five years", "too_far", "2031-11-24T10:00:00+02:00"),
    _order(5, "25 hours", 422, "too_long", minutes=1500),
    _order(5, "5 minutes", 422, "too_short", minutes=5),
    _start(6, "a time that is not", "time_does_not_exist", "2027-03-28T03:30[Europe/Helsinki]"),
    _start(7, "a time that is twice", "time_is_ambiguous", "2027-10-31T03:30[Europe/Helsinki]"),
    _start(9, "no zone", "zone_missing", "2026-11-24T10:00:00"),
    _start(10, "a number", "not_a_time", 1),
    _start(10, "no such day", "not_a_time", "2027-02-30T10:00:00+02:00"),
    _start(10, "25 o'clock", "not_a_time", "2027-06-30T25:00:00+03:00"),
    _start(10, "a leap second", "not_a_time", "2027-06-30T23:59:60Z"),
    _start(10, "the year 0", "not_a_time", "0000-01-01T10:00:00Z"),
    _start(10, "a zone of 99 hours", "not_a_time", "2027-06-30T10:00:00+99:00"),
    _order(11, "no place", 422, "too_few", places=0),
    _order(11, "minus one place", 422, "too_few", places=-1),
    _order(11, "201 places", 422, "too_many", places=201),
    _order(11, "half a place", 422, "int_type", places=1.5),
    _order(11, "a text", 422, "int_type", places="3"),
    _order(11, "a yes", 422, "int_type", places=True),
    _order(11, "30 digits", 422, places=10**30),
    _raw(11, "too great a number", 400, _NUMBER + b"1e400}"),
    _raw(11, "no number", 400, _NUMBER + b"NaN}"),
    _order(12, "pay below nothing", 422, "below_floor", hourly_cents=-1),
    _order(12, "no pay", 422, "below_floor", hourly_cents=0),
    _order(12, "parts of a cent", 422, "int_type", hourly_cents=12.345),
    _order(12, "a million an hour", 422, "too_high", hourly_cents=10**9),
    _order(12, "the form's comma", 422, "int_type", hourly_cents="12,50"),
    _order(13, "nothing", 422, "blank", contact_name=""),
    _order(13, "spaces", 422, "blank", contact_name="   "),
    _order(13, "a space of no width", 422, "blank", contact_name="\u200b"),
    _order(13, "a turn of direction", 422, "blank", contact_name="\u202e"),
    _order(16, "NUL", 422, "control_character", title="a\x00b"),
    _order(16, "no character", 422, "control_character", title="a\ufffeb"),
    _order(16, "an escape", 422, "control_character", wear="\x1b[31m"),
    _raw(16, "half a pair", 400, b'{"title": "\\ud800"}'),
    _order(17, "10,001 letters", 422, "too_long", description="x" * 10_001),
    _order(17, "500 marks on a letter", 422, "too_long", title="e" + "\u0301" * 500),
    _order(24, "a state", 422, "unknown_field", status="confirmed"),
    _order(24, "an organiser", 422, "unknown_field", tenant_id=2),
    _order(24, "a right", 422, "unknown_field", is_admin=True),
    _order(24, "an id", 422, "unknown_field", id=5),
    _order(24, "who did it", 422, "unknown_field", created_by="maija"),
    _raw(26, "100,000 brackets", 400, b"[" * 100_000),
    _raw(26, "33 deep", 400, b'{"x": ' + b"[" * 32 + b"]" * 32 + b"}"),
    _raw(27, "no UTF-8", 400, b'{"title": "\xff"}'),
    _raw(27, "UTF-16", 400, '{"title": "x"}'.encode("utf-16")),
    _raw(27, "half a document", 400, b'{"title": "x"'),
    _raw(28, "300 kB", 413, b'{"title": "' + b"x" * 300_000 + b'"}'),
    _raw(30, "plain text", 415, b"{}", "text/plain"),
    _raw(30, "XML", 415, b"<order/>", "application/xml"),
    _raw(30, "a form", 415, b"title=x", "application/x-www-form-urlencoded"),
    _raw(30, "no kind", 415, b"{}", ""),
    _order(38, "half an address", 422, "email_wrong", contact_email="a@b"),
    _order(38, "a space in quotes", 422, "email_wrong", contact_email='"x y"@z.fi'),
    _order(38, "255 letters", 422, "email_wrong", contact_email="a" * 250 + "@z.fi"),
    _order(39, "a satellite", 422, "phone_country", contact_phone="+88213123456"),
    _order(39, "a paid number", 422, "phone_wrong", contact_phone="0700 12345"),
)  # fmt: skip

GZIP = {"content-type": "application/json", "content-encoding": "gzip"}
REFUSED_CALLS = (
    Call(28, "packed", "/api/orders", frozenset({415}), "POST", content=b"\x1f\x8b", headers=GZIP),
    _asked(23, "a way up", "/api/orders/..%2f..%2fetc%2fpasswd", 404),
    _asked(23, "a file", "/api/orders/%00.pdf", 404),
    _asked(64, "an order of nobody", f"/api/orders/{SOMEWHERE}", 404),
    _asked(64, "a gig of nobody", f"/api/gigs/{SOMEWHERE}", 404),
    _asked(74, "sorted by a secret", f"/api/orders/{SOMEWHERE}?sort=password_hash", 422,
           code="unknown_field"),
    _asked(74, "a million", f"/api/orders/{SOMEWHERE}/candidates?limit=1000000", 422, who="maija"),
    _asked(74, "minus one", f"/api/orders/{SOMEWHERE}/candidates?limit=-1", 422, who="maija"),
    _asked(78, "DELETE of nothing", "/api/nothing", 404, method="DELETE"),
    Call(79, "another method, it says", f"/api/orders/{SOMEWHERE}", frozenset({404}),
         headers={"x-http-method-override": "DELETE"}),
    Call(82, "a head of 64 kB", f"/api/orders/{SOMEWHERE}", frozenset({431}),
         headers={"x-long": "x" * 64_000}),
    Call(82, "500 lines of head", f"/api/orders/{SOMEWHERE}", frozenset({431}),
         headers={f"x-{number}": "x" for number in range(500)}),
    _asked(82, "32 kB of address", f"/api/orders/{SOMEWHERE}?x=" + "x" * 32_000, 414),
    Call(84, "a part", f"/api/orders/{SOMEWHERE}", frozenset({404}),
         headers={"range": "bytes=0-10", "if-none-match": "*"}),
    Call(84, "a part of a file", "/static/app.css", frozenset({200, 206, 416}),
         headers={"range": "bytes=5-2"}),
    Call(85, "an unsigned token", f"/api/orders/{SOMEWHERE}", frozenset({401}), who="nobody",
         headers={"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."}),
    Call(85, "a name and a password", f"/api/orders/{SOMEWHERE}", frozenset({401}), who="nobody",
         headers={"authorization": "Basic c2FyaTpzYXJp"}),
    # Each would do if it let anybody in: Sari's own token puts this order.
    *(
        Call(85, f"{who}: an order", "/api/orders", frozenset({401}), "POST", who, json=ORDER)
        for who in ("run out", "taken back", "disabled", "far", "session", "link", "client")
    ),
    *(
        Call(86, f"{who} {what}", path, frozenset({403, 404}), method, who, json=json)
        for who in ("tuija", "jaana")
        for what, method, path, json in (
            ("orders", "POST", "/api/orders", ORDER),
            ("plans", "POST", "/api/rounds", PLAN),
            ("reads an order", "GET", f"/api/orders/{REAL}", None),
            ("asks who fits", "GET", f"/api/orders/{REAL}/candidates", None),
        )
    ),
    *(
        Call(86, f"{who}'s cookie {method}", path, frozenset({401}), method, "nobody", who,
             json=json)
        for who in ("client", "session")
        for method, path, json in (
            ("GET", f"/api/orders/{REAL}", None), ("POST", "/api/orders", ORDER),
        )
    ),
    _asked(86, "an orderer asks who fits", f"/api/orders/{REAL}/candidates", 403, 404),
    Call(86, "an orderer asks for a round", "/api/rounds", frozenset({403, 404}), "POST",
         json=PLAN),
    *(
        _asked(91, path, path, 404, who="nobody")
        for path in ("/docs", "/metrics", "/debug", "/.env", "/.git/config", "/admin")
    ),
    Call(92, "another protocol", "/signin", frozenset({400}), who="nobody",
         headers={"upgrade": "websocket", "connection": "upgrade"}),
)  # fmt: skip

_SQL = ("' OR 1=1--", "'; DROP TABLE orders", "1 AND pg_sleep(5)")
_TEXTS = (
    "title", "description", "address", "site_name", "entrance", "contact_name", "wear", "bring",
    "language", "cost_centre", "postcode", "contact_phone", "contact_email",
)  # fmt: skip
# Taken as the text that it is, or refused as no phone number and the like; never run.
SQL_CALLS = tuple(
    Call(20, f"{name}: {text}", "/api/orders", frozenset({201, 422}), "POST",
         json={**ORDER, name: text})
    for name in _TEXTS
    for text in _SQL[: 1 if name != "title" else None]
)  # fmt: skip

TAKEN_ORDERS = (
    _order(7, "a time that is twice, with its offset", 201, starts=["2027-10-31T03:30:00+02:00"],
           hourly_cents=1500),
    *(
        _order(14, name, 201, title=name)
        for name in ("Zoë Ääkkönen 👩🏽‍🔧", "محمد", "李", "O’Brien", "Nguye\u0302\u0303n")
    ),
    *(
        _order(18, text, 201, description=text)
        for text in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
                     "javascript:alert(1)")
    ),
    *(
        _order(19, text, 201, title=text)
        for text in ("{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}")
    ),
    *(
        _order(21, text, 201, title=text)
        for text in ("=HYPERLINK(1)", "+1", "-1", "@SUM", "＝1")
    ),
    _order(38, "letters of ours in the domain", 201, contact_email="sari@ääkkönen.fi"),
    _order(39, "as Finns write it", 201, contact_phone="040 123 4567"),
    _order(40, "health in the address", 201, address="Fleminginkatu 1, skitsofreniakuntoutujat"),
)  # fmt: skip
