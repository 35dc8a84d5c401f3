"""What is tried behind a shut door: the same in every run, and all of it once the door opens."""

import httpx
from litestar.utils.sync import AsyncCallable

from jobcenter.web.asking import needs
from tests.canaries.crawl import SHUT, Doors, Page, asked_by

MANY = range(40)


async def tried(whose: str, *, run: int = 1, opens: int = -1) -> list[int]:
    """Knock at many doors of the same guards, of which one opens; return those that were tried."""
    asked: list[str] = []

    async def answers(path: str) -> httpx.Response:
        asked.append(path)
        return httpx.Response(200 if path.startswith(f"/{opens}/") else 403)

    doors = Doors(whose, answers)
    for one in MANY:
        await doors.knock(Page(f"/{one}/{{id}}", ("needs more",), (f"/{one}/id-{run}",)))
    return [int(path.split("/")[1]) for path in asked]


async def test_a_shut_door_is_tried_now_and_then_and_one_that_opens_wholly() -> None:
    kim = await tried("kim")
    assert kim[:SHUT] == [0, 1]
    assert SHUT < len(kim) < len(MANY) / 2
    assert kim == await tried("kim", run=2)
    assert kim != await tried("maija")
    assert sorted(await tried("kim", opens=kim[-1])) == [*MANY]


def test_two_that_ask_for_the_same_rights_are_the_same_door() -> None:
    orders, too, assigns = (
        asked_by(AsyncCallable(needs(right))) for right in ("order", "order", "assign")
    )
    assert orders == too != assigns
