"""A register's file taken in on a page: tried first, with rows and columns named; then for good."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.intake import importing, parts
from jobcenter.intake.importing import RegisterRefused, RowFault
from jobcenter.intake.register import CLIENT_COLUMNS, COACH_COLUMNS, MOST_BYTES, read_register
from jobcenter.web.asking import Asking, WebRequest, needs
from jobcenter.web.pages import page, see

# A file comes back once more as text when it is taken in for good.
LARGEST_BODY_BYTES = MOST_BYTES * 2
COLUMNS = {"clients": CLIENT_COLUMNS, "coaches": COACH_COLUMNS}


@get("/clients/import", guards=[needs("assign")])
async def begin(asking: NamedDependency[Asking]) -> Response[str]:
    """Ask for a file."""
    return await _page(asking)


async def _page(
    asking: Asking, shown: Mapping[str, object] | None = None, *, status: int = 200
) -> Response[str]:
    told: dict[str, object] = {
        "kind": "clients", "faults": (), "rows": (), "taken": None, "packed": "", "name": "",
    }  # fmt: skip
    return page(
        asking,
        "intake/import.html",
        status=status,
        units=await asking.read(parts.planned_units),
        columns={kind: sorted(set(names.values())) for kind, names in COLUMNS.items()},
        **{**told, **(shown or {})},
    )


@post(
    "/clients/import",
    guards=[needs("assign")],
    status_code=200,
    request_max_body_size=LARGEST_BODY_BYTES,
)
async def take_in(request: WebRequest, asking: NamedDependency[Asking]) -> Response[str]:
    """Try a file out, or take one in that was tried."""
    form = await request.form()
    kind, name = str(form.get("kind", "")), str(form.get("name", ""))
    unit, given = str(form.get("unit", "")), form.get("file")
    packed = str(form.get("packed", ""))
    if kind not in COLUMNS:
        raise NotFound
    if isinstance(given, UploadFile) and given.filename:
        name, packed = given.filename[:200], b64encode(await given.read()).decode()
    again = {"kind": kind, "name": name, "unit": unit}
    try:
        lines = read_register(name, _unpacked(packed), COLUMNS[kind])
        if kind == "clients":
            # Names are compared with those of everybody who is there already.
            people = await asking.read(importing.compared, unit_id=_unit(unit))
            await asking.look(people, what="name", purpose="register")
        action = importing.take_in if form.get("go") else importing.try_out
        run = asking.act if form.get("go") else asking.read
        taken = await run(action, kind=kind, unit_id=_unit(unit), lines=lines, now=asking.now)
    except RegisterRefused as refused:
        return await _page(asking, {**again, "rows": _shown(refused.rows)}, status=422)
    except Invalid as invalid:
        return await _page(asking, {**again, "faults": invalid.faults}, status=422)
    if form.get("go"):
        return see("/clients" if kind == "clients" else "/units", note="imported")
    return await _page(asking, {**again, "taken": taken, "packed": packed})


def _unpacked(packed: str) -> bytes:
    try:
        return b64decode(packed, validate=True)
    except (Error, ValueError) as error:
        raise Invalid(
            Fault("file", "unreadable", "We could not read this file as a table.")
        ) from error


def _unit(code: str) -> UUID:
    try:
        return UUID(code)
    except ValueError as error:
        raise NotFound from error


def _shown(rows: tuple[RowFault, ...]) -> list[tuple[int, Fault]]:
    return [(row.row, row.fault) for row in rows]


router = Router("/", route_handlers=[begin, take_in])
