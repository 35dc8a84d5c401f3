"""The stage of the stories: everybody comes in by HTTP; the clock moves when a story says so."""

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from jobcenter.database import Who
from jobcenter.web.asking import WebConfig
from tests.cast import Cast
from tests.web.surfer import Clock, Surfer, sign_in, surfer
from tests.worker.conftest import Works

ROW = re.compile(r'value="([0-9a-f-]{36})">\s*<input type="hidden" name="start"')
LINK = re.compile(r"https://jc\.example(/o/\S+)")


@dataclass
class Stage:
    """The cast with its browsers, the worker, and the outside that messages reach."""

    works: Works
    clock: Clock
    doors: AsyncExitStack
    config: WebConfig

    @property
    def cast(self) -> Cast:
        """Who plays."""
        return self.works.cast

    async def at(self, moment: datetime) -> None:
        """Let it be that moment, and let the worker do what is due."""
        self.clock.now = moment
        await self.works.run(moment)

    async def run(self) -> None:
        """Let the worker do what is due now."""
        await self.works.run(self.clock.now)

    async def visitor(self, language: str = "fi") -> Surfer:
        """Open a browser on which nobody has signed in."""
        browser = await self.doors.enter_async_context(
            surfer(self.cast.database, self.clock, self.config)
        )
        browser.cookies.set("jobcenter_language", language)
        return browser

    async def signed_in(self, who: Who, language: str = "fi") -> Surfer:
        """Open a browser on which one of the cast has signed in just now."""
        browser = await self.visitor(language)
        await sign_in(browser, self.cast, who, self.clock.now)
        return browser

    def texts_to(self, phone: str) -> list[str]:
        """Return every text message that a phone has got, oldest first."""
        taken = self.works.sms.received()
        return [each["text"] for each in taken if each["to"] == phone]

    def mails(self) -> str:
        """Return every mail that anybody has got, as one text."""
        return "\n".join(str(each) for each in self.works.mail.received())

    async def phone_of(self, number: str, language: str = "fi") -> Surfer:
        """Open the newest link that a phone has got, on that phone."""
        links = [link for text in self.texts_to(number) for link in LINK.findall(text)]
        browser = await self.visitor(language)
        arrived = await browser.get(links[-1])
        assert arrived.status_code == 303
        assert urlsplit(arrived.headers["location"]).path == "/gig"
        return browser

    async def ask(self, who: Who, order_id: UUID, client_id: UUID) -> httpx.Response:
        """Assign a client from the list on the board, as a coordinator's one click does."""
        browser = await self.signed_in(who)
        page = await browser.get(f"/board/orders/{order_id}")
        return await click(browser, page, order_id, client_id)


async def click(
    browser: Surfer, page: httpx.Response, order_id: UUID, client_id: UUID
) -> httpx.Response:
    """Press the button of one person on a list that is open in a browser."""
    path = f"/board/orders/{order_id}/assign"
    start = start_of(page.text, client_id)
    return await browser.send_shown(page, path, client=str(client_id), start=start)


def start_of(text: str, client_id: UUID) -> str:
    """Return the start that a list proposes for a person."""
    pattern = rf'value="{client_id}">\s*<input type="hidden" name="start" value="([^"]+)"'
    found = re.search(pattern, text)
    assert found, f"{client_id} is on no list of this page"
    return found[1]


async def listed(maija: Surfer, order_id: UUID) -> list[UUID]:
    """Return who is proposed, best first."""
    page = await maija.get(f"/board/orders/{order_id}")
    return list(dict.fromkeys(map(UUID, ROW.findall(page.text))))
