"""What holds for every page: headers, errors, languages, methods, forms that are ours."""

from dataclasses import replace

import httpx
import pytest

from jobcenter.database import Face, connect
from tests.cast import Cast
from tests.conftest import Fresh
from tests.web.surfer import CONFIG, Surfer, surfer


async def test_the_statements_are_a_tap_from_every_page(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        front = (await browser.get("/")).text
        for path in ("/privacy", "/accessibility"):
            assert f'href="{path}"' in front
            assert (await browser.get(path)).status_code == 200


async def test_every_answer_carries_its_headers(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        for path in ("/signin", "/nowhere", "/static/app.css", "/health/live"):
            answer = await browser.get(path)
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert len(answer.headers["x-request-id"]) >= 8
        assert (await browser.get("/signin")).headers["cache-control"] == "private, no-store"
        # A browser that cannot say itself where a form comes from tells our own site, nobody else.
        for known, policy in (({}, "same-origin"), ({"sec-fetch-site": "none"}, "no-referrer")):
            told = await browser.get("/signin", headers={"user-agent": "Mozilla/5.0 (X)", **known})
            assert told.headers["referrer-policy"] == policy


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123", "yes"), ("a" * 65, "no"), ("<script>", "no"), ("", "no")]
)
async def test_a_plain_request_id_is_kept(onlookers: Cast, given: str, kept: str) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get("/signin", headers={"x-request-id": given})
        assert (answer.headers["x-request-id"] == given) is (kept == "yes")


async def test_head_is_get_without_a_body(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        for path in ("/signin", "/health/live", "/static/app.css"):
            head, get = await browser.head(path), await browser.get(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-type"] == get.headers["content-type"]


async def test_an_unknown_path_is_a_page_with_a_phone_number(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get("/.env")
        assert answer.status_code == 404
        assert "09 310 00000" in answer.text
        english = await browser.get("/.env", headers={"accept-language": "en-GB,fi;q=0.5"})
        assert "We could not find that page." in english.text
        browser.cookies.set("jobcenter_language", "sv")
        assert '<html lang="sv"' in (await browser.get("/.env")).text


async def test_a_wrong_method_names_the_right_ones(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        for method in ("DELETE", "PUT", "PATCH"):
            answer = await browser.request(method, "/signin")
            assert answer.status_code == 405
            assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))


async def test_programs_hear_of_a_problem_as_json(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get(
            "/nowhere", headers={"accept": "application/json", "x-request-id": "seen-7"}
        )
        assert answer.headers["content-type"].startswith("application/problem+json")
        problem = answer.json()
        assert problem["status"] == 404
        assert problem["request_id"] == "seen-7"
        assert set(problem) == {"type", "title", "status", "detail", "errors", "request_id"}


async def test_a_body_over_256_kb_is_refused(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.post("/signin", data={"email": "x" * 300_000})
        assert answer.status_code == 413


@pytest.mark.parametrize(
    ("accepts", "tag", "word"),
    [
        ("fi", "fi", "Kirjaudu"),
        ("sv-FI,sv;q=0.9", "sv", "Logga in"),
        ("en-GB", "en", "Sign in"),
        ("zz", "fi", "Kirjaudu"),
        ("*;q=x,,;", "fi", "Kirjaudu"),
    ],
)
async def test_the_language_follows_the_browser(
    onlookers: Cast, accepts: str, tag: str, word: str
) -> None:
    async with surfer(onlookers.database) as browser:
        text = (await browser.get("/signin", headers={"accept-language": accepts})).text
        assert f'<html lang="{tag}">' in text
        assert word in text


async def test_a_chosen_language_stays(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get("/language/sv?back=/signin")
        assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
        assert '<html lang="sv">' in (await browser.get("/signin")).text
        assert (await browser.get("/language/xx")).status_code == 404


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "x"])
async def test_a_language_switch_leads_nowhere_else(onlookers: Cast, back: str) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get("/language/fi", params={"back": back})
        assert answer.headers["location"] == "/"


async def _post(browser: Surfer, **headers: str) -> httpx.Response:
    """Ask for a sign-in link with the right token, from wherever the headers say."""
    form = await browser.form("/signin", "/signin")
    return await browser.post(
        "/signin", data={**form, "email": "nobody@example.org"}, headers=headers
    )


async def test_a_form_of_ours_is_taken(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        assert (await _post(browser)).status_code == 200
        assert (await _post(browser, origin="http://jobcenter.test")).status_code == 200
        # So it comes under the policy that tells nobody anything; the browser says whose it is.
        known = {"origin": "null", "sec-fetch-site": "same-origin"}
        assert (await _post(browser, **known)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_from_elsewhere_is_refused(onlookers: Cast, headers: dict[str, str]) -> None:
    async with surfer(onlookers.database) as browser:
        assert (await _post(browser, **headers)).status_code == 403


@pytest.mark.parametrize("csrf", ["", "x", "ä" * 32])
async def test_a_form_without_our_token_is_refused(onlookers: Cast, csrf: str) -> None:
    async with surfer(onlookers.database) as browser:
        await browser.get("/signin")
        fields = {"email": "sari@keittio.example", "csrf": csrf}
        assert (await browser.post("/signin", data=fields)).status_code == 403
        assert (
            await browser.post(f"/signin?csrf={csrf}", data={"email": "sari@keittio.example"})
        ).status_code == 403


async def test_another_browsers_token_is_refused(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser, surfer(onlookers.database) as other:
        form = await other.form("/signin", "/signin")
        await browser.get("/signin")
        assert (await browser.post("/signin", data=form)).status_code == 403


@pytest.mark.parametrize("path", ["/orders/new", "/status/x", "/signin/x"])
async def test_a_database_that_is_away_is_told_kindly(path: str) -> None:
    nowhere = "postgresql://x@/x?host=/nowhere"
    async with surfer(connect(dict.fromkeys(Face, nowhere))) as browser:
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "try again soon" in answer.text
        assert (await browser.get("/signin")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/orders/new?again=x", 422),
        ("/orders/new?fresh=perhaps", 422),
        ("/orders/..%2f..%2fetc%2fpasswd", 404),
        ("/orders/%00", 404),
        ("/signin/" + "x" * 10_000, 404),
        ("/signin/%00", 404),
        ("/status/%F0%9F%92%A9", 404),
        ("/orders/new?again[]=1&again[]=2", 200),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/language/fi?back=%0d%0aset-cookie:x=1", 303),
        ("/orders/new?_method=delete", 200),
    ],
)
async def test_strange_addresses_are_answered_plainly(
    onlookers: Cast, path: str, status: int
) -> None:
    async with surfer(onlookers.database) as browser:
        answer = await browser.get(path, headers={"x-http-method-override": "DELETE"})
        assert answer.status_code == status
        assert "set-cookie:x" not in str(answer.headers).lower()


@pytest.mark.parametrize(
    "body", [b"email=\xff\xfe", b"\xef\xbb\xbf", b"=&=&=", b"a" * 1000, b"email[]=x&csrf=%00"]
)
async def test_strange_bodies_are_answered_plainly(onlookers: Cast, body: bytes) -> None:
    async with surfer(onlookers.database) as browser:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = await browser.post("/signin", content=body, headers=kind)
        assert answer.status_code in {400, 403}


async def test_readiness_is_the_databases(onlookers: Cast, fresh: Fresh) -> None:
    here = replace(CONFIG, health_dsn=fresh.doors[Face.VISITOR])
    async with surfer(onlookers.database, config=here) as browser:
        assert (await browser.get("/health/ready")).status_code == 200
    nowhere = replace(CONFIG, health_dsn="postgresql://x@/x?host=/nowhere")
    async with surfer(onlookers.database, config=nowhere) as browser:
        assert (await browser.get("/health/live")).status_code == 200
        assert (await browser.get("/health/ready")).status_code == 503
