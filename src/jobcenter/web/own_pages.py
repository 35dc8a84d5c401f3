"""All that a client's links lead to, telling of gigs, and what is behind the PIN: one router."""

from litestar import Router

from jobcenter.web import client, own, own_consents, own_decisions, own_time, telling

router = Router(
    "/",
    route_handlers=[
        client.router,
        telling.router,
        own.router,
        own_time.router,
        own_consents.router,
        own_decisions.router,
    ],
)
