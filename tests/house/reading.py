"""Reads Python files once, as trees, for the house rules and the style meter."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
TESTS = ROOT / "tests"

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: where it lies from the top of the repository, how it is imported, what it says."""

    place: str
    name: str
    text: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def is_test(self) -> bool:
        return self.place.startswith("tests/")

    @property
    def is_package(self) -> bool:
        return self.place.endswith("__init__.py")

    def is_in(self, *rooms: str) -> bool:
        """Whether this is one of these rooms, or lies in one; a room is named as it is imported."""
        return any(self.name == room or self.name.startswith(f"{room}.") for room in rooms)


def read(place: str, text: str) -> Module:
    parts = list(Path(place).with_suffix("").parts)
    if parts[0] == "src":
        parts = parts[1:]
    if parts[-1] == "__init__":
        parts = parts[:-1]
    return Module(place, ".".join(parts), text, ast.parse(text))


@cache
def all_modules() -> tuple[Module, ...]:
    """Every module of ours; migrations are written once and never edited, so they are left out."""
    files = [path for top in (SOURCE, TESTS) for path in sorted(top.rglob("*.py"))]
    modules = (
        read(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in files
    )
    return tuple(module for module in modules if "migrations" not in Path(module.place).parts)


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Every imported name in full, with its line: `from a import b` is `a.b`."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call, with the last word of what is called."""
    for node in module.nodes:
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func).rpartition(".")[2]


def texts(module: Module) -> Iterator[tuple[int, ast.Constant]]:
    """Every string that is written out, docstrings and parts of f-strings among them."""
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node


def functions(module: Module) -> list[Function]:
    return [node for node in module.nodes if isinstance(node, FUNCTIONS)]


def docstring(node: ast.AST) -> ast.Expr | None:
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return None
    return first if isinstance(first.value.value, str) else None
