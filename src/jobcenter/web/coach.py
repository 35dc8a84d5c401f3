"""The coach's days on a phone: where, when, who and what helps; "I can't" and "move"."""

from datetime import datetime
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlalchemy.dialects.postgresql import Range

from jobcenter.errors import Conflict, Fault, Invalid, JobcenterError
from jobcenter.orders import busy_times, todos, visiting
from jobcenter.orders.queries import coach as days
from jobcenter.support import NEEDS, label
from jobcenter.times import clock_of, day_of, of_wall, period
from jobcenter.web.asking import Asking, needs
from jobcenter.web.pages import page, see

END_FIRST = Fault("ends", "end_before_start", "The end is before the start.")


@get("/coach", guards=[needs("coach")])
async def show(asking: NamedDependency[Asking], note: FromQuery[str] = "") -> Response[str]:
    """Show today and the coming days."""
    return await _days(asking, note=note)


async def _days(
    asking: Asking, *, note: str = "", trouble: JobcenterError | None = None
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
        troubles=_sentences(asking, trouble) if trouble else [],
        label=label,
        needs=NEEDS,
    )


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
async def away(
    asking: NamedDependency[Asking], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Note an absence and hand its visits over."""
    mine = await asking.read(days.my_coach)
    try:
        during = _period(data)
        await asking.act(visiting.away, coach_id=mine.id, during=during, now=asking.now)
    except (Conflict, Invalid) as trouble:
        return await _days(asking, trouble=trouble)
    return see("/coach", note="away")


def _period(data: dict[str, str]) -> Range[datetime]:
    start, end = period(
        day_of(data.get("day", ""), field="day"),
        clock_of(data.get("begins", ""), field="begins"),
        clock_of(data.get("ends", ""), field="ends"),
    )
    if end <= start:
        raise Invalid(END_FIRST)
    return Range(start, end)


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
