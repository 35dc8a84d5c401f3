"""A real OpenID Connect provider as a process: a package from the index, behind a strict gate.

`python -m tests.provider SECONDS` runs it and prints its port; its tokens are good for so many
seconds. The gate adds what the package leaves out, PKCE. In one thing it is lax, so that we must
not be: it makes the token for whichever program the code was asked for.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import oidc_provider_mock

Wsgi = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class Gate:
    """Lets a code through only with the secret whose half was shown when it was asked for.

    Nobody asks it whether the program that brings the code is the one that asked for it.
    """

    def __init__(self, app: Wsgi) -> None:
        self.app = app
        self.challenges: dict[str, str] = {}
        self.programs: dict[str, str] = {}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/oauth2/token" and not self._fits(environ):
            start("400 Bad Request", [("content-type", "application/json")])
            return [json.dumps({"error": "invalid_grant"}).encode()]
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

    def _fits(self, environ: WSGIEnvironment) -> bool:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        form = {name: texts[0] for name, texts in parse_qs(body.decode()).items()}
        code = form.get("code", "")
        form["client_id"] = self.programs.pop(code, form.get("client_id", ""))
        passed = urlencode(form).encode()
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(passed), str(len(passed))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return self.challenges.pop(code, "") == shown


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def _main(seconds: int) -> None:
    app = oidc_provider_mock.app(access_token_max_age=timedelta(seconds=seconds))
    with make_server("127.0.0.1", 0, Gate(app), handler_class=Quiet) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    _main(int(sys.argv[1]))
