"""All rows of pay or invoices as one file: asked for with a reason, made meanwhile, then taken."""

from datetime import date
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from jobcenter import access
from jobcenter.errors import Fault, Invalid
from jobcenter.orders import exports
from jobcenter.spreadsheets import CSV
from jobcenter.times import day_of
from jobcenter.web.asking import Asking, fresh, needs
from jobcenter.web.pages import page

Form = URLEncodedBody[dict[str, str]]
TOLD = access.Told("register", "payroll", "name, pay", exports.PURPOSE)
EMPTY = {"kind": "pay", "first_day": "", "last_day": "", "reason": ""}


@get("/accounts/exports")
async def show(asking: NamedDependency[Asking]) -> Response[str]:
    """Show what the asker has asked for, and the form for another."""
    return await _page(asking, EMPTY)


async def _page(
    asking: Asking, form: dict[str, str], *, faults: tuple[Fault, ...] = ()
) -> Response[str]:
    return page(
        asking,
        "accounts/exports.html",
        status=422 if faults else 200,
        exports=await asking.read(exports.own),
        form=form,
        faults={fault.field: [fault] for fault in faults},
    )


@post("/accounts/exports")
async def ask(asking: NamedDependency[Asking], data: Form) -> Response[str]:
    """Ask for a file: taken in (202), and made by the worker."""
    form = {name: data.get(name, "") for name in EMPTY}
    try:
        export = await asking.act(
            exports.ask, kind=form["kind"], days=_days(form), reason=form["reason"], now=asking.now
        )
    except Invalid as invalid:
        return await _page(asking, form, faults=invalid.faults)
    answer = page(asking, "accounts/export.html", status=202, export=export)
    answer.headers["location"] = f"/accounts/exports/{export.id}"
    return answer


def _days(form: dict[str, str]) -> tuple[date, date]:
    first, last = (day_of(form[name], field=name) for name in ("first_day", "last_day"))
    return first, last


@get("/accounts/exports/{export_id:uuid}")
async def one(asking: NamedDependency[Asking], export_id: FromPath[UUID]) -> Response[str]:
    """Show how far a file is; nobody sees another's."""
    export = await asking.read(exports.one, export_id=export_id)
    return page(asking, "accounts/export.html", export=export)


@get("/accounts/exports/{export_id:uuid}/rows.csv")
async def take(asking: NamedDependency[Asking], export_id: FromPath[UUID]) -> Response[bytes]:
    """Give the file, once it is told of everybody in it that it leaves."""
    people = await asking.read(exports.people_in, export_id=export_id, now=asking.now)
    for at in range(0, len(people), exports.LOOKED_AT_ONCE):
        some = people[at : at + exports.LOOKED_AT_ONCE]
        await asking.disclose(some, TOLD)
        await asking.look(some, what="name, pay", purpose=exports.PURPOSE)
    content = await asking.read(exports.content_of, export_id=export_id, now=asking.now)
    named = f"jobcenter-{str(export_id)[-12:]}.csv"
    return Response(
        content,
        media_type=CSV,
        headers={
            "content-disposition": f'attachment; filename="{named}"',
            "cache-control": "private, no-store",
        },
    )


router = Router("/", guards=[needs("settle"), fresh()], route_handlers=[show, ask, one, take])
