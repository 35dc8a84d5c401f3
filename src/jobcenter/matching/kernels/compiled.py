"""The one decorator of this room: it turns a loop over numbers into machine code.

The code is kept under `./var`, by a fingerprint of the room: numba itself sees only a change of the
file in which a function stands. Without numba, or when `JOBCENTER_KERNELS` says `plain`, the same
functions run as they are read, with the same answers.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

PLAIN = os.environ.get("JOBCENTER_KERNELS") == "plain" or find_spec("numba") is None


def _shelf() -> Path | None:
    """Where this version's machine code is kept, if there is such a place."""
    print_of_all = sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        print_of_all.update(file.read_bytes())
    shelf = Path("var") / "kernels" / print_of_all.hexdigest()[:16]
    return shelf.resolve() if os.access("var", os.W_OK) else None


if PLAIN:

    def compiled(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        """Leave the function as it is."""
        return function

else:
    _kept = _shelf()
    if _kept is not None:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(_kept))
    import numba

    def compiled(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        """Compile at the first call and keep the code; the interpreter's lock is let go of."""
        made: Callable[Given, Answer] = numba.njit(cache=True, nogil=True, error_model="numpy")(
            function
        )
        return made
