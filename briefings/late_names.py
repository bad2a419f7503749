"""Import the public names of a package on first use, so that importing the package takes milliseconds.

__getattr__ = import_late(__name__, __all__, ("quick_module", "slow_module"))
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any


def import_late(package: str, names: Sequence[str], modules: Sequence[str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package: it searches the modules, in this order, for one of the names.

    Put the slowest module last. The function raises AttributeError for any other name.
    """
    public_names = frozenset(names)

    def get_name(name: str) -> Any:  # noqa: ANN401  # the types are those of the package's TYPE_CHECKING imports
        if name in public_names:
            for module in (import_module(f"{package}.{module}") for module in modules):
                if hasattr(module, name):
                    value = getattr(module, name)
                    setattr(sys.modules[package], name, value)  # the next use is an ordinary attribute
                    return value
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get_name
