"""A client's own hours and wishes: a grid of a week, days that differ, three words a wish."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody

from jobcenter.errors import Fault, Invalid
from jobcenter.orders import availability
from jobcenter.orders.availability import LIKED, Hours, Liking
from jobcenter.orders.queries import own
from jobcenter.orders.queries.own import OwnWeek, Subject
from jobcenter.times import DAY, clock_of, day_of, of_wall
from jobcenter.web.own import Owner, give_owner
from jobcenter.web.pages import page, see

WEEKDAYS = range(7)
# Two times a day are enough: before and after something else.
TIMES = (1, 2)
HALF_HOURS = range(6 * 60, 22 * 60 + 1, 30)
LONGEST_NUMBER = 9
LONGEST_AWAY = 60
Grid = dict[str, str]


@get("/my/hours")
async def show_hours(owner: NamedDependency[Owner], note: FromQuery[str] = "") -> Response[str]:
    """Show the week and what differs from it."""
    await owner.look("own hours")
    week = await _week(owner)
    return _hours_page(owner, week, _grid_of(week), note=note)


@post("/my/hours")
async def set_hours(
    owner: NamedDependency[Owner], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Keep the week."""
    try:
        await owner.asking.act(
            availability.set_week,
            client_id=owner.client_id,
            hours=_hours_of(data),
            version=_version(data),
            now=owner.asking.now,
        )
    except Invalid as invalid:
        week = await _week(owner)
        return _hours_page(owner, week, dict(data), faults=invalid.faults)
    return see("/my/hours", note="kept")


@post("/my/hours/exceptions")
async def add_exception(
    owner: NamedDependency[Owner], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Write down days, or hours of a day, that differ from the usual week."""
    try:
        start, end = _away(data)
        await owner.asking.act(
            availability.add_exception,
            client_id=owner.client_id,
            start=start,
            end=end,
            available=data.get("can") == "1",
            now=owner.asking.now,
        )
    except Invalid as invalid:
        week = await _week(owner)
        return _hours_page(owner, week, {**_grid_of(week), **data}, faults=invalid.faults)
    return see("/my/hours", note="kept")


@post("/my/hours/exceptions/{exception_id:uuid}/drop")
async def drop_exception(
    owner: NamedDependency[Owner], exception_id: FromPath[UUID]
) -> Response[str]:
    """Take an exception back."""
    await owner.asking.act(
        availability.drop_exception,
        client_id=owner.client_id,
        exception_id=exception_id,
        now=owner.asking.now,
    )
    return see("/my/hours", note="kept")


async def _week(owner: Owner) -> OwnWeek:
    asking = owner.asking
    return await asking.read(own.week, client_id=owner.client_id, now=asking.now)


def _hours_page(
    owner: Owner,
    week: OwnWeek,
    grid: Mapping[str, str],
    *,
    faults: Sequence[Fault] = (),
    note: str = "",
) -> Response[str]:
    told: dict[str, list[Fault]] = {}
    for fault in faults:
        told.setdefault(fault.field, []).append(fault)
    return page(
        owner.asking,
        "own/hours.html",
        status=422 if faults else 200,
        week=week,
        grid=grid,
        faults=told,
        choices=_choices(week),
        note=note,
    )


def _choices(week: OwnWeek) -> list[int]:
    """Return the minutes one may choose: every half hour, and what was kept before."""
    kept = {minute for row in week.hours for minute in (row.from_minute, row.to_minute)}
    return sorted(kept | set(HALF_HOURS))


def _grid_of(week: OwnWeek) -> Grid:
    """Return the week as the form's fields: from-0-1 is Monday's first beginning."""
    grid: Grid = {}
    for day in WEEKDAYS:
        rows = [row for row in week.hours if row.weekday == day]
        for number, row in zip(TIMES, rows, strict=False):
            grid[f"from-{day}-{number}"] = str(row.from_minute)
            grid[f"to-{day}-{number}"] = str(row.to_minute)
    return grid


def _hours_of(data: Mapping[str, str]) -> list[Hours]:
    """Return the hours that a form tells; a beginning without an end is asked about."""
    hours: list[Hours] = []
    faults: list[Fault] = []
    for day in WEEKDAYS:
        for number in TIMES:
            begin, end = (data.get(f"{word}-{day}-{number}", "") for word in ("from", "to"))
            if not begin and not end:
                continue
            if not (_is_minute(begin) and _is_minute(end)):
                faults.append(Fault(f"day-{day}", "blank", "Choose both when it begins and ends."))
                continue
            hours.append(Hours(day, int(begin), int(end)))
    if faults:
        raise Invalid(*faults)
    return hours


def _is_minute(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _version(data: Mapping[str, str]) -> int | None:
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def _away(data: Mapping[str, str]) -> tuple[datetime, datetime]:
    """Return from when to when something differs: whole days, or hours of one day."""
    first = day_of(data.get("day", ""), field="day")
    last = day_of(data.get("last", ""), field="last") if data.get("last", "").strip() else first
    if not timedelta() <= last - first <= timedelta(days=LONGEST_AWAY):
        raise Invalid(Fault("last", "end_before_start", "Please check the last day."))
    begin, end = data.get("begin", "").strip(), data.get("end", "").strip()
    from_, until = time(), time()
    if begin:
        from_ = clock_of(begin, field="begin")
    if end:
        until = clock_of(end, field="end")
    ends = datetime.combine(last if end else last + DAY, until)
    return (
        of_wall(datetime.combine(first, from_), field="begin"),
        of_wall(ends, field="end"),
    )


@get("/my/wishes")
async def show_wishes(owner: NamedDependency[Owner], note: FromQuery[str] = "") -> Response[str]:
    """Show what the client likes and would rather not do."""
    await owner.look("own wishes")
    version, subjects = await owner.asking.read(own.wishes, client_id=owner.client_id)
    return page(
        owner.asking,
        "own/wishes.html",
        version=version,
        groups=_groups(subjects),
        note=note,
    )


def _groups(subjects: Sequence[Subject]) -> dict[str, list[Subject]]:
    groups: dict[str, list[Subject]] = {}
    for one in subjects:
        groups.setdefault(one.group, []).append(one)
    return groups


@post("/my/wishes")
async def set_wishes(
    owner: NamedDependency[Owner], data: URLEncodedBody[dict[str, str]]
) -> Response[str]:
    """Keep what has changed among the wishes."""
    _, subjects = await owner.asking.read(own.wishes, client_id=owner.client_id)
    changed = {
        (one.kind, one.id): _liking(one, word)
        for one in subjects
        if (word := data.get(f"{one.kind}:{one.id}", one.word)) != one.word
    }
    await owner.asking.act(
        availability.set_wishes,
        client_id=owner.client_id,
        wishes=changed,
        version=_version(data),
        now=owner.asking.now,
    )
    return see("/my/wishes", note="kept")


def _liking(one: Subject, word: str) -> Liking:
    if word == "not":
        return Liking(veto=True)
    return Liking(points=one.points or LIKED) if word == "like" else Liking()


router = Router(
    "/",
    dependencies={"owner": Provide(give_owner)},
    route_handlers=[
        show_hours,
        set_hours,
        add_exception,
        drop_exception,
        show_wishes,
        set_wishes,
    ],
)
