"""Forms as they were sent, and codes in the reader's language."""

from collections.abc import Mapping

from jobcenter.intake.told import Told, received
from jobcenter.web.asking import WebRequest


def choices(names: Mapping[str, tuple[str, str, str]], language: str) -> dict[str, str]:
    """Return codes with their names in the reader's language: Finnish, Swedish or English."""
    column = {"sv": 1, "en": 2}.get(language, 0)
    return {code: words[column] for code, words in names.items()}


async def sent(request: WebRequest) -> Told:
    """Return a form with every value of every field; a file is no answer to a question."""
    given: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        given.setdefault(name, []).append(value if isinstance(value, str) else "")
    return received(given)
