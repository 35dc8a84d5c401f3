"""All that clients are led to by a link, places and telling of gigs with it, under one router."""

from litestar import Router

from jobcenter.web import (
    client,
    colleagues,
    invitations,
    own,
    own_consents,
    own_decisions,
    own_looks,
    own_support,
    own_time,
    places,
    telling,
)

router = Router(
    "/",
    route_handlers=[
        client.router,
        telling.router,
        places.router,
        colleagues.router,
        invitations.router,
        own.router,
        own_time.router,
        own_consents.router,
        own_decisions.router,
        own_looks.router,
        own_support.router,
    ],
)
