"""How days, times and money look to people: the one place that writes them, for pages and messages.

Times are shown as Helsinki's walls show them, on a 24-hour clock, weekday first.
"""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_currency

from jobcenter.texts import LOCALES, known, say
from jobcenter.times import local, when

HOUR_MINUTES = 60

# Weekday and day in each language: short for lists, long for a page that speaks to one person.
_SHORT: Mapping[str, str] = {
    "fi": "ccc d.M.",
    "sv": "ccc d.M",
    "en": "EEE d MMM",
    "fi-easy": "EEEE d.M.",
}
_LONG: Mapping[str, str] = {
    "fi": "cccc d. MMMM y",
    "sv": "cccc 'den' d MMMM y",
    "en": "EEEE d MMMM y",
    "fi-easy": "cccc d.M.y",
}
_AT: Mapping[str, str] = {"fi": "klo", "sv": "kl.", "en": "at", "fi-easy": "kello"}


def day(language: str, value: date | datetime) -> str:
    """Return "ti 24.11." or "Tue 24 Nov"."""
    return format_date(_day_of(value), _SHORT[known(language)], LOCALES[known(language)])


def long_day(language: str, value: date | datetime) -> str:
    """Return "tiistai 24. marraskuuta 2026" or "Tuesday 24 November 2026"."""
    return format_date(_day_of(value), _LONG[known(language)], LOCALES[known(language)])


def _day_of(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def clock(language: str, moment: datetime) -> str:
    """Return "9" or "9.30" in Finnish and Swedish, "9:00" or "9:30" in English."""
    wall = local(moment)
    return minute(language, wall.hour * HOUR_MINUTES + wall.minute)


def minute(language: str, of_day: int) -> str:
    """Return a minute of the day as a clock shows it."""
    hour, rest = divmod(of_day, HOUR_MINUTES)
    if known(language) == "en":
        return f"{hour}:{rest:02}"
    return f"{hour}.{rest:02}" if rest else f"{hour}"


def at_clock(language: str, moment: datetime) -> str:
    """Return "klo 9.30" within a sentence; English has its "at" in the sentence."""
    shown = clock(language, moment)
    return shown if known(language) == "en" else f"{_AT[known(language)]} {shown}"


def moment(language: str, value: datetime) -> str:
    """Return "ti 24.11. klo 9.30" or "Tue 24 Nov at 9:30"."""
    return f"{day(language, value)} {_AT[known(language)]} {clock(language, value)}"


def span(language: str, start: datetime, end: datetime) -> str:
    """Return "ti 24.11. klo 9–11"; the end names its day when that is another one."""
    return f"{day(language, start)} {clocks(language, start, end)}"


def clocks(language: str, start: datetime, end: datetime) -> str:
    """Return "klo 9–11" or "at 9:00–11:00"; the end names its day when that is another one."""
    begins = f"{_AT[known(language)]} {clock(language, start)}"
    if local(start).date() == local(end).date():
        return f"{begins}–{clock(language, end)}"
    return f"{begins} – {moment(language, end)}"


# How a person says a day that is near.
_NEAR: Mapping[str, str] = {
    "today": "today, {weekday}",
    "tomorrow": "tomorrow, {weekday}",
    "day_after_tomorrow": "the day after tomorrow, {weekday}",
}


def human(language: str, value: datetime, *, now: datetime) -> str:
    """Return "tomorrow, Tuesday, at 9:00", or weekday and date when it is further off."""
    parts = when(value, now=now)
    at = f"{_AT[known(language)]} {clock(language, value)}"
    weekday = format_date(parts.day, "EEEE", LOCALES[known(language)])
    if parts.relative in _NEAR:
        return f"{say(language, _NEAR[parts.relative], weekday=weekday)}, {at}"
    form = "d MMMM" if known(language) == "en" else "d.M."
    return f"{weekday} {format_date(parts.day, form, LOCALES[known(language)])} {at}"


def money(language: str, cents: int) -> str:
    """Return "34,50 €" or "€34.50"."""
    return format_currency(cents / 100, "EUR", locale=LOCALES[known(language)])


def length(language: str, minutes: int) -> str:
    """Return "3 h", "4 h 30 min" or "45 min"."""
    hours, rest = divmod(minutes, HOUR_MINUTES)
    minute_word = say(language, "min")
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} {minute_word}")
    return " ".join(parts)
