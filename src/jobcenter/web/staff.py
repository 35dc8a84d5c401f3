"""What answers to staff: the board, one gig's day, what is decided, coaches' days, accounts."""

from litestar.types import ControllerRouterHandler

from jobcenter.web import accounts, coach, deciding, gigday, unit


def handlers() -> list[ControllerRouterHandler]:
    """Return what answers at each of their addresses."""
    return [
        coach.router,
        unit.router,
        deciding.router,
        gigday.router,
        accounts.router,
    ]
