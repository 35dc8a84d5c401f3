"""Large libraries that few calls need: loaded when something of theirs is first touched."""

import importlib.util
import sys
from types import ModuleType


def late(name: str) -> ModuleType:
    """Return a library that is not loaded yet; raise ModuleNotFoundError if it is not installed."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
