"""Closing a client's case: what it would do is shown before, and it can be opened again."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from jobcenter.errors import Changed, Fault, Invalid, WrongMoment
from jobcenter.intake import leaving
from jobcenter.orders.queries.leaving import leaving as what_ends
from jobcenter.times import day_of
from jobcenter.web.asking import Asking, WebRequest, needs
from jobcenter.web.intake.words import by_field, sent, version_of
from jobcenter.web.pages import page, see
from jobcenter.web.record import refuse_strangers

PURPOSE = "closing the case"


@get("/clients/{client_id:uuid}/closing")
async def show(
    asking: NamedDependency[Asking], client_id: FromPath[UUID], note: FromQuery[str] = ""
) -> Response[str]:
    """Say what closing this case would do, or how it stands."""
    return await _page(asking, client_id, note=note)


async def _page(
    asking: Asking,
    client_id: UUID,
    *,
    note: str = "",
    last_day: str = "",
    faults: tuple[Fault, ...] = (),
    trouble: str = "",
    status: int = 200,
) -> Response[str]:
    await refuse_strangers(asking, client_id, purpose=PURPOSE)
    await asking.look([client_id], what="name", purpose=PURPOSE)
    return page(
        asking,
        "intake/leaving.html",
        status=status,
        shown=await asking.read(what_ends, client_id=client_id, now=asking.now),
        last_day=last_day or asking.today.isoformat(),
        faults=by_field(faults),
        trouble=trouble,
        note=note,
    )


@post("/clients/{client_id:uuid}/closing")
async def close(
    asking: NamedDependency[Asking], client_id: FromPath[UUID], request: WebRequest
) -> Response[str]:
    """Close the case."""
    await refuse_strangers(asking, client_id, purpose=PURPOSE)
    form = await sent(request)
    try:
        await asking.act(
            leaving.close_case,
            client_id=client_id,
            version=version_of(form),
            last_day=day_of(form.text("last_day"), field="last_day"),
            now=asking.now,
        )
    except Invalid as invalid:
        text = form.text("last_day")
        return await _page(asking, client_id, last_day=text, faults=invalid.faults, status=422)
    except (Changed, WrongMoment) as refused:
        said = asking.say(refused.sentence, **refused.values)
        return await _page(asking, client_id, trouble=said, status=409)
    return see(f"/clients/{client_id}/closing", note="closed")


@post("/clients/{client_id:uuid}/reopening")
async def reopen(asking: NamedDependency[Asking], client_id: FromPath[UUID]) -> Response[str]:
    """Open the case again."""
    await refuse_strangers(asking, client_id, purpose=PURPOSE)
    await asking.act(leaving.reopen_case, client_id=client_id, now=asking.now)
    return see(f"/board/clients/{client_id}?note=reopened")


router = Router("/", guards=[needs("assign")], route_handlers=[show, close, reopen])
