"""Run all benchmarks, or only the one named: `python -m bench [ONLY]`. Prints one figure per line.

Rule: a benchmark is a module of this package with `measure() -> Iterator[Figure]`, listed in `NAMES`.
"""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

from bench.figures import Figure

#: valid values of ONLY; each is the name of a module
NAMES = (
    "attribution",
    "briefing",
    "cost",
    "cost_server",
    "digest",
    "hostile_clients",
    "ingest",
    "reading",
    "record",
    "replicas",
    "scale",
    "slack",
    "team_scope",
    "verification",
    "watch",
    "watch_delay",
    "web",
    "whosaid",
)


def main(arguments: Sequence[str]) -> int:
    """Print each figure as soon as it is measured; return the exit status, which is 2 for an unknown name."""
    if len(arguments) > 1 or not set(arguments) <= set(NAMES):
        sys.stderr.write(f"bench: use one of {', '.join(NAMES)}, or no name to run all of them\n")
        return 2
    for name in arguments or NAMES:
        for figure in measure_benchmark(name):
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
    return 0


def measure_benchmark(name: str) -> Iterator[Figure]:
    """Yield the figures of one benchmark."""
    figures: Iterator[Figure] = import_module(f"bench.{name}").measure()
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
