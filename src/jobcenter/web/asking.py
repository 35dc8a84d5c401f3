"""Who is asking, and what every handler gets: the person, the moment, two doors to the database.

`entrance` finds out who it is; handlers take `asking: NamedDependency[Asking]`.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard, Scope
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import access
from jobcenter.database import Database, OrganiserId, Who
from jobcenter.errors import CeilingTold, NotAllowed, NotFresh, NotSignedIn
from jobcenter.oidc import Directory
from jobcenter.people import choices
from jobcenter.people.choices import Words
from jobcenter.people.desk import Desk
from jobcenter.people.sessions import Anew, Signed
from jobcenter.texts import DEFAULT, say
from jobcenter.times import local

P = ParamSpec("P")
T = TypeVar("T")

WebRequest = Request[None, None, State]
Connection = ASGIConnection[BaseRouteHandler, None, None, State]

YEAR_SECONDS = 365 * 24 * 3600
FRESH = timedelta(minutes=10)
"""How long ago somebody may have signed in to open what is done only right after it."""
FORM_LASTS = timedelta(minutes=10)
"""How much longer a form that was opened in time may be sent."""
TELLS_AT_FIELDS = "tells_at_fields"
"""The `opt` key of a route that says itself, at the field, which letters it cannot read."""
QUERY = "query"
"""The `opt` key under which a route of the API names what may stand after the question mark."""


@dataclass(frozen=True, slots=True)
class WebConfig:
    """What the web needs to know of the place where it runs."""

    secret: str
    base_url: str
    phone: str
    organiser: OrganiserId
    inbox: bool = False
    mail_port: int = 0
    """Where the demo's inbox takes mail in; 0 for nowhere."""
    sms_token: str = ""
    sms_hook_secret: str = ""
    """What the SMS gateway signs its calls to us with; without it there is no such address."""
    health_dsn: str = ""
    horizon_days: int = 14
    signins_a_minute: int = 5
    """How often one name, or one address, may try to sign in."""
    api_a_minute: int = 60
    calendar_loopback: bool = False
    """Whether a coach may give an address on this very machine; off but in tests."""
    directory: Directory | None = None
    """The employer's directory that staff come through, where there is one."""

    @property
    def over_https(self) -> bool:
        """Whether people reach us over https, which decides how cookies are set."""
        return self.base_url.startswith("https://")

    @property
    def passkey_place(self) -> str:
        """Return the name that passkeys are bound to; browsers want https or localhost, no IP."""
        name = urlsplit(self.base_url).hostname or ""
        is_named = any(letter.isalpha() for letter in name) and ":" not in name
        return name if is_named and (self.over_https or name == "localhost") else ""

    def cookie(self, name: str) -> str:
        """Return the full name of one of our cookies (SETTLED 26)."""
        return f"__Host-{name}" if self.over_https else f"jobcenter_{name}"


