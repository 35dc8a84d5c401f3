"""Asks the public register of companies what a business id stands for (PRH and YTJ, version 3).

Only the id goes out. What cannot be read counts as no answer: nobody is judged by a broken page.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import httpx

from jobcenter.errors import Unreachable

MOST_BYTES = 512 * 1024
# The kind of a name that is the company's own rather than a second or auxiliary one.
OWN_NAME = "1"


@dataclass(frozen=True, slots=True)
class CompanyRegister:
    """Where the register answers, and how many seconds it has; without an address it is off."""

    url: str = ""
    patience: float = 4.0


@dataclass(frozen=True, slots=True)
class Company:
    """What the register says: the name, whether it has ended, and what has befallen it."""

    name: str
    ended_on: date | None
    situations: tuple[str, ...]


async def look_up(register: CompanyRegister, business_id: str) -> Company | None:
    """Return the company of an id, or None where the register knows none.

    :raises Unreachable: when it does not answer in time, or not in its own words
    """
    try:
        async with asyncio.timeout(register.patience):
            body = await _asked(register, business_id)
        return _read(body, business_id)
    except (httpx.HTTPError, TimeoutError, ValueError) as error:
        raise Unreachable from error


async def _asked(register: CompanyRegister, business_id: str) -> bytes:
    checked = register.url.startswith("https:")
    async with (
        httpx.AsyncClient(timeout=register.patience, verify=checked) as client,
        client.stream("GET", register.url, params={"businessId": business_id}) as answer,
    ):
        answer.raise_for_status()
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError("too long an answer")
        return body


def _read(body: bytes, business_id: str) -> Company | None:
    found = json.loads(body)
    if not isinstance(found, dict) or not isinstance(found.get("companies"), list):
        raise Unreachable
    for one in _rows(found, "companies"):
        if _text(one.get("businessId"), "value") == business_id:
            return Company(_name(one), _day(one.get("endDate")), _situations(one))
    return None


def _name(company: Mapping[str, object]) -> str:
    """Return the name that holds; one that has ended only where there is no other."""
    own = [one for one in _rows(company, "names") if str(one.get("type")) == OWN_NAME]
    named = sorted(own, key=lambda one: (bool(one.get("endDate")), _version(one)))
    return _text(named[0], "name") if named else ""


def _version(row: Mapping[str, object]) -> int:
    version = row.get("version")
    return version if isinstance(version, int) else 0


def _situations(company: Mapping[str, object]) -> tuple[str, ...]:
    rows = _rows(company, "companySituations")
    return tuple(sorted({_text(row, "type") for row in rows if not row.get("endDate")} - {""}))


def _rows(company: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = company.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _text(row: object, name: str) -> str:
    value = row.get(name) if isinstance(row, dict) else None
    return value.strip()[:200] if isinstance(value, str) else ""


def _day(value: object) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else None
