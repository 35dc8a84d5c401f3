"""A client's own page behind the PIN, and the door to it: new links, the PIN, signing out.

What belongs to one gig stays on that gig's page and needs no PIN.
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, URLEncodedBody

from jobcenter import access
from jobcenter.errors import Fault, LinkIsDead, NotFound, PinNeeded
from jobcenter.fields import phone_of
from jobcenter.orders import linking, unlocking
from jobcenter.orders.queries import own
from jobcenter.orders.queries.own import Door
from jobcenter.people.own import pin_faults
from jobcenter.people.slow_hash import is_right, slow_hash
from jobcenter.web.asking import Asking
from jobcenter.web.limits import refuse_asking
from jobcenter.web.pages import page, see
from jobcenter.web.vocabulary import BENEFIT_NAMES

AGAIN = "Please open the link in your text message again, or ask for a new one."
WRONG = Fault("pin", "pin_wrong", "That was not the right PIN. You can try again, or call us.")
HASH_LETTERS = 64


@dataclass(frozen=True, slots=True)
class Owner:
    """The client at the door of their own page, in one browser."""

    asking: Asking
    door: Door

    @property
    def client_id(self) -> UUID:
        """Whose page it is."""
        return self.door.client_id

    async def look(self, what: str) -> None:
        """Write down that they look at their own data, as for anybody else."""
        await self.asking.look([self.client_id], what=what, purpose="own page")


async def give_door(asking: NamedDependency[Asking]) -> Owner:
    """Hand a handler the client whose link is open, whether or not the PIN was given."""
    if asking.link_hash is None or asking.session_hash is None:
        raise LinkIsDead(AGAIN)
    try:
        door = await asking.read(
            own.door, link_hash=asking.link_hash, session_hash=asking.session_hash, now=asking.now
        )
    except LinkIsDead:
        raise LinkIsDead(AGAIN) from None
    return Owner(asking.as_client(door.client_id, door.unit_id), door)


async def give_owner(asking: NamedDependency[Asking]) -> Owner:
    """Hand a handler the client who has given their PIN in this browser."""
    owner = await give_door(asking)
    if not owner.door.unlocked:
        raise PinNeeded
    return owner


def minter(secret: str) -> linking.Mint:
    """Return what makes the hash that is kept of a link to somebody's own page."""
    return lambda link_id: access.hash_of(access.derived_token(secret, "own", link_id))


@get("/link")
async def ask(asking: NamedDependency[Asking]) -> Response[str]:
    """Ask for a number to send a new link to."""
    return page(asking, "own/again.html", sent=False, faults={}, phone="")


