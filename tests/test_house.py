"""The house rules, the style figures and the documents, held against the whole repository."""

import ast
import json
import re
import subprocess

import pytest

from jobcenter.__main__ import verbs
from tests.house.meter import LIMITS, broken_limits, measure, worst
from tests.house.reading import ROOT, SOURCE, all_modules
from tests.house.rules import RULES, Rule, offences

ADDRESS = re.compile(r"(https?|file|git\+\w+)://|--(extra-)?index-url|--find-links")


def tracked() -> list[str]:
    """Give the files under version control; outside a clone there is nothing to look at."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule: Rule) -> None:
    found = offences(rule, all_modules())
    assert not found, f"{rule.__doc__}\n" + "\n".join(found)


def test_the_figures_keep_their_limits() -> None:
    broken = broken_limits(measure(all_modules()), LIMITS)
    assert not broken, "\n".join([*broken, *worst(all_modules())])


def test_every_setting_is_in_the_deployment_page() -> None:
    page = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    tree = ast.parse((SOURCE / "jobcenter" / "settings.py").read_text(encoding="utf-8"))
    fields = [
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    names = [
        "DATABASE_URL" if name == "database_url" else f"JOBCENTER_{name.upper()}" for name in fields
    ]
    assert names
    assert [name for name in names if f"`{name}`" not in page] == []
    told = set(re.findall(r"`(JOBCENTER_\w+)`", page))
    assert sorted(told - set(names)) == [], "the page tells of settings that are gone"


def test_every_verb_is_told_of() -> None:
    page = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    assert [verb for verb in verbs() if f"`{verb}`" not in page] == []


def test_what_is_installed_is_pinned_without_addresses() -> None:
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not ADDRESS.search(text), path.name
        pins = re.findall(r"^[\w.-]+==", text, flags=re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins), path.name


def test_npm_packages_are_pinned_without_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert not name or entry["integrity"].startswith("sha512-"), name


def test_nothing_is_tracked_that_belongs_to_one_machine() -> None:
    unwanted = re.compile(r"(^|/)(uv\.lock|\.env|__pycache__|\.venv|var)(/|$)")
    assert [name for name in tracked() if unwanted.search(name)] == []
    here = [name for name in tracked() if str(ROOT).encode() + b"/" in (ROOT / name).read_bytes()]
    assert here == [], "this clone's own path"


def test_the_script_is_plain_shell() -> None:
    first = (ROOT / "jobcenter").read_text(encoding="utf-8").splitlines()[0]
    assert first == "#!/bin/sh"
    subprocess.run(["sh", "-n", str(ROOT / "jobcenter")], check=True)
