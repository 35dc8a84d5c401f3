"""Every page and address of the service; a new face is a router of its own and a line here."""

from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from jobcenter.web import (
    client_day,
    inbox,
    moving,
    orderer,
    own_pages,
    staff,
    ways_in,
)
from jobcenter.web.api import routes
from jobcenter.web.asking import WebConfig
from jobcenter.web.intake import clients as intake
from jobcenter.web.intake import leaving
from jobcenter.web.pages import STATIC

YEAR_SECONDS = 365 * 24 * 3600


def handlers(config: WebConfig) -> list[ControllerRouterHandler]:
    """Return what answers at each address; the inbox only where the place has one."""
    return [
        _static_files(),
        *ways_in.handlers(),
        orderer.router,
        moving.router,
        client_day.router,
        own_pages.router,
        *staff.handlers(),
        intake.router,
        leaving.router,
        routes.router,
        *inbox.routes(config),
    ]


def _static_files() -> ControllerRouterHandler:
    return create_static_files_router(
        path="/static",
        directories=[STATIC],
        cache_control=CacheControlHeader(public=True, max_age=YEAR_SECONDS),
        opt={"for_everyone": True},
        include_in_schema=False,
    )
