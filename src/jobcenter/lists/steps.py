"""How a kind of work goes: up to seven steps, each a picture and a sentence in every language."""

from collections.abc import Mapping

from jobcenter.errors import Fault
from jobcenter.fields import text_of
from jobcenter.intake.told import Told
from jobcenter.reference.steps import MOST_STEPS, PICTURES, in_words

WORDS = ("fi", "sv", "en", "easy")
LONGEST = 120


def read(name: str, told: Told, faults: list[Fault]) -> list[Mapping[str, object]]:
    """Return the steps that were typed, in their order; an empty one is left out."""
    found = [_step(f"{name}-{number}", told, faults) for number in range(1, MOST_STEPS + 1)]
    return [step for step in found if step]


def _step(name: str, told: Told, faults: list[Fault]) -> Mapping[str, object]:
    if not any(told.text(f"{name}-{word}").strip() for word in WORDS):
        return {}
    picture = told.text(f"{name}-picture")
    if picture not in PICTURES:
        faults.append(Fault(f"{name}-picture", "unknown", "Please choose one."))
    words = {
        word: text_of(
            told.text(f"{name}-{word}"), f"{name}-{word}", faults, most=LONGEST,
            required=word != "easy",
        )
        for word in WORDS
    }  # fmt: skip
    return {"picture": picture, **words}


def typed(name: str, steps: object) -> dict[str, tuple[str, ...]]:
    """Return what a form shows of the steps that are kept."""
    kept = steps if isinstance(steps, list) else []
    return {
        f"{name}-{number}-{word}": (str(step.get(word, "")),)
        for number, step in enumerate(kept, start=1)
        for word in ("picture", *WORDS)
    }


def shown(steps: object, language: str) -> str:
    """Return the steps as one line."""
    kept = steps if isinstance(steps, list) else []
    return " ".join(f"{at}. {in_words(step, language)}" for at, step in enumerate(kept, 1)) or "–"
