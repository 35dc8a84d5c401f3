"""Processes of our own programs for tests, forked from one that has loaded them.

Loading takes over a second each time, and the tests start a hundred of them.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from jobcenter import __main__

# No test starts these from here: one draws with a browser, one compiles, one checks.
NOT_LOADED = {"pictures", "match", "check"}
NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(
    [
        __name__,
        "tests.worker.running",
        *(
            f"jobcenter.commands.{path.stem}"
            for verb, path in __main__.verbs().items()
            if verb not in NOT_LOADED
        ),
    ]
)


def verb(arguments: Sequence[str], environment: Mapping[str, str], heard: Path) -> BaseProcess:
    """Give a verb of the command line to start; it writes files `said` and `complained`."""
    return NURSERY.Process(target=_verb, args=([*arguments], {**environment}, str(heard)))


def _verb(arguments: list[str], environment: dict[str, str], heard: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for name, descriptor in (("said", 1), ("complained", 2)):
        os.dup2(os.open(f"{heard}/{name}", os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
    sys.exit(__main__.main(arguments))
