"""Everything behind a client's PIN, and the door to it, under one router."""

from litestar import Router

from jobcenter.web import own, own_consents, own_decisions, own_time

router = Router(
    "/",
    route_handlers=[
        own.router,
        own_time.router,
        own_consents.router,
        own_decisions.router,
    ],
)
