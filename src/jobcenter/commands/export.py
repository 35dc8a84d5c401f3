"""Write everything that is kept about a client, and who looked at it, as JSON and as a page."""

import argparse
import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from jobcenter import access
from jobcenter.people import choices
from jobcenter.people.choices import Words
from jobcenter.retention import exporting
from jobcenter.retention.exporting import Part
from jobcenter.start import Ground, ground
from jobcenter.texts import LANGUAGES
from jobcenter.web.pages import ENVIRONMENT
from jobcenter.web.personal import Section, sections

TEMPLATE = "export/person.html"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter export", description=__doc__)
    parser.add_argument("client", type=UUID, help="the client's id")
    parser.add_argument("--language", choices=LANGUAGES, help="else their own")
    parser.add_argument("--out", type=Path, default=Path(), help="the directory to write to")
    chosen = parser.parse_args(arguments)
    now = datetime.now(UTC)
    with ground() as here:
        parts, names, strong, language = asyncio.run(
            _read(here, chosen.client, chosen.language, now)
        )
    read = sections(parts, names, language, strong)
    for path, text in _written(parts, read, language, now).items():
        target = chosen.out / f"{chosen.client}{path}"
        with open(target, "w", encoding="utf-8", opener=_for_us_alone) as file:
            file.write(text)
        print(target)
    return 0


def _for_us_alone(path: str, flags: int) -> int:
    """Open a file that only we may read, also one that was there with other rights."""
    descriptor = os.open(path, flags & ~os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)
    os.ftruncate(descriptor, 0)
    return descriptor


async def _read(
    here: Ground, client_id: UUID, wanted: str | None, now: datetime
) -> tuple[dict[str, Part], dict[UUID, str], Words, str]:
    """Return what is kept, what it points at is called, and the language of the page."""
    async with here.opened() as database:
        await access.look(
            database, here.operator, clients=[client_id], what="everything",
            purpose="export", now=now,
        )  # fmt: skip
        parts = await database.act(here.operator, exporting.person, client_id=client_id)
        language = wanted or str(parts["clients"].rows[0]["language"])
        names = await database.act(here.operator, exporting.names, parts=parts, language=language)
        strong = await database.act(here.operator, choices.strengths, now=now)
    return parts, names, strong, language


def _written(
    parts: dict[str, Part], read: tuple[Section, ...], language: str, now: datetime
) -> dict[str, str]:
    plain = {name: exporting.plain(part) for name, part in parts.items()}
    page = ENVIRONMENT.get_template(TEMPLATE).render(sections=read, language=language, now=now)
    return {".json": json.dumps(plain, ensure_ascii=False, indent=2), ".html": page}
