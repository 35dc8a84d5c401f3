"""A real browser on the real application: Chromium, what a phone shows, and axe's judgement.

`chromium` is the browser of the whole run; `served` puts an application on a port of this machine;
`tab` opens a page of a given size; `judge` fails on what axe finds and on anything that scrolls
sideways.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from socket import socket

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Locator, Page, async_playwright

from jobcenter.commands.pictures import FLAGS
from jobcenter.database import Database
from jobcenter.web.asking import WebConfig
from tests.cast import MONDAY
from tests.web.lending import Lent
from tests.web.surfer import CONFIG

AXE = Path(__file__).parent / "vendor" / "axe.js"
WIDE = (1280, 900)
PHONE = (320, 640)
# Two cores are shared with everything else that the run does.
PATIENCE_MILLISECONDS = 15_000
# What is right is neither worked out in full nor sent back: that would cost most of the time.
RULES = (
    "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})"
    ".then(found => found.violations)"
)


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser once for the run."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


class Announcing(uvicorn.Server):
    """A server that says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start as ever, and say so."""
        await super().startup(sockets)
        self.is_up.set()


@asynccontextmanager
async def served(
    database: Database,
    clock: Callable[[], datetime] = lambda: MONDAY,
    config: WebConfig = CONFIG,
    name: str = "127.0.0.1",
) -> AsyncIterator[str]:
    """Serve the application on a free port of this machine and give its address."""
    with closing(socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        base = f"http://{name}:{listener.getsockname()[1]}"
        app = Lent(database, replace(config, base_url=base), clock)
        settings = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = Announcing(settings)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await server.is_up.wait()
        try:
            yield base
        finally:
            # A server that outlived its test would go on asking under the clock of the next.
            server.should_exit = True
            await task


@asynccontextmanager
async def tab(
    browser: Browser,
    base: str,
    *,
    size: tuple[int, int] = PHONE,
    language: str = "en-GB",
    session: str = "",
    scripts: bool = True,
) -> AsyncIterator[Page]:
    """Open a tab of one size and language; `session` is the cookie of somebody signed in."""
    context = await browser.new_context(
        base_url=base,
        viewport={"width": size[0], "height": size[1]},
        locale=language,
        timezone_id="Europe/Helsinki",
        reduced_motion="reduce",
        java_script_enabled=scripts,
        # axe is put into the page, which the page's own policy would refuse.
        bypass_csp=True,
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    cookies = {"jobcenter_language": language[:2], "jobcenter_session": session}
    for name, value in cookies.items():
        await context.add_cookies([{"name": name, "value": value, "url": base}])
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert problems == []


async def judge(page: Page) -> None:
    """Fail on what axe finds wrong with the page, and when it is wider than its window."""
    await page.add_script_tag(path=AXE)
    found = await page.evaluate(RULES)
    told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]
    assert told == [], page.url
    width = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{page.url} is {width} px too wide"


async def press(page: Page, button: Locator) -> None:
    """Press what leads to another page, wait for that one and judge it."""
    async with page.expect_navigation():
        await button.click()
    await judge(page)


async def send(page: Page, action: str) -> None:
    """Press the first button of one form, and judge where it leads."""
    await press(page, page.locator(f"form[action='{action}'] button").first)


async def visit(page: Page, path: str) -> None:
    """Open a page and judge it."""
    answer = await page.goto(path)
    if answer is None or answer.status >= 500:
        pytest.fail(f"{path} did not answer: {answer and answer.status}")
    await judge(page)
