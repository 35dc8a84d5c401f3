"""Puts the web together: routes, who is asking, errors, headers; all it needs is handed in."""

from collections.abc import Callable
from datetime import datetime

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.plugins.pydantic import PydanticPlugin

from jobcenter.database import Database
from jobcenter.errors import JobcenterError
from jobcenter.web import faces, inbox
from jobcenter.web.api import openapi
from jobcenter.web.asking import WebConfig, give_asking
from jobcenter.web.entrance import Entrance, finish, refuse_forgery
from jobcenter.web.failing import fail_foreseen, fail_http, fail_unforeseen, fail_unreadable
from jobcenter.web.protocol import App

LARGEST_BODY_BYTES = 256 * 1024


def create_app(*, database: Database, config: WebConfig, clock: Callable[[], datetime]) -> Litestar:
    """Build the application around a database, what it must know of its place, and a clock."""
    return App(
        route_handlers=faces.handlers(config),
        dependencies={"asking": Provide(give_asking, sync_to_thread=False)},
        middleware=[Entrance(database=database, config=config, clock=clock)],
        guards=[refuse_forgery],
        before_send=[finish],
        lifespan=inbox.mail_server(database, config, clock),
        exception_handlers={
            JobcenterError: fail_foreseen,
            HTTPException: fail_http,
            RecursionError: fail_unreadable,
            UnicodeDecodeError: fail_unreadable,
            Exception: fail_unforeseen,
        },
        request_max_body_size=LARGEST_BODY_BYTES,
        state=State({"config": config, "database": database}),
        openapi_config=openapi.CONFIG,
        plugins=[PydanticPlugin(validate_strict=True)],
        include_in_schema=False,
        logging_config=None,
    )
