"""Signing in by a key on one's own device (WebAuthn), and adding such a key.

The page carries what the device needs; a script fetches the device's answer into the form.
"""

import json
from collections.abc import Callable
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, generate_challenge
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from jobcenter import access
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.people import attempts, passkeys
from jobcenter.web.account import signed_in
from jobcenter.web.asking import Asking, WebRequest, fresh
from jobcenter.web.limits import count_wrong_token, refuse_haste
from jobcenter.web.pages import page, see
from jobcenter.web.signin import come_in

COOKIE = "attempt"
SIGNING_IN, ADDING = "passkey", "new_passkey"
LONGEST_ANSWER = 16_384
LONGEST_NAME = 60
UNPROVEN = "This passkey could not be checked. Please try again, or use the link by e-mail."

Form = dict[str, str]


def _place(asking: Asking) -> str:
    """Return the name that keys are bound to; an address of numbers has none."""
    if not asking.config.passkey_place:
        raise NotFound
    return asking.config.passkey_place


async def _begin(asking: Asking, kind: str) -> bytes:
    challenge, token = generate_challenge(), access.new_token()
    await asking.act(
        attempts.begin,
        kind=kind,
        token_hash=access.hash_of(token),
        challenge=bytes_to_base64url(challenge),
        now=asking.now,
    )
    asking.keep(COOKIE, token, seconds=int(attempts.LASTS.total_seconds()), strict=True)
    return challenge


async def _challenge(request: WebRequest, asking: Asking, kind: str) -> bytes:
    """Return what the answer must be to, once, on the browser that was asked."""
    token = request.cookies.get(asking.config.cookie(COOKIE), "")
    asking.drop(COOKIE)
    taken = await asking.act(
        attempts.take,
        kind=kind,
        token_hash=access.hash_of(token),
        user_id=asking.who.actor_id if kind == ADDING else None,
        now=asking.now,
    )
    return base64url_to_bytes(taken.challenge)


def _answer(form: Form) -> tuple[Form, bytes]:
    """Return a device's answer and the id of the key that gave it."""
    text = form.get("credential", "")
    try:
        answer = json.loads(text) if len(text) <= LONGEST_ANSWER else None
        if isinstance(answer, dict):
            return answer, base64url_to_bytes(str(answer.get("id", "")))
    except (ValueError, RecursionError):
        pass
    raise NotAllowed(UNPROVEN)


@get("/signin/passkey")
async def ask(asking: NamedDependency[Asking]) -> Response[str]:
    """Ask the device for one of its keys."""
    options = generate_authentication_options(
        rp_id=_place(asking),
        challenge=await _begin(asking, SIGNING_IN),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return page(asking, "signin/passkey.html", options=options_to_json(options))


@post("/signin/passkey")
async def enter(
    request: WebRequest, asking: NamedDependency[Asking], data: URLEncodedBody[Form]
) -> Response[str]:
    """Let in the owner of the key that answered."""
    place = _place(asking)
    answer, credential_id = _answer(data)
    await refuse_haste(asking, name=f"key {credential_id.hex()}")
    challenge = await _challenge(request, asking, SIGNING_IN)
    token = access.new_token()
    try:
        who = await asking.act(
            passkeys.enter,
            credential_id=credential_id,
            check=_checked(asking, place, answer, challenge),
            token_hash=access.hash_of(token),
            csrf=access.new_token(),
            device=asking.device,
            now=asking.now,
        )
    except NotAllowed:
        await count_wrong_token(asking)
        raise
    return see(await come_in(request, asking, token, who))


def _checked(
    asking: Asking, place: str, answer: Form, challenge: bytes
) -> Callable[[bytes, int, UUID], int]:
    def check(public_key: bytes, uses: int, _owner: UUID) -> int:
        try:
            return verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=place,
                expected_origin=asking.config.base_url,
                credential_public_key=public_key,
                credential_current_sign_count=uses,
                require_user_verification=True,
            ).new_sign_count
        except (WebAuthnException, ValueError) as error:
            raise NotAllowed(UNPROVEN) from error

    return check


@get("/account/passkeys/new", guards=[signed_in, fresh()])
async def ask_new(asking: NamedDependency[Asking]) -> Response[str]:
    """Ask the device to make a key."""
    assert asking.who.actor_id is not None
    known = await asking.read(passkeys.of_asker)
    options = generate_registration_options(
        rp_id=_place(asking),
        rp_name="Jobcenter",
        user_id=asking.who.actor_id.bytes,
        user_name=asking.who.name,
        user_display_name=asking.who.name,
        challenge=await _begin(asking, ADDING),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return page(asking, "signin/new_passkey.html", options=options_to_json(options))


@post("/account/passkeys", guards=[signed_in, fresh()])
async def add(
    request: WebRequest, asking: NamedDependency[Asking], data: URLEncodedBody[Form]
) -> Response[str]:
    """Keep the public half of a key that the device has made."""
    place = _place(asking)
    answer, _ = _answer(data)
    challenge = await _challenge(request, asking, ADDING)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place,
            expected_origin=asking.config.base_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise NotAllowed(UNPROVEN) from error
    async with asking.renewed() as anew:
        await asking.act(
            passkeys.add,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            uses=made.sign_count,
            name=data.get("name", "").strip()[:LONGEST_NAME] or asking.device or "…",
            anew=anew,
            now=asking.now,
        )
    return see("/account", note="added")


router = Router("/", route_handlers=[ask, enter, ask_new, add])
