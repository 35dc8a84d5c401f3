"""What a person or a program hears when something cannot be done: a page, a part, or a problem.

Foreseen errors carry their own sentence; anything else is a bug, logged under the request's id.
"""

import json
import logging
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from litestar import Litestar, MediaType, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.routes import HTTPRoute
from sqlalchemy.exc import DBAPIError

from jobcenter.errors import (
    Fault,
    Invalid,
    JobcenterError,
    NotFresh,
    NotSignedIn,
    PinNeeded,
    TooHasty,
    TooMany,
    Unreachable,
)
from jobcenter.failures import constraint_of, sqlstate
from jobcenter.texts import say
from jobcenter.web.asking import Asking, WebRequest, asking_of
from jobcenter.web.entrance import language_of, request_id
from jobcenter.web.pages import BACK_SECONDS, ENVIRONMENT, page, see
from jobcenter.web.protocol import hung_up
from jobcenter.web.reception import last_known

LOG = logging.getLogger("jobcenter.web")

LONGEST_CAUSES = 5
RETRY_SECONDS = {TooMany.status: 600, Unreachable.status: 5}
RETRY_SOONER = {TooHasty.code: 60}

# What the framework refuses by itself, in our words.
SENTENCES: Mapping[int, str] = {
    400: "We could not read what was sent.",
    401: "Please sign in first.",
    403: "You are not allowed to do that.",
    404: "We could not find that page.",
    405: "That cannot be done here.",
    413: "That was too much at once. Please write less.",
    414: "This address is too long.",
    415: "We cannot read this kind of content.",
    431: "That was too much at once. Please write less.",
    422: "Some of the answers need another look.",
    429: "That was many times in a short while. Please wait a moment, or call us.",
}
# What pydantic calls a thing, and what we do.
CODES: Mapping[str, str] = {"extra_forbidden": "unknown_field", "string_too_long": "too_long"}
OOPS = "Something went wrong on our side. Nothing was changed. Please try again, or call us."


def fail_foreseen(request: WebRequest, error: JobcenterError) -> Response[str]:
    """Answer an error of ours."""
    if isinstance(error, NotSignedIn) and not _wants_problem(request):
        return _to_signin(request) if isinstance(error, NotFresh) else _ask_to_sign_in(request)
    if isinstance(error, PinNeeded) and not _wants_problem(request):
        return see("/my/pin")
    language = _language(request)
    faults = error.faults if isinstance(error, Invalid) else ()
    sentence = say(language, error.sentence, **error.values)
    figures = {name: error.values[name] for name in error.told}
    return _answer(request, error.status, error.code, sentence, faults=faults, figures=figures)


def fail_http(request: WebRequest, error: HTTPException) -> Response[str]:
    """Answer what the framework refused: unknown paths, wrong methods, unreadable bodies."""
    status = 422 if isinstance(error, ValidationException) else error.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return fail_unforeseen(request, error)
    language = _language(request)
    faults = _faults_of(error) if isinstance(error, ValidationException) else ()
    # The same fault has the same name whether the framework finds it or we do.
    phrase = HTTPStatus(status).phrase.lower().replace(" ", "_")
    code = Invalid.code if status == Invalid.status else phrase
    kept = {
        name: _with_head(value)
        for name, value in (error.headers or {}).items()
        if name.lower() == "allow"
    }
    sentence = say(language, SENTENCES.get(status, SENTENCES[400]))
    return _answer(request, status, code, sentence, faults=faults, headers=kept)


def _with_head(allowed: str) -> str:
    """Name HEAD too: whatever answers GET answers it, though the framework's routes do not know."""
    methods = set(allowed.split(", "))
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def fail_unreadable(request: WebRequest, _: Exception) -> Response[str]:
    """Answer a body that is no text, or is nested beyond reason."""
    return _answer(request, 400, "bad_request", say(_language(request), SENTENCES[400]))


def fail_unforeseen(request: WebRequest, error: Exception) -> Response[str]:
    """Log a bug under the request's id and say that it is ours."""
    if hung_up(request.scope):
        # Nobody is left to hear it, and nothing went wrong with us.
        LOG.info("request %s was given up by its caller", request_id(request.scope))
        return _answer(request, 400, "bad_request", say(_language(request), SENTENCES[400]))
    LOG.error("request %s failed: %s", request_id(request.scope), _where(error))
    return _answer(request, 500, "internal_error", say(_language(request), OOPS))


def _where(error: BaseException | None) -> str:
    """Return what failed and where, without its words: they may hold somebody's data."""
    told: list[str] = []
    while error is not None and len(told) < LONGEST_CAUSES:
        name = constraint_of(error) if isinstance(error, DBAPIError) else None
        known = " ".join(filter(None, [type(error).__qualname__, sqlstate(error), name]))
        told.append(known + "\n" + "".join(traceback.format_tb(error.__traceback__)))
        error = error.__cause__
    return "because of\n".join(told)


