"""Every sentence that a page or an error can show is there in the languages of its face."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from jinja2.ext import extract_from_ast

import jobcenter
from jobcenter import errors
from jobcenter.texts import catalogue
from jobcenter.web.pages import ENVIRONMENT, TEMPLATES

SOURCE = Path(jobcenter.__file__).parent
# Words that are the same in every language.
ALIKE = {"Demo", "Jobcenter", "min"}
# Faces of the public and of clients speak Swedish too; staff pages Finnish and English.
IN_SWEDISH = ("orderer", "due", "client", "own", "parts", "signin", "layout", "error")
# Whoever types commands reads English.
COMMAND_LINE = {"commands", "demo"}
ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.JobcenterError)
}

Sentence = tuple[str, ...]


def of_template(file: Path) -> Iterator[Sentence]:
    """Return what a template says: a sentence, or one and many."""
    tree = ENVIRONMENT.parse(file.read_text(encoding="utf-8"))
    for _, function, found in extract_from_ast(tree, ["_", "ngettext"]):
        texts = [found] if isinstance(found, str) else [text for text in found or () if text]
        if texts:
            yield tuple(texts[: 2 if function == "ngettext" else 1])


def of_source(file: Path) -> Iterator[Sentence]:
    """Return the sentences that a module raises errors of ours with."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        first = node.args[0] if node.args else None
        if node.func.id in ERRORS and isinstance(first, ast.Constant):
            yield (str(first.value),)


def untranslated(language: str, sentences: Iterator[Sentence]) -> list[str]:
    """Return the sentences that a language lacks, or whose values it has changed."""
    words = catalogue(language)
    wrong = []
    for sentence in sentences:
        many = sentence[-1]
        told = words.ngettext(sentence[0], many, 2) if len(sentence) > 1 else words.gettext(many)
        missing = told == many and many not in ALIKE
        if missing or _places(told) != _places(many):
            wrong.append(many)
    return wrong


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


FILES = sorted(TEMPLATES.rglob("*.html"))
NAMES = [str(file.relative_to(TEMPLATES)) for file in FILES]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_speaks_finnish(name: str) -> None:
    assert untranslated("fi", of_template(TEMPLATES / name)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(IN_SWEDISH)])
def test_a_public_page_speaks_swedish(name: str) -> None:
    assert untranslated("sv", of_template(TEMPLATES / name)) == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_error_speaks(language: str) -> None:
    told = [((kind.__doc__ or "").strip(),) for kind in errors.BY_CONSTRAINT.values()]
    assert untranslated(language, iter(told)) == []
    files = [file for file in SOURCE.rglob("*.py") if not COMMAND_LINE & set(file.parts)]
    raised = [sentence for file in files for sentence in of_source(file)]
    assert len(raised) > 30
    lacking = untranslated(language, iter(raised)) if language == "fi" else []
    assert lacking == []


def test_a_missing_sentence_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "new.html"
    page.write_text('{{ _("Nobody has put this into words, {name}", name=1) }}')
    assert untranslated("fi", of_template(page)) == ["Nobody has put this into words, {name}"]