@dataclass(slots=True)
class Asking:
    """One request: who asks, when, in which language, and the doors to the database."""

    who: Who
    database: Database
    config: WebConfig
    now: datetime
    request_id: str
    path: str
    cookies: list[Cookie]
    """What the answer sets; `entrance` sends them."""
    desk: Desk
    """Whom the reader may call."""
    address: str = ""
    """Where the request comes from."""
    device: str = ""
    """What kind of browser it is, in a word or two."""
    language: str = DEFAULT
    visitor: str = ""
    """The secret of a browser on which nobody has signed in."""
    signed: Signed | None = None
    session_hash: bytes | None = None
    is_over: bool = False
    """Whether the browser brought a session that holds no more."""
    scopes: frozenset[str] = frozenset()
    """What a program's token is for."""

    @property
    def signed_in(self) -> bool:
        """Whether a user is asking, rather than a link or a visitor."""
        return self.who.actor_id is not None

    @property
    def today(self) -> date:
        """Return the day it is here."""
        return local(self.now).date()

    @property
    def link_hash(self) -> bytes | None:
        """Return the link whose session this is, if it is one's."""
        return self.signed.link_hash if self.signed else None

    @property
    def csrf(self) -> str:
        """Return what every form of this browser must carry."""
        if self.signed:
            return self.signed.csrf
        text = f"csrf:{self.known_visitor()}"
        digest = hmac.new(self.config.secret.encode(), text.encode(), sha256).digest()
        return urlsafe_b64encode(digest[:24]).decode()

    @property
    def owner(self) -> str:
        """Return whose drafts and keys these are: a user's, or this browser's."""
        if self.signed_in:
            return f"user:{self.who.actor_id}"
        return f"visitor:{access.hash_of(self.known_visitor()).hex()}"

    def known_visitor(self) -> str:
        """Return this browser's secret, made and set when it has none yet."""
        if not self.visitor:
            self.visitor = access.new_token()
            self.keep("visitor", self.visitor, seconds=YEAR_SECONDS)
        return self.visitor

    def keep(
        self, name: str, value: str, *, seconds: int | None = None, strict: bool = False
    ) -> None:
        """Set one of our cookies with the answer; without seconds it lives as the browser does."""
        self.cookies.append(
            Cookie(
                key=self.config.cookie(name),
                value=value,
                max_age=seconds,
                path="/",
                httponly=True,
                secure=self.config.over_https,
                samesite="strict" if strict else "lax",
            )
        )

    def drop(self, name: str) -> None:
        """Take one of our cookies away with the answer."""
        self.keep(name, "", seconds=0)

    def keep_session(self, token: str, who: Who) -> None:
        """Give the browser the cookie of a session that has just begun."""
        self.keep("session", token, strict=who.role not in {"orderer", "link"})

    def say(self, sentence: str, /, **values: object) -> str:
        """Put a sentence into the asker's language."""
        return say(self.language, sentence, **values)

    @asynccontextmanager
    async def renewed(self) -> AsyncIterator[Anew]:
        """Change what one signs in with: the browser gets a fresh token if that works."""
        token = access.new_token()
        anew = Anew(self.session_hash, access.hash_of(token))
        yield anew
        self.session_hash = anew.fresh
        self.keep_session(token, self.who)

    async def read(
        self,
        query: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run one query as whoever is asking."""
        return await self.database.read(self.who, query, *args, **kwargs)

    async def strengths(self, *, wanted: bool = True) -> Words:
        """Return what people may be good at, in the organiser's words; none are read in vain."""
        return await self.read(choices.strengths, now=self.now) if wanted else choices.NO_WORDS

    async def services(self) -> Words:
        """Return the services that units offer."""
        return await self.read(choices.services, now=self.now)

    async def act(
        self,
        action: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run one action as whoever is asking."""
        return await self.database.act(self.who, action, *args, **kwargs)

    async def look(self, clients: Iterable[UUID | None], *, what: str, purpose: str) -> None:
        """Commit a line for each client about to be read; call it before the read."""
        await access.look(
            self.database,
            self.who,
            clients=clients,
            what=what,
            purpose=purpose,
            now=self.now,
        )

    @asynccontextmanager
    async def figures_logged(self, client_id: UUID, *, purpose: str) -> AsyncIterator[None]:
        """Commit a look before the figures of an earnings limit are told to whom may know them."""
        try:
            yield
        except CeilingTold:
            await self.look([client_id], what="earnings limit", purpose=purpose)
            raise

    async def disclose(self, clients: Collection[UUID], told: access.Told) -> None:
        """Commit what somebody outside is told about these clients; call it before answering."""
        if clients:
            await self.act(access.disclose, clients=clients, told=told, now=self.now)

    def as_client(self, client_id: UUID, unit_id: UUID) -> "Asking":
        """Return the same request asked by the client whose link was opened."""
        who = replace(self.who, role="client", client_id=client_id, unit_ids=(unit_id,))
        return replace(self, who=who)

    def as_party(self, party_id: UUID) -> "Asking":
        """Return the same request asked for the party whose order's link was opened."""
        return self._as(Who(self.who.organiser_id, "status", party_id=party_id))

    def as_visitor(self) -> "Asking":
        """Return the same request asked by nobody: an address opens the same for everyone."""
        return self._as(Who(self.who.organiser_id, "visitor"))

    def as_feed(self, unit_id: UUID) -> "Asking":
        """Return the same request asked for the coach whose calendar address was opened."""
        return self._as(Who(self.who.organiser_id, "feed", unit_ids=(unit_id,)))

    def _as(self, who: Who) -> "Asking":
        """Return the same request, under its number and at its moment, asked by somebody else."""
        same = replace(
            who, language=self.who.language, request_id=self.who.request_id, at=self.who.at,
            visitor=self.who.visitor,
        )  # fmt: skip
        return replace(self, who=same)


def give_asking(request: WebRequest) -> Asking:
    """Hand a handler what `entrance` found out."""
    found = asking_of(request.scope)
    assert found is not None
    return found


def asking_of(scope: Scope) -> Asking | None:
    """Return who is asking, or None where nobody was asked (unknown paths, static files)."""
    found = scope.get("state", {}).get("asking")
    return found if isinstance(found, Asking) else None


def needs(*rights: str) -> Guard:
    """Let in only those with one of these rights: others sign in first, or hear they may not."""

    def guard(connection: Connection, _: BaseRouteHandler) -> None:
        asking = asking_of(connection.scope)
        if asking is None or not asking.signed_in:
            raise NotSignedIn
        if not any(asking.who.may(right) for right in rights):
            raise NotAllowed

    return guard


# Whoever may open records at all: a whole unit's, or those of a caseload.
MAY_KNOW = needs(*access.NEED_TO_KNOW)


def fresh(within: timedelta = FRESH) -> Guard:
    """Let in only those who signed in a moment ago; others do so once more and come back."""

    def guard(connection: Connection, _: BaseRouteHandler) -> None:
        asking = asking_of(connection.scope)
        if asking is None:
            raise NotSignedIn
        is_form = isinstance(connection, Request) and connection.method == "POST"
        require_fresh(asking, within + FORM_LASTS * is_form)

    return guard


def require_fresh(asking: Asking, within: timedelta) -> None:
    """Raise unless the asker showed who they are so short a while ago."""
    if not asking.signed_in or asking.signed is None:
        raise NotSignedIn
    if asking.now - asking.signed.began_at > within:
        raise NotFresh
