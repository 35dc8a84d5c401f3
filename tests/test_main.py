"""The command line: verbs are files, mistakes are told in a sentence, nothing heavy is imported."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from jobcenter.__main__ import describe, main, verbs
from jobcenter.commands import check


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


def test_every_verb_says_what_it_does() -> None:
    found = verbs()
    assert {"check", "check-invariants", "migrate"} <= set(found)
    for verb, path in found.items():
        assert describe(path).endswith("."), verb


def test_the_readme_lists_every_verb() -> None:
    listed = Path("README.md").read_text(encoding="utf-8").partition("## Every verb")[2]
    words = set(re.findall(r"[a-z-]+", listed.partition("\n## ")[0]))
    assert set(verbs()) - words == set()


def test_an_unknown_verb_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == 2
    told = capsys.readouterr().err
    assert all(verb in told for verb in verbs())


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["help"], 0), (["--help"], 0)])
def test_the_list_is_help(arguments: list[str], status: int) -> None:
    assert main(arguments) == status


def test_a_foreseen_error_is_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where a directory should be", encoding="utf-8")
    ended = run("-m", "jobcenter", "migrate", JOBCENTER_HOME=str(home))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{home} cannot be written")
    assert len(ended.stderr.splitlines()) == 1


def test_the_list_comes_without_heavy_imports() -> None:
    program = (
        "import sys; from jobcenter import __main__ as main; main.listing()\n"
        "print({'litestar', 'sqlalchemy', 'numpy', 'pydantic'} & set(sys.modules))"
    )
    assert run("-c", program).stdout.strip() == "set()"


def test_check_knows_its_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["polish"]) == 2
    told = capsys.readouterr().err
    assert "polish" in told
    assert all(step in told for step in check.STEPS)


def test_check_fails_when_a_step_fails(capfd: pytest.CaptureFixture[str]) -> None:
    failing = {"wrong": [sys.executable, "-c", "print('what is wrong'); raise SystemExit(3)"]}
    assert not check.run("wrong", failing)
    told = capfd.readouterr().out
    assert "FAILED" in told
    assert "what is wrong" in told
    assert check.run("right", {"right": [sys.executable, "-c", "print('quiet')"]})
    assert "quiet" not in capfd.readouterr().out
