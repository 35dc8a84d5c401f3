"""The arithmetic of the seals: any change of any field, order or number shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from jobcenter.audit.chain import BEGINNING, KNOT, Line, link, pack, root_of, unpack

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


def test_a_list_is_read_back_in_its_order() -> None:
    lines = [replace(LINE, id=UUID(int=n)) for n in (3, 1, 2)]
    assert unpack(pack(lines)) == {line.id: line.leaf() for line in lines}
    assert list(unpack(pack(lines))) == [line.id for line in lines]


def test_a_seal_depends_on_everything_before_it() -> None:
    one = link(BEGINNING, LINE.leaf(), 1, 10)
    seals = {
        one, link(one, LINE.leaf(), 1, 10), link(BEGINNING, LINE.leaf(), 2, 10),
        link(BEGINNING, LINE.leaf(), 1, 11), link(BEGINNING, one, 1, 10),
    }  # fmt: skip
    assert len(seals) == 5
