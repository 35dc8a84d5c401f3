"""Ordering without an account: the address that is given confirms, and machines are let run dry."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from litestar import Response

from jobcenter.orders import confirming
from jobcenter.orders.wishes import Wish
from jobcenter.people.newcomers import Newcomer
from jobcenter.web.asking import Asking
from jobcenter.web.limits import refuse_crowds
from jobcenter.web.orderform import OrderForm
from jobcenter.web.pages import page
from jobcenter.web.signin import minter

FASTEST = timedelta(seconds=2)
"""Nobody who is not a machine fills the form in faster (SETTLED 28)."""
TRAP = "website"
"""A field that people never see; machines fill it in."""
DIGITS = 11


async def ask_to_confirm(
    asking: Asking, form: OrderForm, wish: Wish, *, began: str, trap: str
) -> Response[str]:
    """Mail a visitor a link to send the order by; a machine only seems to succeed."""
    contact = wish.contact
    await refuse_crowds(asking)
    if not trap and _took_its_time(asking, began):
        await asking.act(
            confirming.ask_to_confirm,
            newcomer=Newcomer(contact.email, contact.name, contact.phone, asking.language),
            fields=form.stored(),
            mint=minter(asking.config.secret),
            now=asking.now,
        )
    return page(asking, "orderer/confirm.html", email=contact.email)


def began_now(asking: Asking) -> str:
    """Return when a form was first shown, sealed so that it cannot be made up."""
    moment = str(int(asking.now.timestamp()))
    return f"{moment}.{_seal(asking, moment)}"


def is_hasty(asking: Asking, began: str) -> bool:
    """Tell whether a form of ours came back at once: who goes on with a draft may be that quick."""
    shown = _shown_at(asking, began)
    return shown is not None and asking.now - shown < FASTEST


def _took_its_time(asking: Asking, began: str) -> bool:
    shown = _shown_at(asking, began)
    return shown is not None and asking.now - shown >= FASTEST


def _shown_at(asking: Asking, began: str) -> datetime | None:
    moment, _, seal = began.partition(".")
    is_ours = hmac.compare_digest(seal.encode(), _seal(asking, moment).encode())
    if not is_ours or not moment.isdecimal() or len(moment) > DIGITS:
        return None
    return datetime.fromtimestamp(int(moment), UTC)


def _seal(asking: Asking, moment: str) -> str:
    text = f"began:{moment}".encode()
    return hmac.new(asking.config.secret.encode(), text, sha256).hexdigest()
