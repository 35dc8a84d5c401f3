"""The administrator's page: who works here, what each may do, adding, changing and putting out.

The page of whoever watches over all that is in `audit`.
"""

from collections.abc import Awaitable
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.errors import Fault, Invalid, NotFound, WrongMoment
from jobcenter.intake import joining
from jobcenter.intake.told import Told, filled
from jobcenter.people import rights
from jobcenter.web import audit, holds, organiser
from jobcenter.web.asking import Asking, WebRequest, fresh, needs
from jobcenter.web.intake.words import by_field, sent
from jobcenter.web.limits import searched
from jobcenter.web.pages import LANGUAGE_NAMES, page, see
from jobcenter.web.signin import minter

Form = URLEncodedBody[dict[str, str]]


@get("/users")
async def show(asking: NamedDependency[Asking], q: FromQuery[str] = "") -> Response[str]:
    """List everybody who has an account."""
    text = await searched(asking, q)
    found = await asking.read(rights.accounts, text=text)
    return page(asking, "users/list.html", accounts=found, text=text)


@get("/users/new", guards=[fresh()])
async def ask_new(asking: NamedDependency[Asking]) -> Response[str]:
    """Ask who is to have an account, and for what."""
    return await _form(asking, filled({"language": asking.language}))


@post("/users/new", guards=[fresh()])
async def add(request: WebRequest, asking: NamedDependency[Asking]) -> Response[str]:
    """Make an account; a mail brings its owner in."""
    form = await sent(request)
    mint = minter(asking.config.secret)
    try:
        user_id = await asking.act(joining.add, told=form, mint=mint, now=asking.now)
    except Invalid as invalid:
        return await _form(asking, form, faults=invalid.faults)
    return see(f"/users/{user_id}", note="added")


@get("/users/{user_id:uuid}/edit", guards=[fresh()])
async def ask_edit(asking: NamedDependency[Asking], user_id: FromPath[UUID]) -> Response[str]:
    """Show how somebody is called and reached, to be changed."""
    account = await asking.read(rights.account, user_id=user_id)
    return await _form(asking, joining.form_of(account.user), account=account)


@post("/users/{user_id:uuid}/edit", guards=[fresh()])
async def edit(
    request: WebRequest, asking: NamedDependency[Asking], user_id: FromPath[UUID]
) -> Response[str]:
    """Change how somebody is called and reached."""
    form = await sent(request)
    mint = minter(asking.config.secret)
    try:
        await asking.act(joining.edit, user_id=user_id, told=form, mint=mint, now=asking.now)
    except Invalid as invalid:
        account = await asking.read(rights.account, user_id=user_id)
        return await _form(asking, form, account=account, faults=invalid.faults)
    except WrongMoment as refused:
        return await _account(asking, user_id, trouble=refused.sentence, status=409)
    return see(f"/users/{user_id}", note="edited")


async def _form(
    asking: Asking,
    form: Told,
    *,
    account: rights.Account | None = None,
    faults: tuple[Fault, ...] = (),
) -> Response[str]:
    choices = await asking.read(rights.choices)
    return page(
        asking,
        "users/form.html",
        status=422 if faults else 200,
        account=account,
        form=form,
        faults=by_field(faults),
        roles=choices.roles,
        units={unit.id: unit.name for unit in choices.units},
        languages={code: LANGUAGE_NAMES[code] for code in joining.WRITTEN_IN},
    )


@get("/users/{user_id:uuid}")
async def one(
    asking: NamedDependency[Asking], user_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one account and what can be changed."""
    return await _account(asking, user_id, note=note)


async def _account(
    asking: Asking, user_id: UUID, *, note: str = "", trouble: str = "", status: int = 200
) -> Response[str]:
    # Also after a refused form: the language switcher leads back to the account.
    asking.path = f"/users/{user_id}"
    return page(
        asking,
        "users/account.html",
        status=status,
        account=await asking.read(rights.account, user_id=user_id),
        choices=await asking.read(rights.choices),
        note=note,
        trouble=trouble,
    )


async def _changed(asking: Asking, user_id: UUID, change: Awaitable[None]) -> Response[str]:
    try:
        await change
    except WrongMoment as refused:
        return await _account(asking, user_id, trouble=refused.sentence, status=409)
    except Invalid as invalid:
        return await _account(asking, user_id, trouble=invalid.faults[0].sentence, status=422)
    return see(f"/users/{user_id}", note="changed")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


@post("/users/{user_id:uuid}/give", guards=[fresh()])
async def give(
    asking: NamedDependency[Asking], user_id: FromPath[UUID], data: Form
) -> Response[str]:
    """Give a role."""
    unit = data.get("unit", "")
    change = asking.act(
        rights.give,
        user_id=user_id,
        role=data.get("role", ""),
        unit_id=_key(unit) if unit else None,
        now=asking.now,
    )
    return await _changed(asking, user_id, change)


@post("/users/{user_id:uuid}/take", guards=[fresh()])
async def take(
    asking: NamedDependency[Asking], user_id: FromPath[UUID], data: Form
) -> Response[str]:
    """Take a role away."""
    grant = _key(data.get("grant", ""))
    change = asking.act(rights.take, user_id=user_id, grant_id=grant, now=asking.now)
    return await _changed(asking, user_id, change)


@post("/users/{user_id:uuid}/disable", guards=[fresh()])
async def disable(asking: NamedDependency[Asking], user_id: FromPath[UUID]) -> Response[str]:
    """Put a user out at once, with everything they hold."""
    change = asking.act(rights.disable, user_id=user_id, now=asking.now)
    return await _changed(asking, user_id, change)


@post("/users/{user_id:uuid}/enable", guards=[fresh()])
async def enable(asking: NamedDependency[Asking], user_id: FromPath[UUID]) -> Response[str]:
    """Let a user in again."""
    change = asking.act(rights.enable, user_id=user_id, now=asking.now)
    return await _changed(asking, user_id, change)


@post("/users/{user_id:uuid}/revoke", guards=[fresh()])
async def revoke(asking: NamedDependency[Asking], user_id: FromPath[UUID]) -> Response[str]:
    """Take all API tokens of an account back."""
    change = asking.act(rights.revoke, user_id=user_id, now=asking.now)
    return await _changed(asking, user_id, change)


accounts = Router(
    "/",
    guards=[needs(rights.ORGANISE)],
    route_handlers=[
        show, ask_new, add, ask_edit, edit, one, give, take, disable, enable, revoke,
    ],
)  # fmt: skip

router = Router("/", route_handlers=[accounts, organiser.router, audit.router, holds.router])
