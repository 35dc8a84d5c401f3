"""The application, put together once for a test process and lent to each test on its own database.

Putting it together takes a quarter of a second, and what it stands on is asked anew by every call.
"""

from collections.abc import Callable
from datetime import datetime

from litestar import Litestar
from litestar.types import Receive, Scope, Send

from jobcenter.database import Database
from jobcenter.web.app import create_app
from jobcenter.web.asking import WebConfig
from jobcenter.web.entrance import Entrance

_SHARED: dict[bool, tuple[Litestar, Entrance]] = {}


class Lent:
    """The real application as a test sees it: on its database, at its place, by its clock."""

    def __init__(
        self, database: Database, config: WebConfig, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._config = config
        self._clock = clock
        if config.inbox not in _SHARED:
            app = create_app(database=database, config=config, clock=clock)
            (entrance,) = (layer for layer in app.middleware if isinstance(layer, Entrance))
            _SHARED[config.inbox] = app, entrance
        self.app, self._entrance = _SHARED[config.inbox]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Who is asking is found out before anything waits, so nobody comes in between.
        self._entrance.database = self.app.state.database = self._database
        self._entrance.config = self.app.state.config = self._config
        self._entrance.clock = self._clock
        await self.app(scope, receive, send)
