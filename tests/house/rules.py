"""The nevers of this house: one function each, whose docstring says why.

A rule yields the line and the reason of each offence. `PLANTED` in `test_rules.py` holds a bad
example of each, so that a rule that has gone blind is noticed.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator

from tests.house.reading import FUNCTIONS, Module, calls, docstring, functions, imported, texts

Offences = Iterator[tuple[int, str]]
Rule = Callable[[Module], Offences]

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base", "manager"}
STATEMENTS = {"select", "insert", "update", "delete", "text"}
SQL = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|WITH \w+ AS)\b")
MARKUP = re.compile(r"</?(a|b|br|div|form|h[1-6]|input|li|p|script|span|table|td|tr|ul)\b[^<]*>")
# Around the core: they read the database, put the answer into words, and write proposals.
AROUND_THE_CORE = (
    "jobcenter.matching.loading",
    "jobcenter.matching.round",
    "jobcenter.matching.ahead",
    "jobcenter.matching.thinking",
    "jobcenter.matching.words",
)
CORE_MAY_IMPORT = {*sys.stdlib_module_names, "numba", "numpy", "highspy"}
TELLING = {"address", "email", "first_name", "last_name", "name", "need", "note", "phone"}
LOGGING = {"debug", "info", "warning", "error", "exception", "critical"}
MOCKS = ("unittest.mock", "mock", "pytest_mock", "pretend")


def only_the_database_ends_transactions(module: Module) -> Offences:
    """A commit in the middle of an action makes half of it true when the other half fails."""
    if module.is_test or module.name in {
        "jobcenter.database",
        "jobcenter.logins",
        "jobcenter.schema",
    }:
        return
    for call, name in calls(module):
        # Things of our own may begin; sessions, connections and engines may not.
        is_theirs = re.search(r"(session|connection|conn|engine)\.begin$", ast.unparse(call.func))
        if is_theirs or name in {"commit", "rollback", "begin_nested"}:
            yield call.lineno, f"{name}() belongs to database.py"


def no_sql_at_the_doors(module: Module) -> Offences:
    """A page or a tick that asks the database itself goes past access, and past its tests."""
    doors = ("jobcenter.web", "jobcenter.worker", "jobcenter.senders")
    if not module.is_in(*doors):
        return
    for line, name in imported(module):
        if name.startswith("sqlalchemy.") and name.rpartition(".")[2] in STATEMENTS:
            yield line, f"{name}: write a query or an action in its room, and call that"
    for line, node in texts(module):
        if SQL.match(str(node.value)):
            yield line, "SQL: write a query or an action in its room, and call that"


def machines_only_propose(module: Module) -> Offences:
    """The machine proposes, a person assigns, the client says yes; the worker may ask the next."""
    if not module.is_in("jobcenter.matching", "jobcenter.worker"):
        return
    forbidden = {"assign", "accept"}
    if not module.is_in("jobcenter.worker"):
        forbidden.add("ask_next")
    for call, name in calls(module):
        if name in forbidden:
            yield call.lineno, f"{name}() is for people to call"
    for line, name in imported(module):
        if name.startswith("jobcenter.") and name.rpartition(".")[2] in forbidden:
            yield line, f"{name} is for people to call"


def status_is_changed_by_its_owner(module: Module) -> Offences:
    """A status set from outside skips the table of moves, and the event that tells of it."""
    if module.is_test:
        return
    for node in module.nodes:
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
            continue
        if node.attr == "status" and ast.unparse(node.value) != "self":
            yield node.lineno, f"{ast.unparse(node)} is changed by a method of its own"


def no_drawers(module: Module) -> Offences:
    """A module named for nothing in particular fills with everything in particular."""
    for part in module.name.split("."):
        if part.strip("_") in DRAWERS:
            yield 1, f"{part}: name it for what it holds"


def no_abstract_classes(module: Module) -> Offences:
    """With one child, an abstract class hides the statement that runs; we have functions."""
    for line, name in imported(module):
        if name.partition(".")[0] == "abc":
            yield line, f"{name}: a function or a Protocol does"


def no_listeners(module: Module) -> Offences:
    """What happens after a save must be seen where the save is called."""
    # The one listener hangs up on a silent connection; no row of ours is in it.
    if module.name == "jobcenter.database":
        return
    for line, name in imported(module):
        if name in {"sqlalchemy.event", "sqlalchemy.orm.validates"} or name.startswith("blinker"):
            yield line, f"{name}: call it where it happens"


def relationships_raise(module: Module) -> Offences:
    """A template that needs more than was loaded fails in the first test, not on row 1,000."""
    for call, name in calls(module):
        lazy = [ast.unparse(word.value) for word in call.keywords if word.arg == "lazy"]
        if name == "relationship" and lazy != ["'raise'"]:
            yield call.lineno, 'relationship(..., lazy="raise")'


def only_commands_read_settings(module: Module) -> Offences:
    """What a function needs is an argument; what it reads by itself no test can vary."""
    if module.is_test or module.name == "jobcenter.settings":
        return
    if module.is_in(
        "jobcenter.commands", "jobcenter.demo", "jobcenter.start", "jobcenter.__main__"
    ):
        return
    for line, name in imported(module):
        if name.startswith("jobcenter.settings"):
            yield line, "settings are handed in by a command"
    for call, name in calls(module):
        if name == "getenv":
            yield call.lineno, "settings are handed in by a command"


def types_are_told(module: Module) -> Offences:
    """`Any` and `cast` switch the checker off for whoever reads the value next."""
    for line, name in imported(module):
        if name in {"typing.Any", "typing.cast", "typing_extensions.Any"}:
            yield line, f"{name}: say what it is"
    lines = ["", *module.text.splitlines()]
    for number, line_text in enumerate(lines):
        found = re.search(r"#\s*type:\s*ignore(\[[\w, -]+\])?(.*)", line_text)
        if not found or module.is_in("tests.house"):
            continue
        has_reason = found[2].strip(" -#") or lines[number - 1].lstrip().startswith("#")
        if not (found[1] and has_reason):
            yield number, "type: ignore[code], with its reason behind it or above"


def no_mocks(module: Module) -> Offences:
    """A mock of our own function agrees with whatever we wrongly believe about it."""
    for line, name in imported(module):
        if name.startswith(MOCKS):
            yield line, f"{name}: use the real thing; a server in tests/servers.py if it is outside"
    for call, name in calls(module):
        if name == "setattr" and "monkeypatch" in ast.unparse(call.func):
            yield call.lineno, "monkeypatch.setattr: hand the other thing in as an argument"


def the_matching_core_is_pure(module: Module) -> Offences:
    """The core is run in another process, on arrays: no session, clock, setting or name gets in."""
    if not module.is_in("jobcenter.matching") or module.is_in(*AROUND_THE_CORE):
        return
    for line, name in imported(module):
        top = name.partition(".")[0]
        if name.startswith(AROUND_THE_CORE):
            yield line, f"{name} is not part of the core"
        elif top not in CORE_MAY_IMPORT and not name.startswith("jobcenter.matching"):
            yield line, f"the core may not import {name}"


def packages_hold_no_logic(module: Module) -> Offences:
    """Code in `__init__.py` runs for everybody who imports anything beside it."""
    if not module.is_package:
        return
    for node in module.tree.body:
        is_names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        is_plain = isinstance(node, ast.Import | ast.ImportFrom) or is_names
        if not is_plain and node is not docstring(module.tree):
            yield node.lineno, "move it to a module with a name"


def imports_stand_at_the_top(module: Module) -> Offences:
    """An import inside a function usually hides a circle that should be cut."""
    for function in functions(module):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield node.lineno, "import at the top"


def money_is_whole_cents(module: Module) -> Offences:
    """A float loses a cent somewhere between the order and the invoice."""
    for node in module.nodes:
        if isinstance(node, ast.AnnAssign):
            name, annotation = ast.unparse(node.target), ast.unparse(node.annotation)
        elif isinstance(node, ast.arg) and node.annotation:
            name, annotation = node.arg, ast.unparse(node.annotation)
        else:
            continue
        if "cents" in name.split("_") and "float" in annotation:
            yield node.lineno, f"{name} is an int"


def no_html_in_python(module: Module) -> Offences:
    """Markup outside the templates is seen by no designer and escaped by nobody."""
    if not module.is_in("jobcenter"):
        return
    told = {id(found.value) for node in module.nodes if (found := docstring(node))}
    for line, node in texts(module):
        if id(node) not in told and MARKUP.search(str(node.value)):
            yield line, "write it in a template"


def logs_tell_nobody(module: Module) -> Offences:
    """A log is read by people who may not know who is a client: ids only."""
    if module.is_test:
        return
    for call, name in calls(module):
        about = ast.unparse(call.func).partition(".")[0].lower()
        if name not in LOGGING or "log" not in about:
            continue
        values = [*call.args[1:], *(word.value for word in call.keywords)]
        words = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for value in values
            for node in ast.walk(value)
            if isinstance(node, ast.Attribute | ast.Name)
        }
        if told := words & TELLING:
            yield call.lineno, f"{', '.join(sorted(told))} in a log line"
        if call.args and isinstance(call.args[0], ast.JoinedStr):
            yield call.lineno, "a fixed sentence, and ids as values"


def senders_and_solvers_hold_no_session(module: Module) -> Offences:
    """Sending or solving inside a transaction keeps its locks for as long as the world answers."""
    is_core = module.is_in("jobcenter.matching") and not module.is_in(*AROUND_THE_CORE)
    if not is_core and not module.is_in("jobcenter.senders"):
        return
    for node in module.nodes:
        if isinstance(node, FUNCTIONS):
            spec = node.args
            for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs):
                annotation = ast.unparse(each.annotation) if each.annotation else ""
                if each.arg == "session" or "Session" in annotation:
                    yield node.lineno, f"{node.name} takes no session"


RULES: tuple[Rule, ...] = (
    only_the_database_ends_transactions,
    no_sql_at_the_doors,
    machines_only_propose,
    status_is_changed_by_its_owner,
    no_drawers,
    no_abstract_classes,
    no_listeners,
    relationships_raise,
    only_commands_read_settings,
    types_are_told,
    no_mocks,
    the_matching_core_is_pure,
    packages_hold_no_logic,
    imports_stand_at_the_top,
    money_is_whole_cents,
    no_html_in_python,
    logs_tell_nobody,
    senders_and_solvers_hold_no_session,
)


def offences(rule: Rule, modules: tuple[Module, ...]) -> list[str]:
    """Give each offence as `place:line: reason`, to be clicked on."""
    return [
        f"{module.place}:{line}: {reason}" for module in modules for line, reason in rule(module)
    ]
