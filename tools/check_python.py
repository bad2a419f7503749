"""Stop with one sentence if this Python is too old: `python3 tools/check_python.py`

Rule: this starts in any Python 3.6 or newer, so that what comes later need not. The python3 of macOS is one of 3.9.
"""

import sys

_OLDEST = (3, 11)


def explain_version(version: "tuple[int, ...]") -> "str | None":
    """Return what to do if a version of Python is too old, or None."""
    if tuple(version[:2]) >= _OLDEST:
        return None
    needed, actual = (".".join(map(str, numbers[:2])) for numbers in (_OLDEST, version))
    return f"Python {needed} or newer is needed; this is {actual}. Name another one: make run PYTHON=python{needed}"


if __name__ == "__main__":
    sys.exit(explain_version(sys.version_info[:3]))
