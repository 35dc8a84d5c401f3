"""The styles and scripts that come from npm: all there, and none of them calls elsewhere."""

import re

import pytest

from tests.house.reading import ROOT

VENDOR = ROOT / "src/jobcenter/web/static/vendor"
SHIPPED = ("tokens.css", "base.css", "components.css", "icons.css", "htmx.js", "hx-sse.js")
CALLS_ELSEWHERE = re.compile(r"""url\(["']?(https?:)?//|@import|sourceMappingURL""")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_is_whole_and_calls_nobody(name: str) -> None:
    text = (VENDOR / name).read_text(encoding="utf-8")
    assert len(text) > 1000
    assert not CALLS_ELSEWHERE.search(text)


def test_every_licence_comes_along() -> None:
    licences = {path.stem for path in (VENDOR / "licences").iterdir()}
    assert licences == {"hds-core", "hds-design-tokens", "htmx"}


def test_the_accessibility_checker_is_for_tests_only() -> None:
    assert (ROOT / "tests/vendor/axe.js").stat().st_size > 100_000
    assert not list(VENDOR.glob("axe*"))
