"""Each house rule sees a planted offence, and leaves the right way alone."""

import pytest

from tests.house import rules
from tests.house.reading import read
from tests.house.rules import RULES, Rule

WEB = "src/jobcenter/web/page.py"
ORDERS = "src/jobcenter/orders/actions.py"
SOLVER = "src/jobcenter/matching/solver.py"

# rule, where, what is wrong, what is right
PLANTED: list[tuple[Rule, str, str, str]] = [
    (
        rules.only_the_database_ends_transactions,
        ORDERS,
        "await session.commit()",
        "await session.flush()",
    ),
    (
        rules.only_the_database_ends_transactions,
        ORDERS,
        "async with self.session.begin(): ...",
        "matching_round.begin(now)",
    ),
    (rules.no_sql_at_the_doors, WEB, "from sqlalchemy import select", "from jobcenter import x"),
    (rules.no_sql_at_the_doors, WEB, "run('SELECT 1')", "run('Select a day')"),
    (
        rules.machines_only_propose,
        "src/jobcenter/worker.py",
        "await actions.assign(session)",
        "await actions.ask_next(session)",
    ),
    (
        rules.machines_only_propose,
        SOLVER,
        "from jobcenter.orders.actions import ask_next",
        "propose()",
    ),
    (
        rules.status_is_changed_by_its_owner,
        ORDERS,
        "order.status = 'open'",
        "class Order:\n    def become(self):\n        self.status = 'open'",
    ),
    (rules.no_drawers, "src/jobcenter/web/utils.py", "", ""),
    (rules.no_abstract_classes, ORDERS, "from abc import ABC", "from typing import Protocol"),
    (rules.no_listeners, ORDERS, "from sqlalchemy import event", "from jobcenter import events"),
    (
        rules.relationships_raise,
        ORDERS,
        "x = relationship(back_populates='y')",
        "x = relationship(lazy='raise')",
    ),
    (
        rules.only_commands_read_settings,
        WEB,
        "from jobcenter.settings import Settings",
        "from jobcenter.web import app",
    ),
    (rules.only_commands_read_settings, WEB, "os.getenv('HOME')", "home = given"),
    (rules.types_are_told, ORDERS, "from typing import Any", "from typing import Literal"),
    (rules.types_are_told, ORDERS, "x = y  # type: ignore", "x = y  # type: ignore[misc] - why"),
    (
        rules.types_are_told,
        ORDERS,
        "x = y  # type: ignore[misc]",
        "# why\nx = y  # type: ignore[misc]",
    ),
    (rules.no_mocks, "tests/test_x.py", "from unittest.mock import Mock", "import tests.servers"),
    (
        rules.no_mocks,
        "tests/test_x.py",
        "monkeypatch.setattr(x, 'y', 1)",
        "monkeypatch.setenv('Y', '1')",
    ),
    (
        rules.the_matching_core_is_pure,
        SOLVER,
        "from jobcenter.orders import model",
        "from jobcenter.matching import problem",
    ),
    (rules.the_matching_core_is_pure, SOLVER, "import sqlalchemy", "import numpy as np"),
    (
        rules.the_matching_core_is_pure,
        SOLVER,
        "from jobcenter.matching.round import run",
        "from jobcenter.matching.rules import RULES",
    ),
    (
        rules.packages_hold_no_logic,
        "src/jobcenter/orders/__init__.py",
        "def place(): ...",
        '"""The orders."""',
    ),
    (rules.imports_stand_at_the_top, ORDERS, "def f():\n    import os", "import os"),
    (rules.money_is_whole_cents, ORDERS, "pay_cents: float = 0", "pay_cents: int = 0"),
    (rules.money_is_whole_cents, ORDERS, "def f(cents: float): ...", "def f(cents: int): ..."),
    (rules.no_html_in_python, WEB, "f'<p>{x}</p>'", "'a < b'"),
    (rules.logs_tell_nobody, ORDERS, "log.info('asked', client.name)", "log.info('asked', id)"),
    (rules.logs_tell_nobody, ORDERS, "log.info(f'asked {x}')", "form.error('name', name)"),
    (
        rules.senders_and_solvers_hold_no_session,
        "src/jobcenter/senders.py",
        "async def sms(session): ...",
        "async def sms(to): ...",
    ),
]


@pytest.mark.parametrize(("rule", "place", "wrong", "right"), PLANTED)
def test_a_rule_sees_its_offence(rule: Rule, place: str, wrong: str, right: str) -> None:
    assert list(rule(read(place, wrong))), f"{rule.__name__} is blind"
    if right:
        assert not list(rule(read(place, right))), f"{rule.__name__} sees ghosts"


def test_every_rule_has_a_planted_offence_and_says_why() -> None:
    assert {rule for rule, *_ in PLANTED} == set(RULES)
    assert all(rule.__doc__ for rule in RULES)
