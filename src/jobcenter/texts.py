"""The words people read, in their language: gettext catalogues, read from .po once per process.

The English sentence is the key. `fi-easy` (easy Finnish) falls back to Finnish, everything else
to English. Templates, notices and errors all translate through here.
"""

from collections.abc import Callable
from functools import cache
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("fi", "sv", "en", "fi-easy")
DEFAULT = "fi"
# What Babel formats numbers and dates by.
LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB", "fi-easy": "fi_FI"}

Translator = Callable[[str], str]


@cache
def catalogue(language: str) -> NullTranslations:
    """Return one language's sentences, all faces merged."""
    merged = Translations()
    folder = resources.files("jobcenter") / "locale" / language
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".po"):
                merged.merge(_compiled(file.read_bytes()))
    if language == "fi-easy":
        merged.add_fallback(catalogue("fi"))
    return merged


def _compiled(po: bytes) -> Translations:
    binary = BytesIO()
    write_mo(binary, read_po(BytesIO(po)))
    binary.seek(0)
    return Translations(binary)


def known(language: str | None) -> str:
    """Return the language if we speak it, else Finnish."""
    return language if language in LANGUAGES else DEFAULT


def say(language: str, sentence: str, /, **values: object) -> str:
    """Translate an English sentence and fill its {named} places."""
    translated = catalogue(known(language)).gettext(sentence)
    return translated.format(**values) if values else translated


def say_many(language: str, one: str, many: str, count: int, /, **values: object) -> str:
    """Translate a sentence that depends on a count; {count} is filled in."""
    translated = catalogue(known(language)).ngettext(one, many, count)
    return translated.format(count=count, **values)
