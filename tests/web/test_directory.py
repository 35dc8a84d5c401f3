"""Staff through their employer's directory: a real provider, and everything that must not pass."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from jobcenter.oidc import Directory, Terms, person_of
from jobcenter.oidc_keys import OwnKeys
from tests.cast import Cast, key
from tests.conftest import Fresh
from tests.web.employer import Provider, providing
from tests.web.surfer import CONFIG, Clock, Surfer, sign_in, surfer

ROLES = {
    "jc-kaneli": "coordinator@Keittiöpaja Kaneli",
    "jc-coach": "coach@Keittiöpaja Kaneli",
    "jc-lost": "coordinator@No such unit",
}
MAIJA: dict[str, object] = {
    "email": "Maija@example.org",
    "name": "Maija Mäki",
    "realm_access": {"roles": ["offline_access", "jc-kaneli"]},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """Run one provider for the file."""
    with providing() as running:
        running.employ("maija", **MAIJA)
        yield running


def terms(provider: Provider, **other: object) -> Terms:
    """Return what was agreed with it, as with a Keycloak."""
    agreed = Terms(
        issuer=provider.issuer,
        client_id="jobcenter",
        secret="shared",
        name="Helsinki",
        roles_claim="realm_access.roles",
        roles=ROLES,
    )
    return replace(agreed, **other)  # type: ignore[arg-type] # whichever field a test names


@asynccontextmanager
async def office(cast: Cast, agreed: Terms, clock: Clock | None = None) -> AsyncIterator[Surfer]:
    """Open a browser where staff come through the directory; its clock is the provider's."""
    config = replace(CONFIG, directory=Directory(agreed))
    async with surfer(cast.database, clock or Clock(datetime.now(UTC)), config) as browser:
        await browser.get("/language/en")
        yield browser


async def go(browser: Surfer, provider: Provider, subject: str = "maija", **changed: str) -> str:
    """Go to the directory and agree there; `changed` is what somebody alters on the way out."""
    left = await browser.get("/signin/directory")
    assert left.status_code == 303, left.text
    parts = urlsplit(left.headers["location"])
    asked = {name: texts[0] for name, texts in parse_qs(parts.query).items()}
    where = urlunsplit(parts._replace(query=urlencode({**asked, **changed})))
    return own(await provider.agree(where, subject))