def _language(request: WebRequest) -> str:
    asking = asking_of(request.scope)
    return asking.language if asking else language_of(request, request.app.state.config)


def _faults_of(error: ValidationException) -> tuple[Fault, ...]:
    """Return each field with the code that its check gave it."""
    told = getattr(error.__cause__, "errors", None)
    if isinstance(told, list):
        return tuple(_fault_of(entry) for entry in told)
    entries = error.extra if isinstance(error.extra, list) else []
    return tuple(
        Fault(str(entry.get("key", "")), "invalid", "This needs another look.")
        for entry in entries
        if isinstance(entry, dict)
    )


def _fault_of(entry: Mapping[str, object]) -> Fault:
    where = entry.get("loc")
    field = ".".join(str(step) for step in where) if isinstance(where, (tuple, list)) else ""
    code = str(entry.get("type", "invalid"))
    return Fault(field, CODES.get(code, code), "This needs another look.")


def _wants_problem(request: WebRequest) -> bool:
    accepts = request.headers.get("accept", "")
    path = request.url.path
    return path.startswith(("/api/", "/hooks/")) or ("json" in accepts and "html" not in accepts)


def _ask_to_sign_in(request: WebRequest) -> Response[str]:
    """Ask whoever has no session, or one that is over, to sign in: 401, here, and then back."""
    asking, back = asking_of(request.scope), page_of(request)
    if asking is None or _is_part(request):
        return _elsewhere(request, f"/signin?next={quote(back)}")
    asking.keep("back", quote(back, safe=""), seconds=BACK_SECONDS)
    answer = page(asking, "signin/ask.html", status=401, sent=False, again=False, first=True)
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def _to_signin(request: WebRequest) -> Response[str]:
    """Have somebody show once more who they are, and bring them back."""
    return _elsewhere(request, f"/signin?again=true&next={quote(page_of(request))}")


def _elsewhere(request: WebRequest, where: str) -> Response[str]:
    if _is_part(request):
        return Response(
            "", media_type=MediaType.TEXT, status_code=401, headers={"hx-redirect": where}
        )
    return see(where)


def _is_part(request: WebRequest) -> bool:
    return request.headers.get("hx-request") == "true"


def page_of(request: WebRequest) -> str:
    """Return the page that was asked for; of what was sent, the page that its form is on."""
    path, pattern = request.url.path, str(request.scope.get("path_template", ""))
    while pattern and request.method != "GET" and pattern not in _pages(request.app):
        path, pattern = path.rpartition("/")[0], pattern.rpartition("/")[0]
    return path or "/"


def _pages(app: Litestar) -> set[str]:
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return {route.path_format for route in routes if "GET" in route.methods}


def _answer(
    request: WebRequest,
    status: int,
    code: str,
    sentence: str,
    *,
    faults: tuple[Fault, ...] = (),
    headers: Mapping[str, str] | None = None,
    figures: Mapping[str, object] | None = None,
) -> Response[str]:
    extra = dict(headers or {})
    if status in RETRY_SECONDS:
        extra["retry-after"] = str(RETRY_SOONER.get(code, RETRY_SECONDS[status]))
    if status == HTTPStatus.UNAUTHORIZED:
        extra["www-authenticate"] = "Bearer"
    if _wants_problem(request):
        body = _problem(request, status, code=code, sentence=sentence, faults=faults)
        return Response(
            json.dumps({**body, **(figures or {})}),
            media_type="application/problem+json",
            status_code=status,
            headers=extra,
        )
    text = _error_page(request, status, sentence, faults)
    return Response(text, media_type=MediaType.HTML, status_code=status, headers=extra)


def _problem(
    request: WebRequest, status: int, *, code: str, sentence: str, faults: tuple[Fault, ...]
) -> dict[str, object]:
    return {
        "type": f"urn:jobcenter:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "errors": [{"field": fault.field, "code": fault.code} for fault in faults],
        "request_id": request_id(request.scope),
    }


def _error_page(request: WebRequest, status: int, sentence: str, faults: tuple[Fault, ...]) -> str:
    asking: Asking | None = asking_of(request.scope)
    language, state = _language(request), request.app.state
    named = "parts/failure.html" if _is_part(request) else "error.html"
    template = ENVIRONMENT.get_template(named)
    return template.render(
        asking=asking,
        language=language,
        config=state.config,
        # A page that there is not is refused before anybody is asked who they are.
        desk=asking.desk if asking else last_known(state.database, state.config),
        status=status,
        sentence=sentence,
        faults=[say(language, fault.sentence, **fault.values) for fault in faults],
        request_id=request_id(request.scope),
    )
