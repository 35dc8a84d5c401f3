"""Take the pictures of the README anew, in a real browser, from a demo that it runs.

Needs what the tests need: `./jobcenter test` installs it.
"""

import argparse
import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LINK = re.compile(r"^\s+(orderer|coordinator|coach|client)\s+(http\S+)$", re.MULTILINE)
WIDE = (1280, 860)
PHONE = (390, 844)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter pictures", description=__doc__)
    parser.add_argument("--to", type=Path, default=Path("docs/pictures"))
    chosen = parser.parse_args(arguments)
    chosen.to.mkdir(parents=True, exist_ok=True)
    with demo() as links:
        asyncio.run(take(links, chosen.to))
    return 0


@contextmanager
def demo() -> Iterator[Mapping[str, str]]:
    """Run a demo and give the links that it prints for each role."""
    command = [sys.executable, "-m", "jobcenter", "demo"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = ""
    for line in process.stdout or ():
        told += line
        if line.startswith("Ctrl-C"):
            break
    try:
        yield dict(LINK.findall(told))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


async def take(links: Mapping[str, str], to: Path) -> None:
    """Open the four faces and keep a picture of each."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=found, args=FLAGS)
        orderer = await signed_in(browser, links["orderer"], WIDE)
        await orderer.goto(_at(links["orderer"], "/orders/new"))
        await keep(orderer, to / "order.png")
        coordinator = await signed_in(browser, links["coordinator"], WIDE)
        await coordinator.goto(_at(links["coordinator"], "/board?state=suggested"))
        await coordinator.goto(_at(links["coordinator"], await fullest(coordinator)))
        await keep(coordinator, to / "board.png")
        client = await tab(browser, links["client"], PHONE)
        await client.goto(links["client"])
        await keep(client, to / "client.png")
        coach = await signed_in(browser, links["coach"], PHONE)
        await coach.goto(_at(links["coach"], "/coach"))
        await keep(coach, to / "coach.png")
        await browser.close()


async def tab(browser: Browser, link: str, size: tuple[int, int]) -> Page:
    """Open a tab that reads English."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-GB",
        timezone_id="Europe/Helsinki",
        reduced_motion="reduce",
    )
    await context.add_cookies(
        [{"name": "jobcenter_language", "value": "en", "url": _at(link, "/")}]
    )
    return await context.new_page()


async def signed_in(browser: Browser, link: str, size: tuple[int, int]) -> Page:
    """Open a sign-in link and press its button."""
    page = await tab(browser, link, size)
    await page.goto(link)
    await page.locator("main form button[type=submit]").first.click()
    await page.wait_for_load_state()
    return page


async def fullest(page: Page) -> str:
    """Return the first order on the board that has somebody to choose, with a coach at hand."""
    links = page.locator("a[href^='/board/orders/']")
    paths = [await links.nth(number).get_attribute("href") for number in range(await links.count())]
    for path in paths:
        await page.goto(_at(page.url, path or "/board"))
        if await page.locator(".candidate .held", has_text="Would be held").count() > 1:
            return path or "/board"
    return paths[0] or "/board"


async def keep(page: Page, path: Path) -> None:
    """Keep what the window shows."""
    await page.screenshot(path=path)
    print(path, flush=True)


def _at(link: str, path: str) -> str:
    scheme, _, rest = link.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}{path}"
