"""The API keeps what its OpenAPI document promises, whatever is sent and whoever sends it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jobcenter.database import Who
from jobcenter.people.staff import ORDERER, Grant, User
from tests import make
from tests.cast import CITY, Cast, key
from tests.conftest import Fresh
from tests.orders import steps
from tests.web.lending import Lent
from tests.web.programs import Program, Programs, browser_of
from tests.web.surfer import CONFIG, Clock

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance, negative_data_rejection,
]  # fmt: skip
EXAMPLES = 5
NOWHERE: dict[str, UUID | None] = {"unit_id": None, "party_id": None}
OFTEN = replace(CONFIG, api_a_minute=1_000_000)
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


class Case(Protocol):
    """What we need of a made-up call."""

    path_parameters: dict[str, object]

    def as_transport_kwargs(self, base_url: str, headers: dict[str, str]) -> dict[str, object]: ...

    def validate_response(
        self, response: httpx.Response, *, checks: list[schemathesis.CheckFunction]
    ) -> None: ...


def calls(document: Mapping[str, object], mode: schemathesis.GenerationMode) -> list[Case]:
    """Make up calls of every operation, the same ones each time."""
    made: list[Case] = []
    for found in schemathesis.openapi.from_dict(dict(document)).get_all_operations():
        assert isinstance(found, Ok)

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(found.ok().as_strategy(generation_mode=mode))
        def keep(case: Case) -> None:
            made.append(case)

        keep()
    return made


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: str(mode.value))
async def test_the_api_keeps_its_promises(cast: Cast, mode: schemathesis.GenerationMode) -> None:
    clock = Clock()
    order_id = await make.save_order(cast, make.order())
    gig = await steps.assign(cast, order_id, cast.aino)
    real = {"order_id": str(order_id), "gig_id": str(gig.id)}
    app = Lent(cast.database, OFTEN, clock)
    async with browser_of(app) as http:
        programs = Programs(cast, http, clock)
        callers = [*[await programs.of(who) for who in await everybody(cast)], Program(http)]
        document = (await http.get("/schema/openapi.json")).json()
        for number, case in enumerate(calls(document, mode)):
            if number // 2 % 2 and mode is schemathesis.GenerationMode.POSITIVE:
                # What is made up is nobody's: every other call is about something that is there.
                known = {name: real[name] for name in case.path_parameters or {} if name in real}
                case.path_parameters = {**(case.path_parameters or {}), **known}
            # Everybody tries everything: each of them every other call of it.
            for caller in callers[number % 2 :: 2]:
                await _kept(http, caller, case)


async def everybody(cast: Cast) -> tuple[Who, ...]:
    """Return one for each role."""
    added = [
        ("bea", "benefits", {"unit_id": cast.kaneli}),
        ("olli", ORDERER, {"party_id": cast.keittio}),
    ]
    for name, role, where in added:
        user = User(organiser_id=CITY, id=key(name), email=f"{name}@example.org", name=name)
        grant = Grant(organiser_id=CITY, user_id=user.id, role=role, **{**NOWHERE, **where})
        await make.save(cast, user, grant)
    new = tuple(Who(CITY, role, actor_id=key(name), name=name) for name, role, _ in added)
    found = cast.sari, cast.maija, cast.kim, cast.tuija, cast.merja, cast.raili, cast.jaana
    return *found, *new


async def test_somebody_of_every_role_calls(cast: Cast, fresh: Fresh) -> None:
    callers = await everybody(cast)
    rows = await fresh.owner(
        "SELECT DISTINCT role FROM grants WHERE user_id = ANY ($1)",
        [who.actor_id for who in callers],
    )
    roles = {row["code"] for row in await fresh.owner("SELECT code FROM roles")}
    assert {row["role"] for row in rows} == roles
    assert len(roles) == 9


async def _kept(http: httpx.AsyncClient, caller: Program, case: Case) -> None:
    asked = case.as_transport_kwargs(base_url=str(http.base_url), headers=caller.headers())
    body = asked.get("data", asked.get("json"))
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    request = httpx.Request(
        str(asked["method"]),
        str(asked["url"]),
        params=_pairs(asked.get("params")),
        headers=_pairs(asked.get("headers")),
        content=None if body is None else content,
    )
    case.validate_response(await http.send(request), checks=CHECKS)


def _pairs(given: object) -> dict[str, str]:
    return {str(name): str(value) for name, value in dict(given or {}).items()}  # type: ignore[call-overload]  # whatever it is, it has pairs
