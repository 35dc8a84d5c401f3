"""The list of messages: a city's own words, with the blanks that each sentence may have."""

from collections.abc import Mapping
from string import Formatter

from jobcenter.errors import Fault
from jobcenter.lists.fields import Field, Sources
from jobcenter.lists.listing import Listing, Values
from jobcenter.orders import news
from jobcenter.people.wordings import OwnWording
from jobcenter.texts import say

LANGUAGES: Mapping[str, str] = {
    "fi": "Suomi", "sv": "Svenska", "en": "English", "fi-easy": "Selkosuomi",
}  # fmt: skip
# Without these a message leads nowhere.
NEVER_LEFT_OUT = ("link", "phone")

BRACES = "A blank is a known word in braces, such as {example}."
UNKNOWN = "This message has no blank {name}."
MISSING = "This blank is needed here: {name}."


def _sentences(language: str, _sources: Sources) -> Mapping[str, str]:
    """Return what messages say now, in the reader's language; text messages come first."""
    found = sorted(news.sentences().items(), key=lambda one: not one[1])
    return {line: f"{_kind(language, sms=sms)}: {say(language, line)}" for line, sms in found}


def _kind(language: str, *, sms: bool) -> str:
    return say(language, "Text message") if sms else say(language, "E-mail")


def _languages(_language: str, _sources: Sources) -> Mapping[str, str]:
    return LANGUAGES


def blanks(text: str) -> list[str] | None:
    """Return the names of the blanks in a text; None where a brace stands alone or says more."""
    try:
        parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    names = [name or "" for name, *_ in parts]
    plain = all(name.isidentifier() and not spec and not how for name, spec, how in parts if name)
    return names if plain and all(names) else None


def _blanks_are_known(values: Values, faults: list[Fault]) -> None:
    known = blanks(str(values["sentence"])) or []
    used = blanks(str(values["text"]))
    if used is None:
        faults.append(Fault("text", "braces", BRACES, {"example": "{link}"}))
        return
    unknown = [name for name in used if name not in known]
    missing = [name for name in NEVER_LEFT_OUT if name in known and name not in used]
    if unknown:
        faults.append(Fault("text", "blank_unknown", UNKNOWN, {"name": f"{{{unknown[0]}}}"}))
    elif missing:
        faults.append(Fault("text", "blank_missing", MISSING, {"name": f"{{{missing[0]}}}"}))


def _sample(values: Values, _language: str) -> str:
    return news.example(str(values["language"]), str(values["text"]))


MESSAGES = Listing(
    "messages", "Words of messages",
    "What text messages and e-mails say in place of the service's own words, in each language.",
    "Messages", OwnWording,
    (
        Field("sentence", "In place of", "choice", options=_sentences),
        Field("language", "Language", "choice", options=_languages),
    ),
    (
        Field("text", "What it says", "area", most=600,
              hint="Keep the words in braces, such as {link}: they are filled in when it is sent."),
    ),
    may_end=True, check=_blanks_are_known, sample=_sample,
)  # fmt: skip
