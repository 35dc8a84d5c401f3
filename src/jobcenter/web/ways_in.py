"""What answers before anybody has a role: whether we are up, ways to sign in, one's account."""

from litestar.types import ControllerRouterHandler

from jobcenter.web import account, directory, health, passkeys, signin


def handlers() -> list[ControllerRouterHandler]:
    """Return what answers at each of their addresses."""
    return [
        health.live,
        health.ready,
        signin.router,
        directory.router,
        passkeys.router,
        account.router,
    ]
