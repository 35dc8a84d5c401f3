"""Print who may read which rows of which table: the matrix from which the walls are raised."""

import argparse
from pathlib import Path

from jobcenter.walls.telling import page

BEGINS, ENDS = "<!-- walls -->\n", "<!-- /walls -->"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter walls", description=__doc__)
    parser.add_argument("--into", type=Path, help="write it between its marks in this file instead")
    chosen = parser.parse_args(arguments)
    if chosen.into is None:
        print(page(), end="")
        return 0
    told = chosen.into.read_text(encoding="utf-8")
    head, begins, rest = told.partition(BEGINS)
    _, ends, tail = rest.partition(ENDS)
    if not begins or not ends:
        print(f"{chosen.into} has no place for it: {BEGINS.strip()} and {ENDS} on lines alone.")
        return 1
    chosen.into.write_text(head + begins + page() + ends + tail, encoding="utf-8")
    return 0
