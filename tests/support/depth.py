"""How deep the long tests go: `make test` is quick, `make test THOROUGH=1` does all that a release needs.

Rule: both make the same promises. The thorough run repeats them more often: more kills, more links, every look.
"""

import os
from typing import TypeVar

T = TypeVar("T")
IS_THOROUGH = os.environ.get("THOROUGH") == "1"


def choose(quick: T, thorough: T) -> T:
    """Return the value for this run."""
    return thorough if IS_THOROUGH else quick
