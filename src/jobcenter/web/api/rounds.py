"""Rounds of the matcher and coaches' visits, for programs."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from jobcenter.orders import proposing
from jobcenter.orders.queries import api
from jobcenter.web.api.answers import RoundAnswer, VisitAnswer
from jobcenter.web.api.bodies import RoundBody
from jobcenter.web.asking import Asking, needs


@post("/rounds", status_code=202, guards=[needs("assign")], scope="rounds:write")
async def ask(asking: NamedDependency[Asking], data: JSONBody[RoundBody]) -> Response[RoundAnswer]:
    """Ask for a whole round; the worker runs it, and its page tells how far it is."""
    asked = await asking.act(proposing.ask_round, kind=data.kind, now=asking.now)
    where = f"/api/rounds/{asked.id}"
    return Response(RoundAnswer.of(asked), status_code=202, headers={"Location": where})


@get("/rounds/{round_id:uuid}", guards=[needs("assign")], scope="rounds:read")
async def show(asking: NamedDependency[Asking], round_id: FromPath[UUID]) -> RoundAnswer:
    """Return how far a round is, and what it found."""
    return RoundAnswer.of(await asking.read(api.round_of, round_id=round_id))


@get("/coaches/{coach_id:uuid}/visits", guards=[needs("assign", "coach")], scope="visits:read")
async def visits(asking: NamedDependency[Asking], coach_id: FromPath[UUID]) -> list[VisitAnswer]:
    """Return a coach's coming visits; never for whom they are."""
    found = await asking.read(api.visits_of, coach_id=coach_id, now=asking.now)
    return [VisitAnswer.of(visit) for visit in found]


router = Router("/", route_handlers=[ask, show, visits])
