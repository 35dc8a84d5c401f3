"""Reads a calendar's text in a process of its own, which may take so much time and memory, no more.

`python -m jobcenter.calendars.apart` is that process: text in, times or a word of trouble out. It
is given nothing else, least of all our secrets.
"""

import asyncio
import json
import os
import resource
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime

from jobcenter.calendars.expanding import Span, Unread, busy

MOST_SECONDS = 10
MOST_MEMORY = 512 * 1024 * 1024
# A busy machine gives a process less time than passes.
PATIENCE = 30.0


async def read_apart(
    text: str,
    begin: datetime,
    end: datetime,
    *,
    ours: Collection[Span] = (),
    patience: float = PATIENCE,
) -> list[Span]:
    """Return when somebody is busy between two moments, but for visits of ours.

    :raises Unread: when the text is no calendar, or too much
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    asked = json.dumps([text, begin.isoformat(), end.isoformat(), _written(ours)]).encode()
    try:
        async with asyncio.timeout(patience):
            said, _ = await process.communicate(asked)
    except TimeoutError:
        raise Unread("too_much") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return _spans(said)


def _spans(said: bytes) -> list[Span]:
    # Whoever was stopped by its bounds said nothing.
    found = json.loads(said or b'"too_much"')
    if isinstance(found, str):
        raise Unread(found)
    return _read(found)


def _read(spans: Iterable[tuple[str, str]]) -> list[Span]:
    return [(datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in spans]


def _written(spans: Iterable[Span]) -> list[tuple[str, str]]:
    return [(begin.isoformat(), end.isoformat()) for begin, end in spans]


def main() -> None:
    """Answer one question that comes in."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    text, begin, end, ours = json.load(sys.stdin)
    sys.stdout.write(json.dumps(_answer(text, begin, end, ours)))


def _answer(
    text: str, begin: str, end: str, ours: list[tuple[str, str]]
) -> str | list[tuple[str, str]]:
    try:
        [window] = _read([(begin, end)])
        spans = busy(text, *window, _read(ours))
    except Unread as trouble:
        return trouble.code
    except (MemoryError, RecursionError):
        return "too_much"
    return _written(spans)


if __name__ == "__main__":
    main()
