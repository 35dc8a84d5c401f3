"""The coordinator's board: what needs a decision first, then orders by how soon they are.

One order's page is in `sheet`, what is decided there in `deciding`, one client's page in `record`.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.orders import todos
from jobcenter.orders.queries import board
from jobcenter.orders.queries.board import Wanted
from jobcenter.orders.queries.cards import BoardState
from jobcenter.people import closing
from jobcenter.times import day_of
from jobcenter.web import record, sheet, users
from jobcenter.web.asking import Asking, WebRequest, needs
from jobcenter.web.limits import searched
from jobcenter.web.pages import page, see

LONGEST_NUMBER = 10


@get("/board", guards=[needs("assign")])
async def show(request: WebRequest, asking: NamedDependency[Asking]) -> Response[str]:
    """Show the board, filtered as the address says."""
    query = {name: str(value) for name, value in request.query_params.items()}
    wanted = _wanted(asking, query, await searched(asking, query.get("q", "")))
    shown = await asking.read(board.board, wanted=wanted, now=asking.now)
    await asking.look(shown.clients, what="name and phone", purpose="to-dos on the board")
    return page(
        asking,
        "unit/board.html",
        board=shown,
        people=await asking.read(closing.contacts, shown.clients),
        states=list(BoardState),
        today=asking.today,
        address=Address(wanted, query.get("unit", "")),
        unit=query.get("unit", ""),
        note=query.get("note", ""),
    )


def _wanted(asking: Asking, query: Mapping[str, str], text: str) -> Wanted:
    day = query.get("day", "")
    return Wanted(
        units=_units(asking, query.get("unit", "")),
        day=day_of(day, field="day") if day else None,
        state=_state(query.get("state", "")),
        text=text,
        everything=bool(query.get("every")),
        page=_number(query.get("page", "1")),
    )


def _units(asking: Asking, unit: str) -> tuple[UUID, ...]:
    """Return the units that the asker plans for, or the one of them that was chosen."""
    mine = asking.who.units_with("assign")
    chosen = tuple(own for own in mine if not unit or str(own) == unit)
    if unit and not chosen:
        raise NotFound
    return chosen


def _state(state: str) -> BoardState | None:
    if state and state not in list(BoardState):
        raise Invalid(Fault("state", "unknown", "We do not know this state."))
    return BoardState(state) if state else None


def _number(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    if not plain or int(text) < 1:
        raise Invalid(Fault("page", "not_a_page", "We do not know this page."))
    return int(text)


class Address:
    """Addresses of the board with one filter changed."""

    def __init__(self, wanted: Wanted, unit: str) -> None:
        self._wanted = wanted
        self._unit = unit

    def state(self, state: BoardState | None) -> str:
        """Return the address of this board in another state, from its first page."""
        return self._of(replace(self._wanted, state=state, page=1))

    def page(self, number: int) -> str:
        """Return the address of another page."""
        return self._of(replace(self._wanted, page=number))

    def everything(self, *, shown: bool) -> str:
        """Return the address with, or without, orders in which the units have no part."""
        return self._of(replace(self._wanted, everything=shown, page=1))

    def _of(self, wanted: Wanted) -> str:
        fields = {
            "day": wanted.day.isoformat() if wanted.day else "",
            "state": wanted.state or "",
            "unit": self._unit,
            "q": wanted.text,
            "every": "1" if wanted.everything else "",
            "page": str(wanted.page) if wanted.page > 1 else "",
        }
        chosen = urlencode({name: value for name, value in fields.items() if value})
        return f"/board?{chosen}" if chosen else "/board"


@post("/board/todos/{todo_id:uuid}/done", guards=[needs("assign")])
async def settle(asking: NamedDependency[Asking], todo_id: FromPath[UUID]) -> Response[str]:
    """Mark a to-do done."""
    await asking.act(todos.settle, todo_id=todo_id, now=asking.now)
    return see("/board", note="settled")


router = Router("/", route_handlers=[show, settle, sheet.router, record.router, users.router])
