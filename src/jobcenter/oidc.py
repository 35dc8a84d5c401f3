"""Talks to an employer's directory by OpenID Connect: where to send a person, and who came back.

Code flow with PKCE, state and nonce. What a token says is believed only with the directory's own
signature, from this issuer, to this client, for this attempt, now. Where the directory knows us by
keys (`oidc_keys`), what we ask is signed, and what it answers may be closed.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64encode

from jobcenter.errors import NotAllowed, Unreachable
from jobcenter.oidc_keys import OwnKeys

# Signatures that only the directory can make: none of these is checked with a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Clocks of two organisations differ a little.
LEEWAY_SECONDS = 60
# Everything that is asked of the directory for one page, together.
PATIENCE_SECONDS = 4.0
KEPT = timedelta(hours=1)
# Asked for always, so that the directory tells when the person last showed who they are.
LONGEST_AGE_SECONDS = 10 * 3600

# What a signed request leaves outside of itself.
OUTSIDE = ("response_type", "client_id", "redirect_uri", "scope", "state")

AWAY = "Your employer's sign-in does not answer just now. Whoever is signed in can work on."
UNPROVEN = "This sign-in could not be checked. Please begin again from the sign-in page."
TOO_WEAK = "Please sign in with a stronger way, such as your staff card or bank identification."

Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with the directory, and how its words become ours."""

    issuer: str
    client_id: str
    secret: str = ""
    name: str = ""
    scopes: str = "openid profile email"
    email_claim: str = "email"
    name_claim: str = "name"
    roles_claim: str = "roles"
    roles: Mapping[str, str] = field(default_factory=dict)
    """The directory's word for a role or group → our role, or `role@unit`."""
    creates: bool = False
    """Whether somebody with such a role gets an account by coming in."""
    strength: tuple[str, ...] = ()
    """How strongly somebody must have shown who they are (`acr`); any of these will do."""
    ask: Mapping[str, str] = field(default_factory=dict)
    """What else a directory wants to be asked, such as which of its ways in to take."""
    keys: OwnKeys | None = None
    """What it knows us by instead of a secret."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who came back, as the directory tells it."""

    subject: str
    email: str
    name: str
    roles: frozenset[str] | None
    """Our roles, or None where the directory has no say in them."""
    proved_at: datetime | None
    """When they last showed the directory who they are, if it tells."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of the discovery document that we use, and the keys."""

    authorization: str
    token: str
    keys: KeySet
    read_at: datetime


