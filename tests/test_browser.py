"""The judge of pages judges: what is wrong on a page is found, and what is too wide."""

import pytest
from playwright.async_api import Browser, Page

from tests.browser import judge, tab

RIGHT = "<title>Right</title><main><h1>Right</h1><label>Name <input></label></main>"


async def show(page: Page, body: str) -> None:
    await page.set_content(f'<!doctype html><html lang="en">{body}</html>')


@pytest.mark.parametrize(
    "wrong",
    [
        "<title>No label</title><main><input></main>",
        "<title>Pale</title><main><p style='color: #ccc; background: #fff'>Pale</p></main>",
        "<title>Wide</title><main><div style='width: 400px'>Wide</div></main>",
    ],
)
async def test_what_is_wrong_is_found(chromium: Browser, wrong: str) -> None:
    async with tab(chromium, "http://127.0.0.1") as page:
        await show(page, RIGHT)
        await judge(page)
        await show(page, wrong)
        with pytest.raises(AssertionError):
            await judge(page)
