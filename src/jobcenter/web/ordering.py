"""The order form's pages: fill in, look over, send. The form itself is in `orderform`."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from uuid_utils.compat import uuid7

from jobcenter import access
from jobcenter.errors import Fault, Invalid
from jobcenter.orders import drafts, placing, sending
from jobcenter.orders.queries import orderer, ordering
from jobcenter.web import orderform, orderwish, visitors
from jobcenter.web.asking import TELLS_AT_FIELDS, Asking, WebRequest
from jobcenter.web.orderform import OrderForm
from jobcenter.web.pages import page, see
from jobcenter.web.vocabulary import qualifications

Given = dict[str, list[str]]
AT_FIELDS = {TELLS_AT_FIELDS: True}


@get("/orders/new")
async def new(
    asking: NamedDependency[Asking],
    again: FromQuery[UUID | None] = None,
    fresh: FromQuery[bool] = False,
) -> Response[str]:
    """Show the form: an order once more, the draft that was kept, or a first one."""
    ground = await asking.read(ordering.ground, now=asking.now)
    first = orderform.begun(ground, draft=str(uuid7()), name=asking.who.name)
    if again:
        sheet = await asking.read(orderer.sheet, order_id=again)
        return _form_page(
            asking, ground, orderform.again(first, sheet.order, sheet.task, sheet.site), again=sheet
        )
    kept = await asking.read(drafts.newest, owner=asking.owner)
    if kept is None or fresh:
        return _form_page(asking, ground, first)
    form = orderform.restored(kept.fields).having(draft=str(kept.id))
    if drafts.READY in kept.fields and asking.signed_in:
        return _looked_over(asking, ground, form)
    return _form_page(asking, ground, form, kept_at=kept.saved_at)


@post("/orders/new", status_code=200, opt=AT_FIELDS)
async def look_over(asking: NamedDependency[Asking], request: WebRequest) -> Response[str]:
    """Check the form and show it once more as it will be sent; faults come back with the form."""
    given = await _given(request)
    ground = await asking.read(ordering.ground, now=asking.now)
    form = orderform.at_place(orderform.read(given), ground)
    await _keep(asking, form)
    return _looked_over(asking, ground, form, began=_one(given, "began"))


@post("/orders/new/fill", status_code=200, opt=AT_FIELDS)
async def fill(asking: NamedDependency[Asking], request: WebRequest) -> Response[str]:
    """Fill something in and show the form again: what a task usually needs, an end, dates."""
    given = await _given(request)
    ground = await asking.read(ordering.ground, now=asking.now)
    form = orderform.at_place(orderform.read(given), ground)
    form = orderform.filled(form, _one(given, "do"), ground, language=asking.language)
    await _keep(asking, form)
    is_part = request.headers.get("hx-request") == "true"
    name = "orderer/form.html" if is_part else "orderer/new.html"
    return _form_page(asking, ground, form, name=name, began=_one(given, "began"))


@post("/orders/new/draft", status_code=200, opt=AT_FIELDS)
async def keep(asking: NamedDependency[Asking], request: WebRequest) -> Response[str]:
    """Keep the form as it is and tell what it costs by now."""
    given = await _given(request)
    form = orderform.read(given)
    ground = await asking.read(ordering.ground, now=asking.now)
    await _keep(asking, form)
    if request.headers.get("hx-request") == "true":
        price = orderwish.quote(form, ground, now=asking.now)
        return page(asking, "orderer/price.html", quote=price, saved=True)
    return _form_page(asking, ground, form, began=_one(given, "began"), kept_at=asking.now)


@post("/orders", status_code=200, opt=AT_FIELDS)
async def send(asking: NamedDependency[Asking], request: WebRequest) -> Response[str]:
    """Send the order: once, however often the button is pressed."""
    given = await _given(request)
    ground = await asking.read(ordering.ground, now=asking.now)
    form = orderform.at_place(orderform.read(given), ground)
    try:
        ready = orderwish.checked(form, ground, now=asking.now)
    except Invalid as invalid:
        return _refused(asking, ground, form, invalid.faults)
    if not asking.signed_in:
        began, trap = _one(given, "began"), _one(given, visitors.TRAP)
        if not trap and visitors.is_hasty(asking, began):
            return _looked_over(asking, ground, form, began=began, hasty=True)
        return await visitors.ask_to_confirm(asking, form, ready.wish, began=began, trap=trap)
    key = _one(given, "key")
    try:
        placed = await asking.act(
            sending.send,
            wish=ready.wish,
            repeat=ready.repeat,
            key=placing.Key(key[:64] or form.text("draft"), _hash_of(form)),
            draft_id=_draft_id(form),
            owner=asking.owner,
            link_hash_of=lambda order_id: access.hash_of(status_token(asking, order_id)),
            now=asking.now,
            accepts=_id_of(_one(given, "terms")),
        )
    except Invalid as refused:
        return _looked_over(asking, ground, form, key=key, faults=refused.faults)
    return see(f"/orders/{placed.orders[0].id}/receipt")


def status_token(asking: Asking, order_id: UUID) -> str:
    """Return the token of an order's status link, the same in every message."""
    return access.derived_token(asking.config.secret, "order", order_id)


