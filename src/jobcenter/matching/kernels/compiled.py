"""The two decorators of this room: they turn loops over numbers into machine code.

`kernel` is for what the rest of the house calls, `compiled` for the parts that only kernels call: a
part gets no door for Python and no place on the shelf, as its code goes into every kernel anyway.
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

    kernel = compiled

else:
    _kept = _shelf()
    if _kept is not None:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(_kept))
    from numba.core import types
    from numba.core.registry import CPUDispatcher
    from numba.core.typing.templates import Signature

    # The interpreter's lock is let go of.
    OPTIONS = {"nopython": True, "nogil": True, "error_model": "numpy"}
    DOORLESS = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

    class Once(CPUDispatcher):
        """Compiles a function once for all whole numbers.

        Left alone, numba compiles anew for each mix of narrow numbers, wide ones and constants
        among the arguments: half as much again in functions, and twice the time.
        """

        def compile(self, sig: str | tuple[types.Type, ...] | Signature) -> Callable[..., object]:
            given = sig if isinstance(sig, tuple) else ()
            return super().compile(tuple(map(_widest, given)) or sig)

    def _widest(given: types.Type) -> types.Type:
        if isinstance(given, types.Integer | types.IntegerLiteral):
            return types.int64
        if isinstance(given, types.Boolean | types.BooleanLiteral):
            return types.boolean
        return given

    def compiled(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        """Compile when a kernel needs it."""
        made: Callable[Given, Answer] = Once(function, targetoptions=OPTIONS | DOORLESS)
        return made

    def kernel(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        """Compile at the first call, and keep the code."""
        made = Once(function, targetoptions=OPTIONS)
        made.enable_caching()
        outer: Callable[Given, Answer] = made
        return outer