def own(address: str) -> str:
    """Return the path of an address of ours."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == CONFIG.base_url
    return urlunsplit(("", "", parts.path, parts.query, ""))


async def test_a_coordinator_comes_in_through_the_directory(
    cast: Cast, fresh: Fresh, provider: Provider
) -> None:
    async with office(cast, terms(provider)) as browser:
        assert "Sign in with Helsinki" in (await browser.get("/signin")).text
        await browser.get("/signin?next=/board?week=1")
        back = await go(browser, provider)
        arrived = await browser.get(back)
        assert arrived.status_code == 200
        assert 'content="0; url=/board?week=1"' in arrived.text
        cookie = next(c for c in arrived.headers.get_list("set-cookie") if "_session=" in c)
        assert "samesite=strict" in cookie.lower()
        assert "Maija M" in (await browser.get("/account")).text
        users = await fresh.owner("SELECT subject FROM users WHERE id = $1", key("maija"))
        assert users[0]["subject"] == f"{provider.issuer} maija"
        # The answer of the directory is worth one sign-in.
        assert (await browser.get(back)).status_code == 403


async def test_roles_are_those_of_the_directory_at_each_sign_in(
    cast: Cast, fresh: Fresh, provider: Provider
) -> None:
    asked = "SELECT role, unit_id FROM grants WHERE user_id = $1 ORDER BY role"
    try:
        async with office(cast, terms(provider)) as browser:
            await browser.get(await go(browser, provider))
            both = {"roles": ["jc-kaneli", "jc-coach", "jc-lost", "of no matter"]}
            provider.employ("maija", **{**MAIJA, "realm_access": both})
            assert len(await fresh.owner(asked, key("maija"))) == 1
            await browser.get(await go(browser, provider))
            rows = [tuple(row) for row in await fresh.owner(asked, key("maija"))]
            assert rows == [("coach", cast.kaneli), ("coordinator", cast.kaneli)]
            provider.employ("maija", **{**MAIJA, "realm_access": {"roles": []}})
            refused = await browser.get(await go(browser, provider))
            assert refused.status_code == 403
            assert "no role in this service yet" in refused.text
            assert await fresh.owner(asked, key("maija")) == []
            assert (await browser.get("/account")).status_code == 401
    finally:
        provider.employ("maija", **MAIJA)


async def test_nobody_gets_an_account_by_surprise(
    cast: Cast, fresh: Fresh, provider: Provider
) -> None:
    someone = {"email": "uusi@example.org", "name": "Uusi", "realm_access": MAIJA["realm_access"]}
    provider.employ("uusi", **someone)
    provider.employ("tuntematon", email="tuntematon@example.org", name="T")
    async with office(cast, terms(provider)) as browser:
        assert (await browser.get(await go(browser, provider, "uusi"))).status_code == 403
        assert await fresh.owner("SELECT 1 FROM users WHERE subject IS NOT NULL") == []
    async with office(cast, terms(provider, creates=True)) as browser:
        assert (await browser.get(await go(browser, provider, "tuntematon"))).status_code == 403
        assert (await browser.get(await go(browser, provider, "uusi"))).status_code == 200
        made = await fresh.owner("SELECT name FROM users WHERE subject IS NOT NULL")
        assert [row["name"] for row in made] == ["Uusi"]


async def test_an_address_that_is_not_verified_opens_no_account(
    cast: Cast, provider: Provider
) -> None:
    provider.employ("varas", **{**MAIJA, "email_verified": False})
    provider.employ("toinen", **MAIJA)
    async with office(cast, terms(provider)) as browser:
        assert (await browser.get(await go(browser, provider, "varas"))).status_code == 403
        assert (await browser.get(await go(browser, provider))).status_code == 200
        # The address now belongs to one person of the directory, whoever else claims it.
        assert (await browser.get(await go(browser, provider, "toinen"))).status_code == 403


async def test_who_showed_too_little_of_who_they_are_is_sent_back(
    cast: Cast, provider: Provider
) -> None:
    strong = "http://eidas.europa.eu/LoA/substantial"
    agreed = terms(
        provider, strength=(strong, "loa3"), ask={"kc_idp_hint": "suomi-fi", "scope": "x"}
    )
    async with office(cast, agreed) as browser:
        left = await browser.get("/signin/directory")
        asked = parse_qs(urlsplit(left.headers["location"]).query)
        assert asked["acr_values"] == [f"{strong} loa3"]
        # More may be asked of a directory, but never in place of what we ask.
        assert (asked["kc_idp_hint"], asked["scope"]) == (["suomi-fi"], ["openid profile email"])
        for shown, status in (({}, 403), ({"acr": "1"}, 403), ({"acr": strong}, 200)):
            provider.employ("maija", **MAIJA, **shown)
            arrived = await browser.get(await go(browser, provider))
            assert arrived.status_code == status, arrived.text
            assert ("stronger way" in arrived.text) is (status == 403)
    provider.employ("maija", **MAIJA)


async def test_a_disabled_user_stays_out(cast: Cast, fresh: Fresh, provider: Provider) -> None:
    async with office(cast, terms(provider)) as browser:
        await browser.get(await go(browser, provider))
        await fresh.owner("UPDATE users SET disabled_at = now() WHERE id = $1", key("maija"))
        assert (await browser.get("/account")).status_code == 401
        assert (await browser.get(await go(browser, provider))).status_code == 403


async def test_what_was_begun_elsewhere_is_refused(cast: Cast, provider: Provider) -> None:
    async with office(cast, terms(provider)) as browser, office(cast, terms(provider)) as other:
        back = await go(browser, provider)
        assert (await other.get(back)).status_code == 403
        assert (await browser.get(back.replace("state=", "state=x"))).status_code == 403
        assert (await browser.get("/account")).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [{"nonce": "another"}, {"client_id": "another"}, {"code_challenge": "another"}],
    ids=["nonce", "audience", "pkce"],
)
async def test_what_was_altered_on_the_way_is_refused(
    cast: Cast, provider: Provider, changed: dict[str, str]
) -> None:
    async with office(cast, terms(provider)) as browser:
        answer = await browser.get(await go(browser, provider, **changed))
        assert answer.status_code == 403
        assert "could not be checked" in answer.text
        assert (await browser.get("/account")).status_code == 401


async def test_too_late_is_refused(cast: Cast, provider: Provider) -> None:
    clock = Clock(datetime.now(UTC))
    async with office(cast, terms(provider), clock) as browser:
        back = await go(browser, provider)
        clock.move(minutes=11)
        answer = await browser.get(back)
        assert answer.status_code == 410
        assert "begin again" in answer.text
        # A token that has run out, by our clock.
        clock.now = datetime.now(UTC)
        back = await go(browser, provider)
        clock.move(minutes=9)
    with providing(seconds=60) as brief:
        brief.employ("maija", **MAIJA)
        clock.now = datetime.now(UTC)
        async with office(cast, terms(brief), clock) as browser:
            back = await go(browser, brief)
            clock.move(minutes=5)
            assert (await browser.get(back)).status_code == 403


async def test_another_issuer_is_refused(cast: Cast, provider: Provider) -> None:
    """What the document calls itself must be what was agreed."""
    agreed = terms(provider, issuer=provider.issuer.replace("127.0.0.1", "localhost") + "/")
    async with office(cast, agreed) as browser:
        assert (await browser.get("/signin/directory")).status_code == 503


def keys_of(keys: OwnKeys) -> list[dict[str, str | list[str]]]:
    """Return the keys that are shown, the newest first."""
    shown: list[dict[str, str | list[str]]] = json.loads(json.dumps(keys.shown()))["keys"]
    return shown


async def test_the_trust_network_knows_us_by_keys(cast: Cast, tmp_path: Path) -> None:
    """Suomi.fi and brokers: what we ask is signed, no secret is shared, the answer is closed."""
    own, shown = OwnKeys(tmp_path / "home"), tmp_path / "keys.json"
    shown.write_text(json.dumps(own.shown()))
    with providing(keys=shown) as network:
        network.employ("maija", **MAIJA)
        agreed = terms(network, secret="", keys=own)
        async with office(cast, agreed) as browser:
            published = (await browser.get("/signin/directory/keys")).json()
            assert published == own.shown()
            assert not {"d", "p", "q"} & {name for key in published["keys"] for name in key}
            left = await browser.get("/signin/directory")
            asked = parse_qs(urlsplit(left.headers["location"]).query)
            assert "nonce" not in asked
            assert (await browser.get(await go(browser, network))).status_code == 200
            assert "Maija M" in (await browser.get("/account")).text
            # Renewed here, and only later seen there: what is closed by the former still opens.
            own.renew()
            with pytest.raises(AssertionError, match="server error"):
                await go(browser, network)
            signs, *_ = keys_of(own)
            shown.write_text(json.dumps({"keys": [signs, *published["keys"]]}))
            assert (await browser.get(await go(browser, network))).status_code == 200
        # Whoever has no such key, or shows a secret instead, is not let in for us.
        async with office(cast, replace(agreed, keys=OwnKeys(tmp_path / "other"))) as browser:
            with pytest.raises(AssertionError):
                await go(browser, network)
        async with office(cast, terms(network)) as browser:
            assert (await browser.get("/signin/directory/keys")).status_code == 404


async def test_who_is_signed_in_connects_a_directory_without_addresses(
    cast: Cast, fresh: Fresh, provider: Provider
) -> None:
    """Suomi.fi tells no address: whoever signed in a moment ago proves there that it is them."""
    provider.employ("010190-123A", name="Maija Mäki")
    agreed = terms(provider, roles={})
    async with office(cast, agreed) as browser:
        unknown = await browser.get(await go(browser, provider, "010190-123A"))
        assert unknown.status_code == 403
        await sign_in(browser, cast, cast.maija, datetime.now(UTC))
        assert "Connect with Helsinki" in (await browser.get("/account")).text
        left = await browser.send_form("/account", "/account/directory")
        assert left.status_code == 303
        asked = parse_qs(urlsplit(left.headers["location"]).query)
        assert asked["prompt"] == ["login"]
        back = own(await provider.agree(left.headers["location"], "010190-123A"))
        assert "note=connected" in (await browser.get(back)).text
        assert (await browser.get(back)).status_code == 403
        rows = await fresh.owner("SELECT id FROM users WHERE subject LIKE '% 010190-123A'")
        assert [row["id"] for row in rows] == [key("maija")]
        assert (await browser.get(await go(browser, provider, "010190-123A"))).status_code == 200
        assert "Connect with Helsinki" not in (await browser.get("/account")).text
    async with office(cast, agreed) as browser:
        # Nobody else is tied to the same person, and without having just signed in nobody is.
        await sign_in(browser, cast, cast.pekka, datetime.now(UTC))
        left = await browser.send_form("/account", "/account/directory")
        back = own(await provider.agree(left.headers["location"], "010190-123A"))
        assert (await browser.get(back)).status_code == 409
    async with office(cast, agreed, Clock(datetime.now(UTC) + timedelta(minutes=29))) as browser:
        await sign_in(browser, cast, cast.pekka, datetime.now(UTC))
        assert (await browser.get("/account")).status_code == 200
        late = await browser.send_form("/account", "/account/directory")
        assert late.headers["location"].startswith("/signin")


@pytest.mark.parametrize("damage", ["closed for another", "altered", "five parts of nothing"])
def test_what_was_not_closed_for_us_opens_nothing(tmp_path: Path, damage: str) -> None:
    own = OwnKeys(tmp_path)
    whose = OwnKeys(tmp_path / "other") if damage == "closed for another" else own
    _, key = (RSAKey.import_key(each) for each in keys_of(whose))
    token = jwe.encrypt_compact({"alg": "RSA-OAEP", "enc": "A128GCM"}, b"a.b.c", key)
    changed = {
        "closed for another": token,
        "altered": f"{token[:-4]}AAAA",
        "five parts of nothing": "a.b.c.d.e",
    }
    with pytest.raises(JoseError):
        own.opened(changed[damage])
    assert own.opened("a.b.c") == "a.b.c"


async def test_the_directory_is_down(cast: Cast, fresh: Fresh) -> None:
    """F42: a clear page; who is signed in works on; the machine itself can still let in."""
    with providing() as brief:
        brief.employ("maija", **MAIJA)
        agreed = terms(brief)
        async with office(cast, agreed) as other:
            await other.get(await go(other, brief))
            back = await go(other, brief)
            brief.stop()
            answer = await other.get(back)
            assert answer.status_code == 503
            assert (await other.get("/account")).status_code == 200
            assert (await other.get("/board")).status_code == 200
    async with office(cast, agreed) as browser:
        answer = await browser.get("/signin/directory")
        assert answer.status_code == 503
        assert "does not answer just now" in answer.text
        assert (await browser.get("/signin")).status_code == 200
        # Whoever belongs to the directory gets no link by mail; the machine still makes one.
        await browser.send_form("/signin", "/signin", email="maija@example.org")
        assert await fresh.owner("SELECT 1 FROM signin_links") == []
        await sign_in(browser, cast, cast.maija, datetime.now(UTC))
        assert (await browser.get("/account")).status_code == 200


async def test_the_directory_says_no(cast: Cast, provider: Provider) -> None:
    async with office(cast, terms(provider)) as browser:
        left = await browser.get("/signin/directory")
        state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
        answer = await browser.get(f"/signin/directory/back?error=access_denied&state={state}")
        assert answer.status_code == 403
        assert "did not let this sign-in through" in answer.text


async def test_fresh_is_what_the_directory_saw(cast: Cast, provider: Provider) -> None:
    """Passing through without showing who one is does not count as having just done so."""
    now = datetime.now(UTC)
    async with office(cast, terms(provider), Clock(now)) as browser:
        # 303: to sign in once more; 404: let through, but this address has no passkeys.
        for ago, status in ((timedelta(hours=3), 303), (timedelta(minutes=1), 404)):
            proved = int((now - ago).timestamp())
            provider.employ("maija", **MAIJA, auth_time=proved)
            await browser.get(await go(browser, provider))
            assert (await browser.get("/account/passkeys/new")).status_code == status
        provider.employ("maija", **MAIJA)
        left = await browser.get("/signin/directory?again=true")
        asked = parse_qs(urlsplit(left.headers["location"]).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


async def test_without_a_directory_there_is_no_such_page(onlookers: Cast) -> None:
    async with surfer(onlookers.database) as browser:
        assert (await browser.get("/signin/directory")).status_code == 404
        assert "/signin/directory" not in (await browser.get("/signin")).text


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["a"]}}),
        ("resource_access.jobcenter.roles", {"resource_access": {"jobcenter": {"roles": ["a"]}}}),
        ("roles", {"roles": ["a", "b"]}),
        ("groups", {"groups": "a"}),
        ("https://city.example/roles", {"https://city.example/roles": ["a"]}),
    ],
)
def test_roles_are_found_where_directories_put_them(claim: str, told: dict[str, object]) -> None:
    agreed = Terms("https://i.example", "jobcenter", roles_claim=claim, roles={"a": "coach"})
    assert person_of({"sub": "1", **told}, agreed).roles == frozenset({"coach"})
    assert person_of({"sub": "1"}, agreed).roles == frozenset()
