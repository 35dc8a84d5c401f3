"""The words of every message, built from the state as it is when the message goes out.

Pure: what happened and the reader's language in, a subject and a text out. A text message tells no
place, employer, unit, pay or name, and nothing about support, unless the client asked for more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from jobcenter import showing
from jobcenter.texts import say


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call or write to at Jobcenter."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class News:
    """What a message may tell; each kind uses what it needs."""

    kind: str
    language: str
    link: str
    contact: Contact
    start: datetime | None = None
    end: datetime | None = None
    answer_by: datetime | None = None
    task: str = ""
    district: str = ""
    pay_cents: int = 0
    full: bool = False
    """The client agreed to task, district and pay in a text message."""
    replies: bool = False
    """Whether a text message may be answered with a text message."""
    worker: str = ""
    """A first name, when its owner agreed that the orderer may know it."""
    ahead: datetime | None = None
    """A later start that would work out."""
    number: int = 0
    missing: int = 0
    dates: int = 1
    """For how many dates it was ordered."""
    seal: str = ""
    """A seal of the use log, number and hash."""
    own: Mapping[str, str] = field(default_factory=dict)
    """The organiser's own wording of a sentence, where there is one."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words; a text message has no subject."""

    subject: str
    text: str


def write_sms(news: News) -> Words:
    """Put news for a client into a text message."""
    in_full = news.full and news.kind == "offer"
    sentence = _FULL_SMS if in_full else _SMS.get(news.kind, _ANY_SMS)
    told = [_filled(news, sentence)]
    if news.replies and (in_full or news.kind == "still_fine"):
        told.append(_filled(news, _REPLY))
    return Words("", " ".join(told))


def write_mail(news: News) -> Words:
    """Put news into a mail: what happened, where to look, and whom to ask."""
    subject, lines = _MAIL.get(news.kind, _any_mail)(news)
    help_line = _filled(news, _HELP if news.contact.name else _HELP_BY_PHONE)
    told = "\n\n".join(_filled(news, line) for line in ("Hello!", *lines))
    return Words(_filled(news, subject), f"{told}\n\n{help_line}\n\nJobcenter\n")


# The short form is SETTLED 22's: day and time, and a link to everything else.
_SMS: Mapping[str, str] = {
    "offer": "Jobcenter: a new gig {when}. Look and answer: {link}",
    "reminder": "Jobcenter: the gig {when} is still waiting for your answer. "
    "Look and answer: {link}",
    "confirmed": "Jobcenter: thank you, the gig {when} is yours. All you need to know: {link}",
    "cancelled": "Jobcenter: the gig {when} has been cancelled. This is not because of you. "
    "More: {link}",
    "moved": "Jobcenter: there is a change in the gig {when}. See what is new: {link}",
    "order_changed": "Jobcenter: there is a change in the gig {when}. See what is new: {link}",
    "coach_changed": "Jobcenter: there is a change in the gig {when}. See what is new: {link}",
    "gig_link": "Jobcenter: here is your new link to the gig {when}: {link}",
    "own_link": "Jobcenter: here is the link to your own page. It works for three days: {link}",
    "pin_link": "Jobcenter: choose a PIN for your own page. The link works for one day: {link}",
    "case_closed": "Jobcenter: as agreed, we do not look for gigs for you any more. "
    "Your links have ended. If you have questions, or want to come back, call us: {phone}",
    "case_reopened": "Jobcenter: you are welcome back. "
    "We look for gigs for you as soon as you say so. You can call us: {phone}",
    "still_fine": "Jobcenter: your gig is {when}. Is it still fine? Answer here: {link}",
    "heard_no": "Jobcenter: thank you for telling. It is all right. The gig {when} goes to "
    "somebody else.",
    "heard_fine": "Jobcenter: thank you. See you {when}. All you need to know: {link}",
    "which_gig": "Jobcenter: we are not sure which gig you mean. The gig {when}: answer here: "
    "{link}",
    "too_late": "Jobcenter: this gig has already gone. It does not matter, and you did nothing "
    "wrong. You can call us: {phone}",
    "we_call": "Jobcenter: thank you for your message. A person reads it and calls you. "
    "If it is urgent, call us: {phone}",
    "texts_stopped": "Jobcenter: you get no more text messages from us. We call you instead. "
    "Would you like text messages again? Reply START.",
    "texts_started": "Jobcenter: you get text messages from us again. You can stop them with STOP.",
    "how_was_it": "Jobcenter: thank you for the gig! How was it? One tap is enough: {link}",
    "thanks": "Jobcenter: the workplace has a word for you about the gig. Read it here: {link}",
    "where_are_you": "Jobcenter: are you on your way? Is everything all right? "
    "You can call us: {phone}",
}
_FULL_SMS = "Jobcenter: a new gig {when}. {task}, {district}, pay {pay}. Look and answer: {link}"
_REPLY = "Or reply: 1 = yes, 2 = no."
_ANY_SMS = "Jobcenter: there is news about the gig {when}. Look here: {link}"
_HELP = "Questions? {contact} is happy to help: {phone}, {email}."
_HELP_BY_PHONE = "Questions? We are happy to help: {phone}, {email}."

