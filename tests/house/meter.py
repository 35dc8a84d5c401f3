"""Measures the shape of the source tree: sizes, depth, annotations, circles, silenced checks.

The numbers are tripwires, not goals. Those in `LIMITS` are held by `tests/test_house.py`.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.house.reading import FUNCTIONS, Function, Module, docstring, functions, imported
from tests.house.rules import DRAWERS

Figures = dict[str, float]
Graph = Mapping[str, set[str]]

# To import everything is all that this module does.
ALL_TABLES = "jobcenter.tables"

# Which figure, its bound, and whether the bound is the most or the least it may be.
LIMITS: dict[str, tuple[str, float]] = {
    "module_lines_max": ("most", 400),
    "module_lines_p90": ("most", 300),
    "function_lines_max": ("most", 50),
    "function_lines_p90": ("most", 25),
    "nesting_max": ("most", 3),
    "annotated_pct": ("least", 100),
    "import_cycles": ("most", 0),
    "imports_inside_max": ("most", 13),
    "drawer_modules": ("most", 0),
    "folders_with_one_module": ("most", 0),
    "modules_under_10_code_lines": ("most", 0),
    "silenced_lints": ("most", 5),
    "test_to_code_ratio": ("least", 0.65),
}
BLOCKS = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.TryStar,
    ast.Match,
)
SILENCED = re.compile(r"#\s*(type:\s*ignore|noqa)")
SMALL_MODULE = 10
# The compiled loops are a room of their own, with bounds of their own.
KERNELS = "jobcenter.matching.kernels"


def measure(modules: Iterable[Module]) -> Figures:
    everything = list(modules)
    source = [each for each in everything if not each.is_test and not each.is_in(KERNELS)]
    tests = [each for each in everything if each.is_test]
    code = sum(map(code_lines, source))
    return {
        **measure_modules(source),
        **measure_functions([each for module in source for each in functions(module)]),
        **measure_imports(source),
        "silenced_lints": sum(len(SILENCED.findall(each.text)) for each in source),
        "test_to_code_ratio": sum(map(code_lines, tests)) / code if code else 1.0,
    }


def broken_limits(figures: Figures, limits: Mapping[str, tuple[str, float]]) -> list[str]:
    return [
        f"{name} is {figures[name]:g}, the {side} is {bound:g}"
        for name, (side, bound) in limits.items()
        if (figures[name] > bound if side == "most" else figures[name] < bound)
    ]


def worst(modules: Iterable[Module]) -> list[str]:
    """Name the places that break a limit, so that a broken figure leads somewhere."""
    source = [each for each in modules if not each.is_test and not each.is_in(KERNELS)]
    folders = Counter(str(Path(each.place).parent) for each in source if not each.is_package)
    places = [f"{folder}: one module" for folder, count in folders.items() if count == 1]
    most = LIMITS["imports_inside_max"][1]
    for name, imports in import_graph(source).items():
        if len(imports) > most and name != ALL_TABLES:
            places.append(f"{name}: imports {len(imports)} of ours")
    for module in source:
        lines = len(module.text.splitlines())
        if lines > LIMITS["module_lines_p90"][1]:
            places.append(f"{module.place}: {lines} lines")
        if not module.is_package and code_lines(module) < SMALL_MODULE:
            places.append(f"{module.place}: under {SMALL_MODULE} lines of code")
        for function in functions(module):
            places += [f"{module.place}:{function.lineno}: {what}" for what in faults(function)]
        for number, line in enumerate(module.text.splitlines(), start=1):
            if SILENCED.search(line):
                places.append(f"{module.place}:{number}: silenced")
    return places


def faults(function: Function) -> list[str]:
    found = []
    if length(function) > LIMITS["function_lines_max"][1]:
        found.append(f"{function.name} has {length(function)} lines")
    if nesting(function) > LIMITS["nesting_max"][1]:
        found.append(f"{function.name} is {nesting(function)} deep")
    if not is_annotated(function):
        found.append(f"{function.name} is not annotated")
    return found


def measure_modules(source: Sequence[Module]) -> Figures:
    sizes = [len(module.text.splitlines()) for module in source if not module.is_package]
    folders = Counter(str(Path(module.place).parent) for module in source if not module.is_package)
    small = [
        module for module in source if not module.is_package and code_lines(module) < SMALL_MODULE
    ]
    return {
        "module_lines_max": max(sizes, default=0),
        "module_lines_p90": percentile(sizes, 90),
        "modules_under_10_code_lines": len(small),
        "folders_with_one_module": sum(count == 1 for count in folders.values()),
        "drawer_modules": sum(bool(DRAWERS & set(module.name.split("."))) for module in source),
    }


def measure_functions(every: Sequence[Function]) -> Figures:
    lengths = [length(function) for function in every]
    annotated = sum(map(is_annotated, every))
    return {
        "function_lines_max": max(lengths, default=0),
        "function_lines_p90": percentile(lengths, 90),
        "nesting_max": max(map(nesting, every), default=0),
        "annotated_pct": 100 * annotated / len(every) if every else 100,
    }


def measure_imports(source: Sequence[Module]) -> Figures:
    graph = import_graph(source)
    return {
        "import_cycles": len(circles(graph)),
        "imports_inside_max": max(
            (len(found) for name, found in graph.items() if name != ALL_TABLES), default=0
        ),
    }


@cache
def code_lines(module: Module) -> int:
    """Count lines that are neither blank, comment nor docstring."""
    skipped = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in module.nodes:
        if isinstance(node, ast.Module | ast.ClassDef | FUNCTIONS[0] | FUNCTIONS[1]):
            lines -= docstring_lines(node)
    return len(lines)


def docstring_lines(node: ast.AST) -> set[int]:
    found = docstring(node)
    return set(range(found.lineno, (found.end_lineno or found.lineno) + 1)) if found else set()


def length(function: Function) -> int:
    """Count lines from `def` to the last one, without the docstring."""
    last = function.end_lineno or function.lineno
    return last - function.lineno + 1 - len(docstring_lines(function))


def nesting(function: Function) -> int:
    return max((depth(child, 0) for child in function.body), default=0)


def depth(node: ast.AST, level: int) -> int:
    """How deep blocks lie in each other; an `elif` is no deeper than its `if`."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
        return level
    here = level + isinstance(node, BLOCKS)
    chained = node.orelse if isinstance(node, ast.If) and is_elif(node.orelse) else []
    inner = (
        depth(child, level if child in chained else here) for child in ast.iter_child_nodes(node)
    )
    return max(inner, default=here) if not chained else max(here, *inner)


def is_elif(block: list[ast.stmt]) -> bool:
    return len(block) == 1 and isinstance(block[0], ast.If)


def is_annotated(function: Function) -> bool:
    spec = function.args
    named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    if named and named[0].arg in {"self", "cls"}:
        named = named[1:]
    named += [extra for extra in (spec.vararg, spec.kwarg) if extra]
    returns = function.returns is not None or function.name == "__init__"
    return returns and all(arg.annotation for arg in named)


def import_graph(source: Sequence[Module]) -> dict[str, set[str]]:
    """Which module of ours imports which; `from package import name` leads to the nearest one."""
    known = {module.name for module in source}
    graph: dict[str, set[str]] = {module.name: set() for module in source}
    for module in source:
        for _, name in imported(module):
            target = name
            while target and target not in known:
                target = target.rpartition(".")[0]
            graph[module.name] |= {target} - {"", module.name}
    return graph


def circles(graph: Graph) -> set[frozenset[str]]:
    """Groups of modules that import one another."""
    reach = {name: reachable(graph, name) for name in graph}
    return {
        frozenset(other for other in reach[name] if name in reach[other])
        for name in graph
        if name in reach[name]
    }


def reachable(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph[name]
    return seen


def percentile(values: Sequence[int], percent: int) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0
