"""The words: `docs/matching.md` tells every rule and part, and every sentence is translated."""

import re
from pathlib import Path
from string import Formatter

import pytest

from jobcenter.matching.near import COACH_AT, COACH_BETWEEN, OTHER_START
from jobcenter.matching.reasons import SENTENCES
from jobcenter.matching.rules import RULES, SUPPORT
from jobcenter.matching.score import PARTS, score
from jobcenter.matching.shortage import SHORTAGES
from jobcenter.matching.terms import Weights
from jobcenter.matching.thinking.standing import COACH, PERSON
from jobcenter.texts import say
from tests.matching.small import at, client, order, pair, problem
from tests.matching.test_near import NEARLY

DOCUMENT = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
LINES = dict(re.findall(r"^- `(\w+)` – (.+)$", DOCUMENT, flags=re.MULTILINE))
TOLD = {rule.code: rule.sentence for rule in RULES} | {part.code: part.sentence for part in PARTS}
CHANGES = {change for _, _, _, change in NEARLY} | {OTHER_START, COACH_AT, COACH_BETWEEN}
SAID = [
    *TOLD.values(),
    *(rule.broken for rule in RULES),
    *SUPPORT[1:],
    *SENTENCES.values(),
    *sorted(CHANGES),
    PERSON,
    COACH,
]


def test_the_document_tells_every_rule_and_part_in_the_code_s_words() -> None:
    assert {**TOLD, SUPPORT[0]: SUPPORT[1]} == LINES


def test_the_rules_stand_in_the_order_in_which_they_are_asked() -> None:
    codes = [*(rule.code for rule in RULES), SUPPORT[0], *(part.code for part in PARTS)]
    assert list(LINES) == codes


def test_the_worked_example_is_true() -> None:
    dishes = order(at(2, 10), place=2, task=1, demands=(2, 1))
    aino = client(
        trip_limit=30,
        likes_tasks={1: 2},
        knows_tasks=frozenset({1}),
        limits=(3, 3),
        days_since_offer=20,
        gigs_90=1,
        offers_90=3,
    )
    made = problem([dishes], [aino], now=at(1, 8))
    table = re.findall(r"^\| (\w+) \| (\d+) \|$", DOCUMENT, flags=re.MULTILINE)
    points = {part.code: int(part.points(made, pair(made))[0]) for part in PARTS}
    assert {code: int(told) for code, told in table} == {
        code: worth for code, worth in points.items() if worth
    }
    assert f"**{int(score(made, pair(made))[0])}**" in DOCUMENT


def test_a_filled_place_outweighs_everything_about_the_person() -> None:
    """Six demands, three wishes at three points, a strength of three: the most there is."""
    weights = Weights()
    most = (
        weights.nearness
        + weights.wish * 12
        + weights.strength * 3
        + weights.comfort * weights.comfort_cap * 6
        + weights.waiting * weights.waiting_cap
        + weights.few_gigs * weights.few_gigs_cap
        + weights.few_offers * weights.few_offers_cap
        + weights.left_out
        + weights.knows_site
        + weights.knows_task
    )
    assert most < weights.place


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("sentence", SAID)
def test_every_sentence_is_translated_with_its_places(sentence: str, language: str) -> None:
    translated = say(language, sentence)
    assert translated != sentence
    assert _places(translated) == _places(sentence)


@pytest.mark.parametrize("sentence", list(SENTENCES.values()))
def test_reasons_are_told_in_easy_finnish_too(sentence: str) -> None:
    easy = say("fi-easy", sentence)
    assert easy not in (sentence, say("fi", sentence))
    assert _places(easy) == _places(sentence)


def test_every_change_is_tried() -> None:
    assert {"decision", *(code for code, *_ in NEARLY)} == set(SHORTAGES)


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
