"""Pages: one Jinja environment, texts in the reader's language, our way of showing things.

`page` renders a template for whoever is asking; in templates `_()` translates, `| money`, `| day`,
`| moment`, `| span`, `| human` and `| length_words` show, and `asking` is there.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import MediaType, Response
from markupsafe import Markup, escape

from jobcenter import showing
from jobcenter.texts import DEFAULT, catalogue, known, say
from jobcenter.web.asking import Asking

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

# How long a browser remembers where somebody was going who had to sign in first.
BACK_SECONDS = 30 * 60
# What a switcher calls each language, in that language, and what browsers are told it is.
LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English", "fi-easy": "Selkosuomi"}
LANGUAGE_TAGS = {"fi": "fi", "sv": "sv", "en": "en", "fi-easy": "fi"}


def _language(context: Context) -> str:
    return str(context.get("language", DEFAULT))


@pass_context
def _say(context: Context, sentence: str, /, **values: object) -> Markup:
    """Translate; values are escaped, unless they are markup already."""
    text = catalogue(known(_language(context))).gettext(sentence) if sentence else ""
    return escape(text).format(**values) if values else escape(text)


@pass_context
def _say_many(context: Context, one: str, many: str, count: int, /, **values: object) -> Markup:
    text = catalogue(known(_language(context))).ngettext(one, many, count)
    return escape(text).format(count=count, **values)


@pass_context
def _money(context: Context, cents: int) -> str:
    return showing.money(_language(context), cents)


@pass_context
def _day(context: Context, value: date | datetime) -> str:
    return showing.day(_language(context), value)


@pass_context
def _long_day(context: Context, value: date | datetime) -> str:
    return showing.long_day(_language(context), value)


@pass_context
def _clock(context: Context, value: datetime) -> str:
    return showing.clock(_language(context), value)


@pass_context
def _minute(context: Context, value: int) -> str:
    return showing.minute(_language(context), value)


@pass_context
def _moment(context: Context, value: datetime) -> str:
    return showing.moment(_language(context), value)


@pass_context
def _span(context: Context, start: datetime, end: datetime) -> str:
    return showing.span(_language(context), start, end)


@pass_context
def _clocks(context: Context, start: datetime, end: datetime) -> str:
    return showing.clocks(_language(context), start, end)


@pass_context
def _human(context: Context, value: datetime, now: datetime) -> str:
    return showing.human(_language(context), value, now=now)


@pass_context
def _length(context: Context, minutes: int) -> str:
    return showing.length(_language(context), minutes)


def _later(value: datetime, minutes: int) -> datetime:
    """Return the moment so many minutes later."""
    return value + timedelta(minutes=minutes)


def _phone_link(number: str) -> str:
    """Return what a telephone can dial; Finnish numbers get their country code."""
    digits = "".join(letter for letter in number if letter.isdigit() or letter == "+")
    return f"tel:+358{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


FILTERS = {
    "money": _money,
    "day": _day,
    "long_day": _long_day,
    "clock": _clock,
    "minute": _minute,
    "moment": _moment,
    "span": _span,
    "clocks": _clocks,
    "human": _human,
    "length_words": _length,
    "later": _later,
    "phone_link": _phone_link,
}


def _build() -> str:
    """Return a mark of all static files: with a new one, browsers fetch styles anew."""
    files = sorted(path for path in STATIC.rglob("*.*") if path.is_file())
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def environment() -> Environment:
    """Make the environment that every page is rendered in."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.globals.update(
        {
            "_": _say,
            "build": _build(),
            "ngettext": _say_many,
            "language_names": LANGUAGE_NAMES,
            "language_tags": LANGUAGE_TAGS,
            "translated": say,
        }
    )
    made.filters.update(FILTERS)
    return made


ENVIRONMENT = environment()


def render(asking: Asking, name: str, /, **values: object) -> str:
    """Return a template's text for whoever is asking."""
    return ENVIRONMENT.get_template(name).render(
        asking=asking,
        language=asking.language,
        config=asking.config,
        desk=asking.desk,
        now=asking.now,
        **values,
    )


def page(asking: Asking, name: str, /, *, status: int = 200, **values: object) -> Response[str]:
    """Answer with a template."""
    return Response(render(asking, name, **values), media_type=MediaType.HTML, status_code=status)


def see(path: str, *, note: str = "", headers: Mapping[str, str] | None = None) -> Response[str]:
    """Send the browser on after a write (303); `note` is a word that the next page explains."""
    where = f"{path}{'&' if '?' in path else '?'}note={quote(note)}" if note else path
    return Response(
        "",
        media_type=MediaType.TEXT,
        status_code=303,
        headers={"location": where, **(headers or {})},
    )


def own_path(path: str, *, otherwise: str = "/") -> str:
    """Return a path of ours to go back to; anything that leads elsewhere becomes `otherwise`."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and "\\" not in path else otherwise
