"""What people type into one field, cleaned: texts, phone numbers, e-mail, business ids, money.

Each function returns the cleaned value and puts what is wrong into `faults`, so that a form can
tell everything at once.
"""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
)
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

from jobcenter.errors import Fault

BYTES_EACH = 4
# Longer runs of marks on one letter are an attack, not a language.
MOST_MARKS = 30
FINLAND = 358
# Letters that draw nothing, though Unicode does not call them spaces.
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# These turn the direction of all text after them.
_OVERRIDES = dict.fromkeys(range(0x202A, 0x202F))
# Controls but tab and line ends, halves of pairs, and what is no character: a stretch of its own,
# and the last two code points of each plane. One search, as a register's file may come as a field.
_NO_LETTER = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17))
    + "]"
)
_MONEY = re.compile(r"(\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,9})(?:[.,](\d+))?\s*€?", re.ASCII)
_CALLABLE = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.UAN,
    }
)


def text_of(
    raw: str,
    field: str,
    faults: list[Fault],
    *,
    most: int = 200,
    required: bool = False,
    lines: bool = False,
) -> str:
    """Return the text in NFC without outer space; one line unless `lines`."""
    if len(raw) > most * BYTES_EACH:
        faults.append(_too_long(field, most))
        return ""
    if not is_text(raw):
        faults.append(unreadable(field))
        return ""
    text = unicodedata.normalize("NFC", raw).translate(_OVERRIDES)
    text = re.sub(r"\r\n?", "\n", text).strip() if lines else " ".join(text.split())
    if not any(_visible(letter) for letter in text):
        text = ""
    if required and not text:
        faults.append(Fault(field, "blank", "Please fill this in."))
    if len(text) > most or len(text.encode()) > most * BYTES_EACH or _longest_run(text):
        faults.append(_too_long(field, most))
    return text


def unreadable(field: str) -> Fault:
    """Return what is said of a field with letters that are none."""
    return Fault(field, "control_characters", "There are characters here that we cannot store.")


def _too_long(field: str, most: int) -> Fault:
    return Fault(field, "too_long", "This is too long: at most {most} characters.", {"most": most})


def is_text(raw: str) -> bool:
    """Whether every letter is one; NUL, escapes and their like can be neither kept nor shown."""
    return _NO_LETTER.search(raw) is None


def _visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "ZC" and letter not in _INVISIBLE


def _longest_run(text: str) -> bool:
    """Return whether more marks than any language has stand on one letter."""
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 0
        if run > MOST_MARKS:
            return True
    return False


def phone_of(raw: str, field: str, faults: list[Fault], *, required: bool = False) -> str:
    """Return a Finnish number in the form +358401234567, or nothing."""
    text = text_of(raw, field, faults, most=40)
    if not text:
        if required:
            faults.append(Fault(field, "contact_missing", "We need a phone number to call."))
        return ""
    number = _parsed(text)
    if number is None:
        faults.append(Fault(field, "phone_wrong", "This does not look like a phone number."))
        return ""
    if number.country_code != FINLAND:
        faults.append(Fault(field, "phone_country", "Please give a Finnish number (+358)."))
        return ""
    if not is_valid_number(number) or number_type(number) not in _CALLABLE:
        faults.append(Fault(field, "phone_wrong", "This number cannot be called or is a paid one."))
        return ""
    return format_number(number, PhoneNumberFormat.E164)


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return parse(text, "FI")
    except NumberParseException:
        return None


def email_of(raw: str, field: str, faults: list[Fault], *, required: bool = False) -> str:
    """Return the address with its domain in small letters, or nothing."""
    text = text_of(raw, field, faults, most=320)
    if not text:
        if required:
            faults.append(Fault(field, "contact_missing", "We need an e-mail address."))
        return ""
    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        faults.append(Fault(field, "email_wrong", "This does not look like an e-mail address."))
        return ""


def business_id_of(raw: str, field: str, faults: list[Fault], *, required: bool = False) -> str:
    """Return a Finnish business id such as 2077474-0 whose check digit is right, or nothing."""
    text = text_of(raw, field, faults, most=40)
    if not text:
        if required:
            faults.append(Fault(field, "business_id_missing", "We need the business ID."))
        return ""
    try:
        digits = str(ytunnus.validate(text))
    except ValidationError:
        faults.append(
            Fault(field, "business_id_wrong", "Please check the business ID: a digit is wrong.")
        )
        return ""
    return f"{digits[:7]}-{digits[7:]}"


def cents_of(raw: str, field: str, faults: list[Fault]) -> int:
    """Return the cents of an amount typed as 12, 12,50 or 12.50; nothing counts as zero cents."""
    found = _MONEY.fullmatch(raw.strip())
    if not found:
        faults.append(Fault(field, "not_money", "Please write an amount such as 12,50."))
        return 0
    euros, fraction = re.sub(r"\D", "", found[1]), found[2] or ""
    if len(fraction) > len("00"):
        faults.append(Fault(field, "cents", "At most two digits after the comma, please."))
        return 0
    return int(euros) * 100 + int(fraction.ljust(2, "0"))
