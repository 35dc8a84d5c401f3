"""Steps of a kind of work: a picture and a sentence in each language, which the worker sees."""

from dataclasses import replace

import pytest

from jobcenter.errors import Fault
from jobcenter.intake.told import Told
from jobcenter.lists import drafting, steps
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.listing import slug_of
from jobcenter.orders.queries import client
from jobcenter.reference.steps import PICTURES, STEPS, in_words, steps_of
from jobcenter.reference.tasks import BY_NUMBER
from tests.cast import MONDAY, Cast
from tests.lists.test_changing import TODAY, change, sheet
from tests.orders.steps import agreed

SORT = {"picture": "layers", "fi": "Lajittele.", "sv": "Sortera.", "en": "Sort.", "easy": ""}
READY = {
    "picture": "check",
    "fi": "Valmis!",
    "sv": "Klart!",
    "en": "Ready!",
    "easy": "Olet valmis.",
}


def test_steps_are_read_in_their_order_and_typed_again() -> None:
    form = steps.typed("steps", [SORT, READY])
    assert form["steps-2-sv"] == ("Klart!",)
    faults: list[Fault] = []
    assert steps.read("steps", Told(form), faults) == [SORT, READY]
    # One that is emptied is left out, and the next takes its place.
    emptied = {**form, **{f"steps-1-{word}": ("",) for word in steps.WORDS}}
    assert steps.read("steps", Told(emptied), faults) == [READY]
    assert faults == []
    assert steps.read("steps", Told(), faults) == []
    assert steps.shown([SORT, READY], "en") == "1. Sort. 2. Ready!"
    assert steps.shown([], "en") == "–"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"steps-1-picture": "dragon"}, "steps-1-picture", "unknown"),
        ({"steps-1-sv": " "}, "steps-1-sv", "blank"),
        ({"steps-1-en": "word " * 40}, "steps-1-en", "too_long"),
    ],
)
def test_a_step_is_whole_or_not_there(change: dict[str, str], field: str, code: str) -> None:
    form = {**steps.typed("steps", [SORT]), **{name: (text,) for name, text in change.items()}}
    faults: list[Fault] = []
    steps.read("steps", Told(form), faults)
    assert [(fault.field, fault.code) for fault in faults] == [(field, code)]


def test_the_steps_that_the_service_comes_with_are_whole() -> None:
    assert set(STEPS) <= set(BY_NUMBER)
    for number in STEPS:
        for step in steps_of(number):
            assert step["picture"] in PICTURES
            assert len({in_words(step, one) for one in ("fi", "sv", "en")}) == 3
    assert in_words(SORT, "fi-easy") == "Lajittele."
    assert in_words(READY, "fi-easy") == "Olet valmis."


async def test_the_worker_sees_the_steps_in_their_own_language(cast: Cast) -> None:
    gig = await agreed(cast, cast.aino)
    slug = slug_of({"number": 2})
    page = await sheet(cast, "tasks", slug)
    form = drafting.form_of(LISTS["tasks"], page.entry.now, page.sources, TODAY)
    told = Told({**form.fields, **steps.typed("steps", [SORT, READY])})
    await change(cast, "tasks", slug, told)
    for language, words in (
        ("sv", ["Sortera.", "Klart!"]),
        ("fi-easy", ["Lajittele.", "Olet valmis."]),
    ):
        aino = replace(cast.client(cast.aino), language=language)
        shown = await cast.database.read(aino, client.gig_page, gig_id=gig.gig_id, now=MONDAY)
        assert [step.words for step in shown.steps] == words
        assert [step.picture for step in shown.steps] == ["layers", "check"]
