"""`python -m bench [ONLY]`: runs the benchmarks, or the one called ONLY, and prints one figure a line.

Rule: a benchmark is a module of this package with `measure() -> Iterator[Figure]`, named in `NAMES` and nowhere else.
"""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

from bench.figures import Figure

#: what ONLY may be; each is the module of that name
NAMES = ("attribution", "briefing", "digest", "ingest", "record", "replicas", "scale", "slack", "web")


def main(arguments: Sequence[str]) -> int:
    """Prints the figures as they are measured; gives the exit status, 2 for a name that is none."""
    if len(arguments) > 1 or not set(arguments) <= set(NAMES):
        sys.stderr.write(f"bench: give one of {', '.join(NAMES)}, or nothing for all of them\n")
        return 2
    for name in arguments or NAMES:
        for figure in measured(name):
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
    return 0


def measured(name: str) -> Iterator[Figure]:
    """The figures of one benchmark, as they come."""
    figures: Iterator[Figure] = import_module(f"bench.{name}").measure()
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
