"""Texts closed under a key of each person's own, and those keys under the place's master key.

AES-256-GCM (NIST SP 800-38D) throughout, with a random nonce of 96 bits in front. Whose a text is
and what it is are authenticated with it: a closed text opens in its own row and column only.
Without its key a text is noise, in every copy that was ever made of it.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class Unopened(Exception):
    """A closed text does not open: another key, another row, or a changed byte."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A person's key as it is stored: under which master key, and closed by it."""

    master: str
    closed: bytes


@dataclass(frozen=True, slots=True)
class PersonsKey:
    """The opened key of one person of one organiser; it never leaves the process."""

    owner: str
    key: bytes = field(repr=False)

    def close(self, place: str, text: str) -> bytes:
        """Return a text as it is stored in `place`, the column it belongs to."""
        return _close(self.key, text.encode(), f"{self.owner}|{place}")

    def open(self, place: str, closed: bytes) -> str:
        """Return the text again.

        :raises Unopened: when it was closed by another key, elsewhere, or was changed
        """
        return _open(self.key, closed, f"{self.owner}|{place}").decode()


class Keyring:
    """The master keys of the place: the first closes, the others only still open.

    They are read again when a key is closed under one not known yet, because another process may
    have changed them meanwhile. The index key finds a closed text again by an equal one.
    """

    def __init__(
        self, read: Callable[[], Sequence[bytes]], read_index: Callable[[], bytes]
    ) -> None:
        self._read = read
        self._read_index = read_index
        self._index_key = b""
        self._known: dict[str, bytes] = {}
        self._current = ""

    @property
    def current(self) -> str:
        """Return the name of the one that closes new keys; empty where there is none."""
        if not self._current:
            self.look()
        return self._current

    @property
    def has_former(self) -> bool:
        """Whether there is another master key, which only opens."""
        if not self._known:
            self.look()
        return len(self._known) > 1

    def knows(self, name: str) -> bool:
        """Whether the master key of this name is there."""
        if name not in self._known:
            self.look()
        return name in self._known

    def new_key(self, organiser_id: int, person_id: UUID) -> tuple[PersonsKey, Wrapped]:
        """Make a person's key, and what is stored of it: under the master key of this moment."""
        self.look()
        owner = f"{organiser_id}|{person_id}"
        key = secrets.token_bytes(KEY_BYTES)
        return PersonsKey(owner, key), self._wrap(owner, key)

    def unwrap(self, organiser_id: int, person_id: UUID, wrapped: Wrapped) -> PersonsKey:
        """Open a stored key.

        :raises Unopened: when its master key is gone, or it belongs to somebody else
        """
        owner = f"{organiser_id}|{person_id}"
        return PersonsKey(owner, _open(self._master(wrapped.master), wrapped.closed, owner))

    def rewrap(self, organiser_id: int, person_id: UUID, wrapped: Wrapped) -> Wrapped:
        """Close a stored key again under the current master key."""
        opened = self.unwrap(organiser_id, person_id, wrapped)
        return self._wrap(opened.owner, opened.key)

    def index(self, organiser_id: int, text: str) -> bytes:
        """Return what equal texts of one organiser have in common, and nothing else gives away."""
        content = f"{organiser_id}|{text}".encode()
        self._index_key = self._index_key or self._read_index()
        return hmac.new(self._index_key, content, hashlib.sha256).digest()

    def _wrap(self, owner: str, key: bytes) -> Wrapped:
        return Wrapped(self.current, _close(self._master(self.current), key, owner))

    def _master(self, name: str) -> bytes:
        if not self.knows(name):
            raise Unopened
        return self._known[name]

    def look(self) -> None:
        """Read the master keys as they are at this moment."""
        keys = self._read()
        self._known = {_name(key): key for key in keys}
        self._current = _name(keys[0]) if keys else ""


def key_of(text: str) -> bytes:
    """Read a master key: 32 bytes as URL-safe base64.

    :raises ValueError: when it is anything else
    """
    key = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(key) != KEY_BYTES:
        raise ValueError("a master key is 32 bytes as URL-safe base64")
    return key


def _name(master: bytes) -> str:
    """Return what a master key may be called in the open."""
    return hashlib.sha256(b"jobcenter master key" + master).hexdigest()[:16]


def _close(key: bytes, content: bytes, whose: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, whose.encode())


def _open(key: bytes, closed: bytes, whose: str) -> bytes:
    try:
        return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], whose.encode())
    except InvalidTag as error:
        raise Unopened from error
