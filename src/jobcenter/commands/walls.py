"""Print who may read which rows of which table: the matrix from which the walls are raised.

With it which role reads which kind of data, worked out from the rights of roles.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from jobcenter.walls import reaching, telling

PAGES: Mapping[str, Callable[[], str]] = {"walls": telling.page, "roles": reaching.page}


def put_into(text: str, name: str) -> str | None:
    """Return a text with this page between its marks; nothing where it has no place for it."""
    starts, stops = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    head, begins, rest = text.partition(starts)
    _, ends, tail = rest.partition(stops)
    if not begins or not ends:
        return None
    return head + begins + PAGES[name]() + ends + tail


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter walls", description=__doc__)
    parser.add_argument("--into", type=Path, help="write it between its marks in this file instead")
    chosen = parser.parse_args(arguments)
    if chosen.into is None:
        print("\n".join(made() for made in PAGES.values()), end="")
        return 0
    text = chosen.into.read_text(encoding="utf-8")
    for name in PAGES:
        told = put_into(text, name)
        if told is None:
            print(f"{chosen.into} has no place for it: <!-- {name} --> and its end on lines alone.")
            return 1
        text = told
    chosen.into.write_text(text, encoding="utf-8")
    return 0