Mail = tuple[str, list[str]]


def _received(news: News) -> Mail:
    lines = ["Thank you! We have received your order {number}: {task}, {when}."]
    if news.dates > 1:
        lines.append("You ordered it for {dates} dates, each with its own number.")
    if news.answer_by:
        lines.append("We will tell you how it stands by {answer_by} at the latest.")
    return "Your order {number} has arrived", [*lines, "See your order here: {link}"]


def _changed(_news: News) -> Mail:
    return "Your order {number} has changed", [
        "Your order {number} is now: {task}, {when}.",
        "See your order here: {link}",
    ]


def _cancelled(_news: News) -> Mail:
    return "Your order {number} has been cancelled", [
        "Your order {number} has been cancelled: {task}, {when}.",
        "See what it means for you here: {link}",
    ]


def _found(news: News) -> Mail:
    known = "Good news: {worker} will come to you {when}. The work: {task}."
    unnamed = "Good news: a worker will come to you {when}. The work: {task}."
    return "A worker has been found for your order {number}", [
        known if news.worker else unnamed,
        "More about it here: {link}",
    ]


def _unfilled(news: News) -> Mail:
    ahead = (
        "As things stand now, {ahead} would work out. "
        "You can move your order there with one tap: {link}"
    )
    onward = "We go on looking until the last moment. You can follow your order here: {link}"
    return "We have not found everybody for your order {number}", [
        (
            "We have tried, but so far we have not found everybody for your order {number}: "
            "{task}, {when}. Places still open: {missing}."
        ),
        ahead if news.ahead else onward,
    ]


def _refused(_news: News) -> Mail:
    return "About your order {number}", [
        "We looked at your order {number}, {task}, {when}, and cannot pass it on as it is.",
        "This is not the end of it: please call or write to us, and we will put it right together.",
        "Your order is here: {link}",
    ]


def _hours(_news: News) -> Mail:
    return "Please check the hours of your order {number}", [
        "The work is done: {task}, {when}.",
        "Please check the hours and approve them here: {link}",
        "There you can also tell how it went: one tap is enough.",
    ]


def _finding_out(_news: News) -> Mail:
    return "About your order {number}: we are finding out", [
        "The worker has not arrived yet: {task}, {when}. We are finding out, and call you.",
        "See how it stands here: {link}",
    ]


def _unit_cannot(_news: News) -> Mail:
    return "Your order {number}: the coach is prevented", [
        "We are sorry: the coach who was to come along is prevented, and we found nobody else.",
        "So your worker cannot come: {task}, {when}. You pay nothing for it.",
        "We look for somebody else if there is still time. See how it stands here: {link}",
    ]


def _signin(_news: News) -> Mail:
    return "Sign in to Jobcenter", [
        "Here is your link to sign in: {link}",
        "It works once, for half an hour. If you did not ask for it, you need not do anything.",
    ]


def _account(_news: News) -> Mail:
    return "You have an account at Jobcenter", [
        "You have an account at Jobcenter, by this e-mail address. Sign in here: {link}",
        "The link works once, for half an hour. Later the page for signing in sends you a new one.",
        "If you do not know what this is about, you need not do anything.",
    ]


def _invited(_news: News) -> Mail:
    return "You are asked to order work together at Jobcenter", [
        "A colleague asks you to order work at Jobcenter together: you see the same orders.",
        "See who asks, and say yes or no: {link}",
        "The link holds for a week. Later you come in by the page for signing in.",
        "If you do not know what this is about, you need not do anything.",
    ]


def _seal(_news: News) -> Mail:
    return "Jobcenter: a seal of the use log", [
        "Please keep this message. It is the newest seal of the use log:",
        "Seal {seal}",
        "It can be held against the log later: jobcenter verify-audit --kept {seal}",
    ]


