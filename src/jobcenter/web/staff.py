"""What answers to staff: the board, a gig's day, what was told of it, coaches' days, accounts."""

from litestar.types import ControllerRouterHandler

from jobcenter.web import (
    accounts,
    coach,
    coach_feed,
    deciding,
    due,
    exports,
    gigday,
    hearing,
    ledgers,
    paper,
    parties,
    unit,
)


def handlers() -> list[ControllerRouterHandler]:
    """Return what answers at each of their addresses."""
    return [
        due.router,
        coach.router,
        coach_feed.router,
        unit.router,
        parties.router,
        deciding.router,
        gigday.router,
        hearing.router,
        paper.router,
        accounts.router,
        ledgers.router,
        exports.router,
    ]
