"""The arithmetic of the seals: any change of any field, order or number shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from jobcenter.audit.chain import (
    BEGINNING,
    KNOT,
    TABLES,
    Leaf,
    Line,
    Made,
    leaf_of,
    link,
    pack,
    root_of,
    unpack,
    width,
)

LINE = Line(
    organiser_id=1, id=UUID(int=7), at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC), actor=UUID(int=1),
    role="coordinator", client_id=UUID(int=2), what="client page", purpose="planning",
    request_id="abc", on_behalf="unit 1", outside=False, xid=900,
)  # fmt: skip
LATER = LINE.at + timedelta(microseconds=1)


@pytest.mark.parametrize(
    "change",
    [
        {"organiser_id": 2}, {"id": UUID(int=8)}, {"at": LATER}, {"actor": None}, {"role": "coach"},
        {"client_id": None}, {"what": "client pagf"}, {"purpose": ""}, {"request_id": "abd"},
        {"on_behalf": ""}, {"outside": True}, {"xid": 901},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_every_field_is_sealed(change: dict[str, object]) -> None:
    assert replace(LINE, **change).leaf() != LINE.leaf()  # type: ignore[arg-type]  # from a table


def test_the_zone_a_time_is_read_in_changes_nothing() -> None:
    elsewhere = LINE.at.astimezone()
    assert replace(LINE, at=elsewhere).leaf() == LINE.leaf()


def test_words_cannot_wander_from_one_field_into_the_next() -> None:
    moved = replace(LINE, what=LINE.what + LINE.purpose[0], purpose=LINE.purpose[1:])
    assert moved.leaf() != LINE.leaf()


def test_the_root_of_three_is_that_of_the_tree() -> None:
    a, b, c = (bytes([n]) * 32 for n in range(3))
    assert root_of([a, b, c]) == sha256(KNOT + sha256(KNOT + a + b).digest() + c).digest()
    assert root_of([a]) == a
    assert root_of([a, b]) != root_of([b, a])


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 100])
def test_the_root_changes_with_any_leaf(count: int) -> None:
    leaves = [sha256(bytes([n])).digest() for n in range(count)]
    whole = root_of(leaves)
    for place in range(count):
        others = [*leaves[:place], BEGINNING, *leaves[place + 1 :]]
        assert root_of(others) != whole
    assert root_of(leaves[:-1]) != whole


@pytest.mark.parametrize("formula", [1, 2])
def test_a_list_is_read_back_in_its_order(formula: int) -> None:
    tables = TABLES if formula > 1 else TABLES[:1] * 3
    rows = [Leaf(table, UUID(int=9 - n), bytes([n]) * 32) for n, table in enumerate(tables)]
    assert unpack(pack(rows, formula), formula) == rows
    assert len(pack(rows, formula)) == len(rows) * width(formula)


def test_a_row_of_another_log_is_sealed_with_its_table_and_every_value() -> None:
    whole: list[object] = [LINE.id, LINE.at, None, "", 7, b"x", {"b": 1, "a": [2]}]
    same: list[object] = [*whole[:-1], {"a": [2], "b": 1}]
    sealed = leaf_of("disclosures", LINE.id, whole)
    assert leaf_of("disclosures", LINE.id, same) == sealed
    others = [[*whole[:place], "other", *whole[place + 1 :]] for place in range(len(whole))]
    hashes = {leaf_of("disclosures", LINE.id, values).hash for values in (whole, *others)}
    assert len(hashes | {leaf_of("right_events", LINE.id, whole).hash}) == len(whole) + 2


def test_a_seal_depends_on_everything_before_it_and_on_when_it_was_made() -> None:
    made = Made(LINE.leaf(), 1, 10, LINE.at)
    one = link(BEGINNING, made)
    others = [
        replace(made, count=2), replace(made, to_xid=11), replace(made, root=one),
        replace(made, at=LATER), replace(made, formula=1),
    ]  # fmt: skip
    assert len({one, link(one, made), *(link(BEGINNING, other) for other in others)}) == 7
    # A chain that began with the first formula is held to it, and that one knew no time.
    first = replace(made, formula=1)
    assert link(BEGINNING, first) == link(BEGINNING, replace(first, at=LATER))
    assert (
        link(BEGINNING, first)
        == sha256(BEGINNING + made.root + (1).to_bytes(8, "big") + (10).to_bytes(8, "big")).digest()
    )
