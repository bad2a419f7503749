"""Damage each file of a folder many times and read the results: `python -m tests.fuzz FOLDER --count 1000`.

Prints a line for each file: its name, the number of damaged copies, how many gave articles, the slowest in seconds,
and how many raised anything else than the project's own error. The exit status is 1 if one did, or if the process
needed more than the limit of memory. The sandbox processes have their own limit.
"""

import argparse
import resource
import sys
from pathlib import Path

from tests.fuzz.runner import fuzz_file

#: maximum resident memory of the reading process, in kilobytes
_MAX_KILOBYTES = 400_000


def main() -> int:
    """Fuzz the files that the arguments name and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with sound files, one or more of each kind")
    parser.add_argument("--count", type=int, default=1_000, help="damaged copies of each file (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the damage (default: 0)")
    arguments = parser.parse_args()
    has_failed = False
    for path in sorted(path for path in arguments.folder.rglob("*") if path.is_file()):
        result = fuzz_file(path, arguments.count, arguments.seed)
        print(
            f"{path.name}: {result.copies} copies, {result.with_articles} with articles, "
            f"slowest {result.slowest_seconds:.2f} s, {len(result.failures)} failures",
            flush=True,
        )
        for failure in result.failures[:5]:
            print(f"    {failure}")
        has_failed = has_failed or bool(result.failures)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak // 1_000} MB (limit {_MAX_KILOBYTES // 1_000})")
    return 1 if has_failed or peak > _MAX_KILOBYTES else 0


if __name__ == "__main__":
    sys.exit(main())
