"""The keys by which a directory knows us: one signs what we ask, one opens what it closes for us.

The trust network of Finnish banks and authorities wants both (Traficom's OIDC profile): no secret
is shared, and who somebody is cannot be read on the way.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from joserfc import jwe, jwt
from joserfc.jwk import KeySet, RSAKey

from jobcenter.logins import secret

NAME = "oidc"
BITS = 2048
SIGNED_BY = "RS256"
# How a token may be closed for us: the key by RSA-OAEP, the words by AES with a proof.
CLOSED_BY = ("RSA-OAEP", "RSA-OAEP-256", "A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512")
# What is signed is worth this long; clocks may differ by half of it.
LASTS = timedelta(minutes=2)
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# A closed token has five parts, one that is only signed has three.
PARTS_OF_CLOSED = 5


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """Keys kept under `home`, read anew each time: whoever renews them stops no process."""

    home: Path

    def shown(self) -> Mapping[str, object]:
        """Return the halves that everybody may see, as a JWK set; former ones still open."""
        keys = self._keys()
        return {"keys": [key.as_dict(private=False) for key in keys]}

    def signed(self, claims: Mapping[str, object], *, to: str, by: str, now: datetime) -> str:
        """Return claims under our signature, once and for a moment."""
        key = next(key for key in self._keys() if key.get("use") == "sig")
        whole = {
            **claims,
            "iss": by,
            "aud": to,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + LASTS).timestamp()),
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode({"alg": SIGNED_BY, "kid": key.kid}, whole, key)

    def assertion(self, *, client_id: str, endpoint: str, now: datetime) -> Mapping[str, str]:
        """Return what stands in the place of a secret (RFC 7523 §2.2)."""
        signed = self.signed({"sub": client_id}, to=endpoint, by=client_id, now=now)
        return {"client_assertion_type": ASSERTION, "client_assertion": signed}

    def opened(self, token: str) -> str:
        """Return the signed token within a closed one; one that is open is returned as it is.

        :raises JoseError: when it was closed for somebody else, or was altered
        """
        if token.count(".") != PARTS_OF_CLOSED - 1:
            return token
        keys = KeySet([key for key in self._keys() if key.get("use") == "enc"])
        found = jwe.decrypt_compact(token, keys, algorithms=CLOSED_BY).plaintext
        return (found or b"").decode("ascii", "replace")

    def renew(self) -> None:
        """Put new keys first; those before them still open, and the ones before those are gone."""
        former = self._keys()[:2]
        file = self.home / "secrets" / NAME
        fresh = file.with_suffix(".next")
        fresh.touch(mode=0o600)
        fresh.write_text(_written([*_made(), *former]))
        fresh.replace(file)

    def _keys(self) -> list[RSAKey]:
        kept = json.loads(secret(self.home, NAME, _first))
        return [RSAKey.import_key(key) for key in kept["keys"]]


def _first() -> str:
    return _written(_made())


def _made() -> list[RSAKey]:
    return [
        RSAKey.generate_key(BITS, {"use": use, "alg": algorithm, "kid": secrets.token_hex(8)})
        for use, algorithm in (("sig", SIGNED_BY), ("enc", "RSA-OAEP-256"))
    ]


def _written(keys: Sequence[RSAKey]) -> str:
    return json.dumps({"keys": [key.as_dict(private=True) for key in keys]})