async def _given(request: WebRequest) -> Given:
    """Return every field that was sent, with all its values."""
    form = await request.form()
    return {name: [str(value) for value in form.getall(name)] for name in form}


def _one(given: Given, name: str) -> str:
    return (given.get(name) or [""])[-1]


def _hash_of(form: OrderForm) -> str:
    fields = [pair for pair in form.pairs() if pair[0] != "draft"]
    return sha256(repr(sorted(fields)).encode("utf-8", "replace")).hexdigest()


def _draft_id(form: OrderForm) -> UUID:
    return _id_of(form.text("draft")) or uuid7()


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _keep(asking: Asking, form: OrderForm) -> None:
    await asking.act(
        drafts.save,
        draft_id=_draft_id(form),
        owner=asking.owner,
        fields=form.stored(),
        now=asking.now,
    )


def _looked_over(
    asking: Asking,
    ground: ordering.Ground,
    form: OrderForm,
    *,
    began: str = "",
    hasty: bool = False,
    key: str = "",
    faults: Sequence[Fault] = (),
) -> Response[str]:
    try:
        ready = orderwish.checked(form, ground, now=asking.now)
    except Invalid as invalid:
        return _refused(asking, ground, form, invalid.faults, began=began)
    return page(
        asking,
        "orderer/review.html",
        status=422 if faults else 200,
        faults=orderform.by_field(faults),
        form=form,
        ground=ground,
        wish=ready.wish,
        task=orderform.task_of(form, ground),
        cards=qualifications(asking.language),
        quote=orderwish.quote(form, ground, now=asking.now),
        answer_by=placing.answer_by(asking.now),
        key=key or str(uuid7()),
        hasty=hasty,
        began=began or visitors.began_now(asking),
        trap=visitors.TRAP,
    )


def _refused(
    asking: Asking,
    ground: ordering.Ground,
    form: OrderForm,
    faults: Sequence[Fault],
    *,
    began: str = "",
) -> Response[str]:
    """Show the form with all that is wrong; a refused wording is remembered for the next time."""
    if orderwish.refused_wording(faults):
        form = form.having(wording_seen="1")
    return _form_page(asking, ground, form, faults=faults, status=422, began=began)


def _form_page(
    asking: Asking,
    ground: ordering.Ground,
    form: OrderForm,
    *,
    name: str = "orderer/new.html",
    faults: Sequence[Fault] = (),
    status: int = 200,
    began: str = "",
    kept_at: datetime | None = None,
    again: orderer.Sheet | None = None,
) -> Response[str]:
    task = orderform.task_of(form, ground)
    site = ground.site(form.text("site"))
    return page(
        asking,
        name,
        status=status,
        form=form,
        ground=ground,
        task=task,
        task_groups=orderform.by_sector(ground, asking.language),
        agreed=orderwish.agreed_price(ground, task.number if task else 0, site),
        dates=orderwish.dates(form),
        quote=orderwish.quote(form, ground, now=asking.now),
        faults=orderform.by_field(faults),
        began=began or visitors.began_now(asking),
        kept_at=kept_at,
        again=again,
        trap=visitors.TRAP,
        draft_days=orderwish.draft_days(ground, now=asking.now),
        saved=False,
    )


HANDLERS = [new, look_over, fill, keep, send]
