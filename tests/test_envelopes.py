"""Closed texts: opened by their own key, in their own place, under a master key that still is."""

from uuid import UUID

import pytest

from jobcenter.envelopes import KEY_BYTES, Keyring, Unopened, Wrapped

AINO, EETU = UUID(int=1), UUID(int=2)
OLD, NEW = b"o" * KEY_BYTES, b"n" * KEY_BYTES


def masters(*keys: bytes) -> Keyring:
    return Keyring(lambda: keys, lambda: b"index")


def test_a_text_opens_again() -> None:
    key, _ = masters(OLD).new_key(1, AINO)
    assert key.open("phone", key.close("phone", "+358 45 ää 👋")) == "+358 45 ää 👋"


def test_the_same_text_is_closed_differently_each_time() -> None:
    key, _ = masters(OLD).new_key(1, AINO)
    assert key.close("phone", "1") != key.close("phone", "1")


def test_a_stored_key_opens_what_it_closed() -> None:
    place = masters(OLD)
    key, wrapped = place.new_key(1, AINO)
    assert place.unwrap(1, AINO, wrapped).open("note", key.close("note", "calmly")) == "calmly"


@pytest.mark.parametrize("place", ["email", "phone "])
def test_a_text_opens_in_its_own_column_only(place: str) -> None:
    key, _ = masters(OLD).new_key(1, AINO)
    with pytest.raises(Unopened):
        key.open(place, key.close("phone", "1"))


def test_a_changed_byte_is_seen() -> None:
    key, _ = masters(OLD).new_key(1, AINO)
    closed = bytearray(key.close("phone", "12345"))
    closed[-1] ^= 1
    with pytest.raises(Unopened):
        key.open("phone", bytes(closed))


@pytest.mark.parametrize(("organiser", "person"), [(1, EETU), (2, AINO)])
def test_nobody_elses_key_is_mine(organiser: int, person: UUID) -> None:
    place = masters(OLD)
    _, wrapped = place.new_key(1, AINO)
    with pytest.raises(Unopened):
        place.unwrap(organiser, person, wrapped)


def test_a_new_master_key_opens_the_same_texts() -> None:
    key, wrapped = masters(OLD).new_key(1, AINO)
    renewed = masters(NEW, OLD).rewrap(1, AINO, wrapped)
    assert renewed.master == masters(NEW).current
    assert masters(NEW).unwrap(1, AINO, renewed).open("p", key.close("p", "x")) == "x"


def test_without_the_old_master_key_old_copies_are_noise() -> None:
    _, wrapped = masters(OLD).new_key(1, AINO)
    with pytest.raises(Unopened):
        masters(NEW).unwrap(1, AINO, wrapped)
    with pytest.raises(Unopened):
        masters(NEW).unwrap(1, AINO, Wrapped(masters(NEW).current, wrapped.closed))


def test_a_running_process_learns_of_a_new_master_key() -> None:
    kept = [OLD]
    running = Keyring(lambda: kept, lambda: b"index")
    assert running.current == masters(OLD).current
    kept[:] = [NEW, OLD]
    key, wrapped = masters(NEW).new_key(1, AINO)
    assert running.unwrap(1, AINO, wrapped).open("p", key.close("p", "x")) == "x"


def test_a_key_is_not_printed() -> None:
    key, _ = masters(OLD).new_key(1, AINO)
    assert "key" not in repr(key).replace("PersonsKey", "").lower()


def test_equal_numbers_are_found_within_one_organiser_only() -> None:
    place = masters(OLD)
    assert place.index(1, "+35845") == masters(NEW).index(1, "+35845")
    assert place.index(1, "+35845") not in {place.index(2, "+35845"), place.index(1, "+35846")}


def test_a_key_is_made_under_the_master_key_of_the_moment() -> None:
    """Another process may have changed it since, and destroyed the one that we remember."""
    there = [OLD]
    ring = Keyring(lambda: tuple(there), lambda: b"index")
    ring.new_key(1, AINO)
    there[:] = [NEW]
    key, wrapped = ring.new_key(1, EETU)
    assert masters(NEW).unwrap(1, EETU, wrapped).key == key.key
