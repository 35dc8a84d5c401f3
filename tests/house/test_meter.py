"""The style meter counts as a person would, on small pieces of code."""

import pytest

from tests.house import meter
from tests.house.reading import Function, functions, read


def only(text: str) -> Function:
    return functions(read("src/jobcenter/a.py", text))[0]


def test_a_function_is_measured_without_its_docstring() -> None:
    assert meter.length(only('def f():\n    """Two\n    lines."""\n    a = 1\n    return a')) == 3


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("def f():\n    return 1", 0),
        ("def f():\n    if a:\n        for b in c:\n            d()", 2),
        ("def f():\n    if a:\n        b()\n    elif c:\n        d()\n    else:\n        e()", 1),
        ("def f():\n    if a:\n        b()\n    else:\n        with c:\n            d()", 2),
        ("def f():\n    if a:\n        b()\n    elif c:\n        for d in e:\n            g()", 2),
        ("def f():\n    try:\n        a()\n    except B:\n        while c:\n            d()", 2),
    ],
)
def test_nesting(text: str, deep: int) -> None:
    assert meter.nesting(only(text)) == deep


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("def f(self, a: int) -> None: ...", True),
        ("def f(a) -> None: ...", False),
        ("def f(a: int): ...", False),
        ("def f(*a, **b: int) -> None: ...", False),
        ("def __init__(self, a: int): ...", True),
    ],
)
def test_annotation(text: str, *, whole: bool) -> None:
    assert meter.is_annotated(only(text)) is whole


def test_code_lines_leave_out_comments_docstrings_and_blanks() -> None:
    module = read("src/jobcenter/a.py", '"""What it is."""\n\n# why\na = [\n    1,\n]\n')
    assert meter.code_lines(module) == 3


def test_a_circle_of_imports_is_found() -> None:
    modules = [
        read("src/jobcenter/a.py", "from jobcenter import b"),
        read("src/jobcenter/b.py", "from jobcenter.c import thing"),
        read("src/jobcenter/c.py", "import jobcenter.a"),
        read("src/jobcenter/d.py", "import jobcenter.a"),
    ]
    found = meter.circles(meter.import_graph(modules))
    assert found == {frozenset({"jobcenter.a", "jobcenter.b", "jobcenter.c"})}


def test_a_bad_tree_breaks_the_limits() -> None:
    deep = "\n".join(f"{'    ' * level}if a{level}:" for level in range(1, 6))
    text = f"def f(a):\n{deep}\n{'    ' * 6}pass  # noqa\n" + "a = 1\n" * 400
    figures = meter.measure([read("src/jobcenter/common/x.py", text)])
    told = " ".join(meter.broken_limits(figures, meter.LIMITS))
    for name in (
        "module_lines_max",
        "nesting_max",
        "annotated_pct",
        "drawer_modules",
        "folders_with_one_module",
        "test_to_code_ratio",
    ):
        assert name in told


def test_a_good_tree_keeps_them() -> None:
    body = "\n".join(f"def f{number}(a: int) -> int:\n    return a\n" for number in range(5))
    modules = [read(f"src/jobcenter/{name}.py", f'"""What."""\n\n{body}') for name in "ab"]
    modules += [read(f"tests/test_{name}.py", body) for name in "ab"]
    assert meter.broken_limits(meter.measure(modules), meter.LIMITS) == []
