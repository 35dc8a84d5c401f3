"""The command line: `jobcenter VERB` runs the module of that name in `jobcenter.commands`."""

import ast
import gc
import importlib
import sys
from collections.abc import Callable
from pathlib import Path

from jobcenter import commands
from jobcenter.errors import JobcenterError

INTERRUPTED = 130


def verbs() -> dict[str, Path]:
    """Give the verbs and their files; nothing is imported, so that listing them stays quick."""
    folder = Path(commands.__file__).parent
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return {path.stem.replace("_", "-"): path for path in files}


def describe(path: Path) -> str:
    """Give the first line of a verb's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def listing() -> str:
    lines = [f"  {verb:18} {describe(path)}" for verb, path in verbs().items()]
    return "\n".join(["Usage: ./jobcenter VERB [--help]", "", *lines])


def loaded(name: str) -> Callable[[list[str]], int]:
    """Load a verb. What is loaded stays, so nobody looks for waste in it, now or later."""
    gc.disable()
    run: Callable[[list[str]], int] = importlib.import_module(name).main
    gc.freeze()
    gc.enable()
    return run


def main(arguments: list[str] | None = None) -> int:
    verb, *rest = [*(sys.argv[1:] if arguments is None else arguments), ""]
    if verb not in verbs():
        sys.stderr.write(f"{listing()}\n")
        return 0 if verb in {"help", "--help", "-h"} else 2
    name = verb.replace("-", "_")
    run = loaded(f"jobcenter.commands.{name}")
    try:
        return run(rest[:-1])
    except JobcenterError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