def _many_looks(_news: News) -> Mail:
    return "Jobcenter: somebody has looked at many records", [
        "Within an hour somebody has opened, or tried to open, more records than your limit says.",
        "See who and which here: {link}",
    ]


def _guesses(_news: News) -> Mail:
    return "Jobcenter: somebody is guessing at links", [
        "Somebody tried more than thirty wrong links or tokens within a minute from one address.",
        "The address has to wait, and nothing was opened by guessing. See when here: {link}",
    ]


def _emergency(_news: News) -> Mail:
    return "Jobcenter: a record was opened in an emergency", [
        "Somebody outside the client's unit has opened a client's record and given a reason.",
        "See who, why and until when here: {link}",
    ]


def _incident(_news: News) -> Mail:
    return "Jobcenter: something serious was reported from a gig", [
        "Somebody was badly hurt at a gig of your unit, or somebody says so.",
        "Please see to it now: {link}",
    ]


def _list_waits(_news: News) -> Mail:
    return "Jobcenter: a planned change could not take effect", [
        "Its day has come, but something stands in its way. It waits and is tried again.",
        "See what waits here: {link}",
    ]


def _any_mail(_news: News) -> Mail:
    return "News about your order {number}", [
        "There is news about your order {number}: {task}, {when}.",
        "See how it stands here: {link}",
    ]


_MAIL: Mapping[str, Callable[[News], Mail]] = {
    "order_received": _received,
    "order_changed": _changed,
    "order_cancelled": _cancelled,
    "order_refused": _refused,
    "hours_to_approve": _hours,
    "found": _found,
    "finding_out": _finding_out,
    "unit_cannot": _unit_cannot,
    "unfilled": _unfilled,
    "signin": _signin,
    "account": _account,
    "invited": _invited,
    "seal": _seal,
    "many_looks": _many_looks,
    "guesses": _guesses,
    "emergency": _emergency,
    "incident": _incident,
    "list_waits": _list_waits,
}


def sentences() -> dict[str, bool]:
    """Return every sentence of our messages, and whether it is a text message's."""
    mails = [write(news) for write in (*_MAIL.values(), _any_mail) for news in _ALL_SAID]
    texts = (*_SMS.values(), _FULL_SMS, _ANY_SMS, _REPLY)
    lines = [line for subject, told in mails for line in (subject, *told)]
    return dict.fromkeys((*lines, _HELP, _HELP_BY_PHONE), False) | dict.fromkeys(texts, True)


def example(language: str, text: str) -> str:
    """Return what a reader would see of a wording, with made-up values."""
    return text.format(**_values(replace(_EXAMPLE, language=language)))


def _filled(news: News, sentence: str) -> str:
    own = news.own.get(sentence)
    if own is not None:
        return own.format(**_values(news))
    return say(news.language, sentence, **_values(news))


def _values(news: News) -> dict[str, object]:
    language = news.language
    when = showing.span(language, news.start, news.end) if news.start and news.end else ""
    answer_by = showing.moment(language, news.answer_by) if news.answer_by else ""
    return {
        "when": when,
        "link": news.link,
        "task": news.task,
        "district": news.district,
        "pay": showing.money(language, news.pay_cents),
        "answer_by": answer_by,
        "ahead": showing.moment(language, news.ahead) if news.ahead else "",
        "worker": news.worker,
        "number": news.number,
        "missing": news.missing,
        "dates": news.dates,
        "seal": news.seal,
        "contact": news.contact.name,
        "phone": news.contact.phone,
        "email": news.contact.email,
    }


_EXAMPLE = News(
    kind="",
    language="fi",
    link="https://jobcenter.example/o/Ab3xY",
    contact=Contact("Jaana Rinne", "09 310 00000", "jobcenter@example.org"),
    start=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    end=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    answer_by=datetime(2026, 11, 23, 14, 0, tzinfo=UTC),
    task="Tiskaus",
    district="Kallio",
    pay_cents=3450,
    worker="Aino",
    number=1042,
    missing=1,
    dates=4,
    seal="7:3f9a",
    ahead=datetime(2026, 11, 26, 7, 0, tzinfo=UTC),
)
# With and without what some mails say only sometimes.
_ALL_SAID = (_EXAMPLE, replace(_EXAMPLE, worker="", answer_by=None, ahead=None))
