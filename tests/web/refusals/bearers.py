"""Tokens that let nobody into the API: over, taken back, or good for another door only."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from jobcenter import access
from jobcenter.database import Database, OrganiserId, Who
from jobcenter.people import rights, sessions
from jobcenter.people import staff as s
from jobcenter.people.programs import SCOPES
from tests import make
from tests.cast import MONDAY, Cast, key
from tests.conftest import Fresh
from tests.web.refusals.calls import REAL
from tests.web.strangers import another_organiser, joins
from tests.web.surfer import session_of
from tests.web.test_client import offer

DAY = timedelta(days=1)


async def bearers(cast: Cast, fresh: Fresh) -> dict[str, str]:
    """Return by name what somebody might send as a token, each once good for something."""
    gone = await joins(cast, "gone", s.ORDERER, party_id=cast.keittio)
    far = await another_organiser(cast, fresh)
    order = make.order()
    order.id = UUID(REAL)
    _, link = await offer(cast, cast.aino, order_id=await make.save_order(cast, order))
    held = {
        # It ended this very second.
        "run out": await _token(cast, cast.sari, lasts=timedelta(seconds=1)),
        "taken back": await _token(cast, cast.sari, is_revoked=True),
        "disabled": await _token(cast, gone),
        "far": await _token(cast, far),
        "tuija": await _token(cast, cast.tuija),
        "jaana": await _token(cast, cast.jaana),
        "session": await session_of(cast, cast.sari),
        "link": link.removeprefix("/o/"),
        "client": await _clients_session(cast.database, cast.worker, link.removeprefix("/o/")),
    }
    await cast.database.act(cast.jaana, rights.disable, user_id=key("gone"), now=MONDAY)
    return held


async def _token(
    cast: Cast, who: Who, *, lasts: timedelta = 90 * DAY, is_revoked: bool = False
) -> str:
    token = access.new_token()
    row = s.ApiToken(
        organiser_id=who.organiser_id, token_hash=access.hash_of(token), user_id=who.actor_id,
        created_at=MONDAY, expires_at=MONDAY + lasts,
        revoked_at=MONDAY if is_revoked else None, scopes=list(SCOPES),
    )  # fmt: skip
    worker = replace(cast.worker, organiser_id=OrganiserId(who.organiser_id))
    await make.save(replace(cast, worker=worker), row)
    return token


async def _clients_session(database: Database, worker: Who, link: str) -> str:
    token = access.new_token()
    await database.act(
        worker, sessions.begin_of_link, link_hash=access.hash_of(link),
        token_hash=access.hash_of(token), csrf=access.new_token(), now=MONDAY,
    )  # fmt: skip
    return token
