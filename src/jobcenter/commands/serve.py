"""Serve the pages and the API until stopped; when the database is away, wait for it and say so."""

import argparse
import asyncio
import logging
import signal
import sys
from datetime import UTC, datetime
from types import FrameType

import uvicorn

from jobcenter.database import Face, OrganiserId
from jobcenter.oidc import Directory, Terms
from jobcenter.oidc_keys import OwnKeys
from jobcenter.settings import Settings
from jobcenter.start import Ground, ground
from jobcenter.web.app import create_app
from jobcenter.web.asking import WebConfig

# Requests under way have this long when the stop comes.
GRACE_SECONDS = 3
# A browser or proxy that keeps its connection is let go after this long without a request.
IDLE_SECONDS = 5
LONGEST_HEAD_BYTES = 256 * 1024


def config_of(here: Ground, *, inbox: bool) -> WebConfig:
    """Return what the web needs to know of this place."""
    settings = here.settings
    return WebConfig(
        secret=here.secret,
        base_url=settings.base_url,
        phone=settings.phone,
        organiser=OrganiserId(settings.organiser),
        inbox=inbox,
        mail_port=settings.smtp_port if inbox else 0,
        sms_token=settings.sms_token,
        sms_hook_secret=settings.sms_hook_secret,
        health_dsn=here.doors[Face.VISITOR],
        horizon_days=settings.horizon_days,
        api_a_minute=settings.api_a_minute,
        signins_a_minute=settings.signins_a_minute,
        calendar_loopback=settings.calendar_loopback,
        directory=directory_of(settings),
    )


def directory_of(settings: Settings) -> Directory | None:
    """Return the directory that staff come through, if the settings name one."""
    if not settings.oidc_issuer:
        return None
    return Directory(
        Terms(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            secret=settings.oidc_client_secret,
            name=settings.oidc_name,
            scopes=settings.oidc_scopes,
            email_claim=settings.oidc_email_claim,
            name_claim=settings.oidc_name_claim,
            roles_claim=settings.oidc_roles_claim,
            roles=settings.oidc_roles,
            creates=settings.oidc_creates,
            strength=tuple(settings.oidc_acr_values.split()),
            ask=settings.oidc_ask,
            keys=OwnKeys(settings.home) if settings.oidc_signs else None,
        )
    )


def serve(here: Ground, *, inbox: bool, host: str, port: int) -> None:
    """Answer requests until a signal comes; the database need not be up yet."""
    app = create_app(
        database=here.open(),
        config=config_of(here, inbox=inbox),
        clock=lambda: datetime.now(UTC),
    )
    # Asked to stop, uvicorn ends its work and hands the signal on: then we leave in order.
    signal.signal(signal.SIGTERM, _leave)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=IDLE_SECONDS,
        # More than `entrance` takes: what is too much gets an answer of ours.
        h11_max_incomplete_event_size=LONGEST_HEAD_BYTES,
        lifespan="on",
    )


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter serve", description=__doc__)
    parser.add_argument("--host", help="instead of JOBCENTER_HOST")
    parser.add_argument("--port", type=int, help="instead of JOBCENTER_PORT")
    parser.add_argument("--inbox", action="store_true", help="take in and show demo messages")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    with ground() as here:
        asyncio.run(here.make_sure_of_keys())
        serve(
            here,
            inbox=chosen.inbox,
            host=chosen.host or here.settings.host,
            port=chosen.port or here.settings.port,
        )
    return 0
