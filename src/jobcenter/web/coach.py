"""The coach's days on a phone: where, when, who and what helps; "I can't" and "move"."""

from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.errors import Conflict, Invalid, JobcenterError
from jobcenter.intake.coaches import own_absence
from jobcenter.intake.told import Told, filled
from jobcenter.orders import busy_times, todos, visiting
from jobcenter.orders.queries import coach as days
from jobcenter.support import NEEDS, label
from jobcenter.times import clock_of, day_of, of_wall
from jobcenter.web.asking import Asking, WebRequest, needs
from jobcenter.web.intake.words import by_field, sent
from jobcenter.web.pages import page, see


@get("/coach", guards=[needs("coach")])
async def show(asking: NamedDependency[Asking], note: FromQuery[str] = "") -> Response[str]:
    """Show today and the coming days."""
    return await _days(asking, note=note)


async def _days(
    asking: Asking,
    *,
    note: str = "",
    trouble: JobcenterError | None = None,
    form: Told | None = None,
) -> Response[str]:
    # Also after a refused form: the language switcher leads back to the days.
    asking.path = "/coach"
    people = await asking.read(days.people_on_agenda, now=asking.now)
    await asking.look(people, what="name, phone, what helps", purpose="coach visits")
    return page(
        asking,
        "coach/days.html",
        status=trouble.status if trouble else 200,
        agenda=await asking.read(days.agenda, seen=people, now=asking.now),
        today=asking.today,
        note=note,
        **_troubles(asking, trouble, form),
        label=label,
        needs=NEEDS,
    )


def _troubles(
    asking: Asking, trouble: JobcenterError | None, form: Told | None
) -> dict[str, object]:
    """Return what was wrong: at its fields where the form that was sent is shown again."""
    at_fields = trouble.faults if form and isinstance(trouble, Invalid) else ()
    begun = filled({"away_day": f"{asking.today}", "away_from": "08:00", "away_to": "16:00"})
    return {
        "form": form or begun,
        "faults": by_field(at_fields),
        "troubles": _sentences(asking, trouble) if trouble and not at_fields else [],
    }


def _sentences(asking: Asking, trouble: JobcenterError) -> list[str]:
    if isinstance(trouble, Invalid):
        return [asking.say(fault.sentence, **fault.values) for fault in trouble.faults]
    return [asking.say(trouble.sentence, **trouble.values)]


@post("/coach/todos/{todo_id:uuid}/done", guards=[needs("coach")])
async def seen_to(asking: NamedDependency[Asking], todo_id: FromPath[UUID]) -> Response[str]:
    """Mark a to-do about one's own client done."""
    await asking.act(todos.settle, todo_id=todo_id, now=asking.now)
    return see("/coach", note="seen_to")


@post("/coach/visits/{visit_id:uuid}/cannot", guards=[needs("coach")])
async def cannot(asking: NamedDependency[Asking], visit_id: FromPath[UUID]) -> Response[str]:
    """Look for somebody else; why is not asked."""
    mine = await asking.read(days.my_coach)
    visit = await asking.act(visiting.cannot, visit_id=visit_id, now=asking.now)
    taken = visit.status != "free" and visit.coach_id != mine.id
    return see("/coach", note="taken" if taken else "nobody")


@post("/coach/visits/{visit_id:uuid}/move", guards=[needs("coach")])
async def move(
    asking: NamedDependency[Asking],
    visit_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str]:
    """Move a visit to another time that the gig allows."""
    try:
        start = _moment(data)
        await asking.act(visiting.move, visit_id=visit_id, start=start, now=asking.now)
    except (Conflict, Invalid) as trouble:
        return await _days(asking, trouble=trouble)
    return see("/coach", note="moved")


def _moment(data: dict[str, str]) -> datetime:
    day = day_of(data.get("day", ""), field="day")
    clock = clock_of(data.get("clock", ""), field="clock")
    return of_wall(datetime.combine(day, clock), field="clock")


@post("/coach/away", guards=[needs("coach")])
async def away(asking: NamedDependency[Asking], request: WebRequest) -> Response[str]:
    """Note an absence and hand its visits over."""
    mine = await asking.read(days.my_coach)
    form = await sent(request)
    try:
        during = own_absence(form, asking.today)
        await asking.act(visiting.away, coach_id=mine.id, during=during, now=asking.now)
    except (Conflict, Invalid) as trouble:
        return await _days(asking, trouble=trouble, form=form)
    return see("/coach", note="away")


@post("/coach/calendar", guards=[needs("coach")])
async def give_calendar(
    asking: NamedDependency[Asking], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Have busy times read in from the coach's own calendar."""
    try:
        await asking.act(
            busy_times.give_address, address=data.get("address", ""), now=asking.now,
            loopback=asking.config.calendar_loopback,
        )  # fmt: skip
    except Invalid as trouble:
        return await _days(asking, trouble=trouble)
    return see("/coach", note="calendar")


@post("/coach/calendar/remove", guards=[needs("coach")])
async def remove_calendar(asking: NamedDependency[Asking]) -> Response[str]:
    """Forget the coach's own calendar and what it said."""
    await asking.act(busy_times.remove_address, now=asking.now)
    return see("/coach", note="calendar_gone")


router = Router(
    "/",
    route_handlers=[show, seen_to, cannot, move, away, give_calendar, remove_calendar],
)