class Directory:
    """One employer's directory; its document and keys are remembered for an hour."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._metadata: Metadata | None = None

    @property
    def name(self) -> str:
        """What the button calls it."""
        return self.terms.name

    async def address(
        self, *, back: str, state: str, nonce: str, verifier: str, again: bool, now: datetime
    ) -> str:
        """Return where to send the browser; `again` asks the person to show who they are anew."""
        wanted = {
            **self.terms.ask,
            "response_type": "code",
            "client_id": self.terms.client_id,
            "redirect_uri": back,
            "scope": self.terms.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
            "max_age": "0" if again else str(LONGEST_AGE_SECONDS),
            **({"prompt": "login"} if again else {}),
            **({"acr_values": " ".join(self.terms.strength)} if self.terms.strength else {}),
        }
        async with _asking() as http:
            metadata = await self._read(http, now)
        if self.terms.keys:
            signed = self.terms.keys.signed(
                wanted, to=self.terms.issuer, by=self.terms.client_id, now=now
            )
            # These stand outside as well (OpenID Connect Core §6.1).
            wanted = {name: wanted[name] for name in OUTSIDE} | {"request": signed}
        mark = "&" if "?" in metadata.authorization else "?"
        return f"{metadata.authorization}{mark}{urlencode(wanted)}"

    async def arrived(
        self, *, code: str, back: str, nonce: str, verifier: str, now: datetime
    ) -> Person:
        """Return who the code stands for."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.terms.client_id,
            "code_verifier": verifier,
        }
        async with _asking() as http:
            metadata = await self._read(http, now)
            proof = self._proof(metadata.token, now)
            answer = await http.post(metadata.token, data={**form, **proof})
            if answer.is_client_error:
                raise NotAllowed(UNPROVEN)
            token = _texts(_body(answer), "id_token")[0]
            try:
                claims = self._checked(token, metadata, nonce, now)
            except InvalidKeyIdError:
                # They have changed their keys since we last looked.
                fresh = await self._read(http, now, anew=True)
                claims = self._checked(token, fresh, nonce, now)
        return person_of(claims, self.terms)

    def _proof(self, endpoint: str, now: datetime) -> Mapping[str, str]:
        """Return what shows the directory that it is us."""
        if self.terms.keys:
            return self.terms.keys.assertion(
                client_id=self.terms.client_id, endpoint=endpoint, now=now
            )
        return {"client_secret": self.terms.secret} if self.terms.secret else {}

    async def _read(
        self, http: httpx.AsyncClient, now: datetime, *, anew: bool = False
    ) -> Metadata:
        known = self._metadata
        if known and not anew and now - known.read_at < KEPT:
            return known
        issuer = self.terms.issuer
        found = _body(await http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
        told, authorization, token, keys_at = _texts(
            found, "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"
        )
        if told != issuer:
            raise Unreachable(AWAY)
        keys = KeySet.import_key_set({"keys": _keys(_body(await http.get(keys_at)))})
        self._metadata = Metadata(authorization, token, keys, now)
        return self._metadata

    def _checked(self, token: str, metadata: Metadata, nonce: str, now: datetime) -> Claims:
        """Return what a token says, if it is theirs, to us, for this attempt, and of now."""
        try:
            signed = self.terms.keys.opened(token) if self.terms.keys else token
        except JoseError as error:
            raise NotAllowed(UNPROVEN) from error
        try:
            claims = jwt.decode(signed, metadata.keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self.terms.issuer},
                aud={"essential": True, "value": self.terms.client_id},
                nonce={"essential": True, "value": nonce},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
        except InvalidKeyIdError:
            raise
        except (JoseError, ValueError) as error:
            raise NotAllowed(UNPROVEN) from error
        if claims.get("azp", self.terms.client_id) != self.terms.client_id:
            raise NotAllowed(UNPROVEN)
        # What was asked for is a wish to the directory; what it did is in the token.
        if self.terms.strength and claims.get("acr") not in self.terms.strength:
            raise NotAllowed(TOO_WEAK)
        return claims


@asynccontextmanager
async def _asking() -> AsyncIterator[httpx.AsyncClient]:
    """Give the directory a few seconds; whatever goes wrong out there is told in one sentence."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient() as http:
            yield http
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, JoseError) as error:
        raise Unreachable(AWAY) from error


def _body(answer: httpx.Response) -> Mapping[str, object]:
    answer.raise_for_status()
    try:
        found = answer.json()
    except ValueError as error:
        raise Unreachable(AWAY) from error
    if not isinstance(found, dict):
        raise Unreachable(AWAY)
    return found


def _keys(found: Mapping[str, object]) -> list[dict[str, str | list[str]]]:
    """Return their keys for signing; kinds that we do not know are passed over."""
    keys = found.get("keys")
    listed = keys if isinstance(keys, list) else []
    return [
        key
        for key in listed
        if isinstance(key, dict) and key.get("kty") in {"RSA", "EC"} and key.get("use") != "enc"
    ]


def _texts(found: Mapping[str, object], *names: str) -> list[str]:
    texts = [found.get(name) for name in names]
    if not all(isinstance(text, str) for text in texts):
        raise Unreachable(AWAY)
    return [str(text) for text in texts]


def person_of(claims: Claims, terms: Terms) -> Person:
    """Put a directory's words into ours; an address that it has not verified counts for nothing."""
    email = _claim(claims, terms.email_claim)
    name = _claim(claims, terms.name_claim)
    proved = claims.get("auth_time")
    is_verified = claims.get("email_verified", True) is True
    return Person(
        subject=f"{terms.issuer} {claims['sub']}",
        email=email.strip() if isinstance(email, str) and is_verified else "",
        name=name.strip() if isinstance(name, str) else "",
        roles=_roles(_claim(claims, terms.roles_claim), terms) if terms.roles else None,
        proved_at=datetime.fromtimestamp(proved, UTC) if isinstance(proved, int) else None,
    )


def _roles(found: object, terms: Terms) -> frozenset[str]:
    words = found if isinstance(found, list) else [found]
    return frozenset(
        terms.roles[word] for word in words if isinstance(word, str) and word in terms.roles
    )


def _claim(claims: Claims, path: str) -> object:
    """Return a claim by its name, or by the way to it: `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: object = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def challenge_of(verifier: str) -> str:
    """Return the half of the PKCE secret that everybody may see."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode()
