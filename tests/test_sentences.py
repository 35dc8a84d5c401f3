"""Every sentence that a wrong field or a missing rule is told in speaks Finnish and Swedish too."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import jobcenter
from jobcenter.matching.reasons import SENTENCES as REASONS
from jobcenter.orders.sentences import TO_CLIENT
from jobcenter.support import ACTIONS, NEEDS, label
from jobcenter.texts import catalogue, say

SOURCE = Path(jobcenter.__file__).parent
ROOMS = ("times", "fields", "effects", "figures", "orders/wishes", "orders/occasions")
MORE_ROOMS = (
    "orders/wordings",
    "orders/pay",
    "orders/availability",
    "orders/consenting",
    "people/own",
)
DOORS = ("web/own", "web/own_time")
# Which argument holds the sentence.
TELLERS = {"Fault": 2, "RuleMissing": 0}


def sentences() -> Iterator[str]:
    for room in (*ROOMS, *MORE_ROOMS, *DOORS):
        tree = ast.parse((SOURCE / f"{room}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = TELLERS.get(node.func.id)
                if place is not None:
                    yield str(ast.literal_eval(node.args[place]))


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


SENTENCES = sorted(set(sentences()))


def test_the_sentences_are_found() -> None:
    assert len(SENTENCES) > 50
    assert "The end is before the start." in SENTENCES


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_is_translated_with_its_values(language: str, sentence: str) -> None:
    translated = say(language, sentence)
    assert translated != sentence
    assert places(translated) == places(sentence)


@pytest.mark.parametrize("language", ["fi", "sv", "fi-easy"])
def test_every_need_and_action_has_its_words(language: str) -> None:
    for words in (*NEEDS.values(), *(label(f"{need} {level}") for need, level in ACTIONS)):
        assert say(language, words) != words, words
    assert say(language, label("SITE")) != label("SITE")
    assert say(language, label("SHAPE")) != label("SHAPE")


@pytest.mark.parametrize("language", ["fi", "sv", "fi-easy"])
def test_every_reason_has_its_words_for_the_client(language: str) -> None:
    assert TO_CLIENT.keys() >= set(REASONS.values())
    for sentence, own in TO_CLIENT.items():
        assert say(language, own) not in {own, sentence}
        assert places(say(language, own)) == places(own) == places(sentence)


def test_easy_finnish_falls_back_to_finnish() -> None:
    assert say("fi-easy", "large print") == say("fi", "large print") == "iso teksti"
    assert say("fi-easy", "a morning call") == "soitamme aamulla"


def test_what_nobody_translated_is_english() -> None:
    assert catalogue("en").gettext("A morning call?") == "A morning call?"
