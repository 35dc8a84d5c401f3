"""A real OpenID Connect provider as a process: a package from the index, behind a strict gate.

`python -m tests.provider SECONDS [KEYS]` runs it and prints its port; its tokens are good for so
many seconds. The gate adds what the package leaves out, PKCE, and with a file of a program's public
keys, what the trust network asks for: signed requests, keys instead of a secret, closed tokens. In
one thing it is lax, so that we must not be: it makes the token for whichever program the code was
asked for.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import oidc_provider_mock
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

# What a signed request says of itself.
ABOUT = {"iss", "aud", "iat", "nbf", "exp", "jti"}
Wsgi = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class Network:
    """What the trust network adds: whoever asks signs, and only they can open the answer."""

    def __init__(self, keys: Path) -> None:
        self.keys = keys
        self.used: set[str] = set()

    def asked(self, query: Mapping[str, str], issuer: str) -> dict[str, str]:
        """Return what a signed request asks for; nothing else counts."""
        told = self._signed(query["request"], to=issuer)
        assert told["iss"] == query["client_id"]
        return {name: str(value) for name, value in told.items() if name not in ABOUT}

    def is_shown(self, form: Mapping[str, str], endpoint: str) -> bool:
        """Tell whether the program's signature stands where others send their secret."""
        try:
            told = self._signed(form["client_assertion"], to=endpoint)
        except (KeyError, AssertionError, JoseError):
            return False
        return told["iss"] == told["sub"] == form["client_id"]

    def closed(self, token: str) -> str:
        """Close a token for the program."""
        key = self._keys("enc")[0]
        head = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": key.kid, "cty": "JWT"}
        return jwe.encrypt_compact(
            head, token.encode(), key, algorithms=["RSA-OAEP-256", "A256GCM"]
        )

    def _signed(self, token: str, *, to: str) -> dict[str, object]:
        told = jwt.decode(token, KeySet([*self._keys("sig")]), algorithms=["RS256"]).claims
        jwt.JWTClaimsRegistry(
            aud={"essential": True, "value": to}, exp={"essential": True}, jti={"essential": True}
        ).validate(told)
        assert told["jti"] not in self.used
        self.used.add(told["jti"])
        return told

    def _keys(self, use: str) -> list[RSAKey]:
        found = json.loads(self.keys.read_text())["keys"]
        return [RSAKey.import_key(key) for key in found if key["use"] == use]


class Gate:
    """Lets a code through only with the secret whose half was shown when it was asked for.

    Nobody asks it whether the program that brings the code is the one that asked for it.
    """

    def __init__(self, app: Wsgi, network: Network | None = None) -> None:
        self.app = app
        self.network = network
        self.challenges: dict[str, str] = {}
        self.programs: dict[str, str] = {}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/oauth2/token" and not self._fits(environ):
            start("400 Bad Request", [("content-type", "application/json")])
            return [json.dumps({"error": "invalid_grant"}).encode()]
        if environ["PATH_INFO"] == "/oauth2/authorize" and self.network:
            query = {name: texts[0] for name, texts in parse_qs(environ["QUERY_STRING"]).items()}
            environ["QUERY_STRING"] = urlencode(self.network.asked(query, _issuer(environ)))
        if environ["PATH_INFO"] == "/oauth2/token" and self.network:
            return self._closed(environ, start, self.network)
        asked = parse_qs(environ.get("QUERY_STRING", ""))

        def listening(
            status: str, headers: list[tuple[str, str]], *more: object
        ) -> Callable[[bytes], object]:
            where = dict(headers).get("Location", "")
            for code in parse_qs(urlsplit(where).query).get("code", []):
                self.challenges[code] = asked.get("code_challenge", [""])[0]
                self.programs[code] = asked.get("client_id", [""])[0]
            return start(status, headers)

        return self.app(environ, listening)

    def _closed(
        self, environ: WSGIEnvironment, start: StartResponse, network: Network
    ) -> Iterable[bytes]:
        """Answer as the provider does, with the token closed."""
        heard: list[tuple[str, list[tuple[str, str]]]] = []

        def listening(
            status: str, heads: list[tuple[str, str]], *_more: object
        ) -> Callable[[bytes], object]:
            heard.append((status, heads))
            return len

        parts = self.app(environ, listening)
        told = json.loads(b"".join(parts))
        if "id_token" in told:
            told["id_token"] = network.closed(told["id_token"])
        body = json.dumps(told).encode()
        ((status, heads),) = heard
        kept = [head for head in heads if head[0].lower() != "content-length"]
        start(status, [*kept, ("content-length", str(len(body)))])
        return [body]

    def _fits(self, environ: WSGIEnvironment) -> bool:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        form = {name: texts[0] for name, texts in parse_qs(body.decode()).items()}
        if self.network and not self.network.is_shown(form, f"{_issuer(environ)}/oauth2/token"):
            return False
        if self.network:
            # The package behind the gate knows secrets only.
            form["client_secret"] = "network"
        code = form.get("code", "")
        form["client_id"] = self.programs.pop(code, form.get("client_id", ""))
        passed = urlencode(form).encode()
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(passed), str(len(passed))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return self.challenges.pop(code, "") == shown


def _issuer(environ: WSGIEnvironment) -> str:
    return f"http://{environ['HTTP_HOST']}"


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def _main(seconds: int, keys: str = "") -> None:
    app = oidc_provider_mock.app(access_token_max_age=timedelta(seconds=seconds))
    gate = Gate(app, Network(Path(keys)) if keys else None)
    with make_server("127.0.0.1", 0, gate, handler_class=Quiet) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    _main(int(sys.argv[1]), *sys.argv[2:])