@post("/link", status_code=202)
async def send(
    asking: NamedDependency[Asking], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Send it to a number on file; answer and time are the same whether we know it or not."""
    await refuse_asking(asking)
    faults: list[Fault] = []
    phone = phone_of(data.get("phone", ""), "phone", faults, required=True)
    if faults:
        told = {"faults": {"phone": faults}, "phone": data.get("phone", "")[:40]}
        return page(asking, "own/again.html", status=422, sent=False, **told)
    answer = page(asking, "own/again.html", status=202, sent=True, faults={}, phone=phone)
    # After the answer has left: how long it takes tells nobody whether this is a client's number.
    answer.background = BackgroundTask(
        asking.act,
        linking.ask_again,
        phone=phone,
        mint=minter(asking.config.secret),
        now=asking.now,
    )
    return answer


@get("/my/pin")
async def ask_pin(at_door: NamedDependency[Owner]) -> Response[str]:
    """Ask for the PIN."""
    if at_door.door.unlocked:
        return see("/my")
    return page(at_door.asking, "own/pin.html", door=at_door.door, faults={})


@post("/my/pin")
async def take_pin(
    at_door: NamedDependency[Owner], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Let the browser in with the right PIN; every try is counted before it is compared."""
    asking = at_door.asking
    tried = await asking.act(unlocking.take_try, client_id=at_door.client_id, now=asking.now)
    if tried.pin_hash is not None:
        is_it: bool = await asyncio.to_thread(is_right, tried.pin_hash, data.get("pin", "").strip())
        if is_it:
            return await _let_in(at_door)
    newest = await give_door(asking)
    status = 429 if newest.door.rests_until else 422
    faults = {} if newest.door.rests_until else {"pin": [WRONG]}
    return page(asking, "own/pin.html", status=status, door=newest.door, faults=faults)


async def _let_in(at_door: Owner, note: str = "") -> Response[str]:
    asking = at_door.asking
    assert asking.link_hash is not None
    assert asking.session_hash is not None
    fresh = access.new_token()
    await asking.act(
        unlocking.unlock,
        client_id=at_door.client_id,
        link_hash=asking.link_hash,
        old_hash=asking.session_hash,
        token_hash=access.hash_of(fresh),
        csrf=access.new_token(),
        now=asking.now,
    )
    asking.keep("session", fresh)
    return see("/my", note=note)


@get("/my/pin/new")
async def ask_new_pin(at_door: NamedDependency[Owner]) -> Response[str]:
    """Let a client choose a PIN on their own phone."""
    if not at_door.door.may_choose:
        return see("/my")
    return page(at_door.asking, "own/choose.html", faults={})


@post("/my/pin/new")
async def choose_pin(
    at_door: NamedDependency[Owner], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Keep the PIN, use the link up, and let the browser in."""
    asking = at_door.asking
    if asking.link_hash is None:
        raise LinkIsDead(AGAIN)
    pin = data.get("pin", "").strip()
    if faults := pin_faults(pin, data.get("again", "").strip()):
        told = {fault.field: [fault] for fault in faults}
        return page(asking, "own/choose.html", status=422, faults=told)
    kept = await asyncio.to_thread(slow_hash, pin)
    await asking.act(
        unlocking.choose_pin, link_hash=asking.link_hash, pin_hash=kept, now=asking.now
    )
    return await _let_in(at_door, note="pin")


@get("/my")
async def show(owner: NamedDependency[Owner], note: FromQuery[str] = "") -> Response[str]:
    """Show what is coming, and the way to everything else."""
    asking = owner.asking
    await owner.look("own page")
    ahead = await asking.read(own.coming, client_id=owner.client_id, now=asking.now)
    return page(asking, "own/start.html", ahead=ahead, door=owner.door, note=note)


@get("/my/pay")
async def show_pay(owner: NamedDependency[Owner]) -> Response[str]:
    """Show what was earned, and the sums of the months."""
    asking = owner.asking
    await owner.look("own pay")
    paid = await asking.read(own.pay, client_id=owner.client_id, now=asking.now)
    return page(asking, "own/pay.html", pay=paid, door=owner.door, benefit_names=BENEFIT_NAMES)


@get("/my/browsers")
async def show_browsers(owner: NamedDependency[Owner]) -> Response[str]:
    """Show where this client's links are open."""
    asking = owner.asking
    found = await asking.read(unlocking.open_browsers, client_id=owner.client_id, now=asking.now)
    return page(asking, "own/browsers.html", browsers=found, door=owner.door)


@post("/my/browsers")
async def close(
    owner: NamedDependency[Owner], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Sign one browser out, or all of them."""
    which = _which(data.get("browser", ""))
    asking = owner.asking
    await asking.act(unlocking.close, client_id=owner.client_id, token_hash=which, now=asking.now)
    return see("/my/browsers")


def _which(text: str) -> bytes | None:
    """Return the browser that a form names; "all" is every one."""
    if text == "all":
        return None
    if len(text) != HASH_LETTERS or set(text) - set("0123456789abcdef"):
        raise NotFound
    return bytes.fromhex(text)


router = Router(
    "/",
    dependencies={"at_door": Provide(give_door), "owner": Provide(give_owner)},
    route_handlers=[
        ask,
        send,
        ask_pin,
        take_pin,
        ask_new_pin,
        choose_pin,
        show,
        show_pay,
        show_browsers,
        close,
    ],
)
