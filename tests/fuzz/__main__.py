"""Damage a file of every kind many times and read the results: `python -m tests.fuzz --count 1000 [FOLDER]`.

Prints a line for each file: its name, the number of damaged copies, how many gave articles, the slowest in seconds,
and how many raised anything else than the project's own error. The exit status is 1 if one did, or if the process
needed more than the limit of memory. The sandbox processes have their own limit.
"""

import argparse
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.runner import FuzzResult, fuzz_file
from tests.fuzz.samples import write_samples

#: maximum resident memory of the reading process, in kilobytes
_MAX_KILOBYTES = 400_000


def main() -> int:
    """Fuzz the files that the arguments name and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="folder with sound files (default: our own samples)")
    parser.add_argument("--only", default="", help="only files with this text in their names")
    parser.add_argument("--count", type=int, default=1_000, help="damaged copies of each file (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the damage (default: 0)")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        paths = _list_files(arguments.folder) if arguments.folder else write_samples(Path(folder))
        paths = [path for path in paths if arguments.only in path.name]
        has_failed = max([_report(fuzz_file(path, arguments.count, arguments.seed), path.name) for path in paths])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak // 1_000} MB (limit {_MAX_KILOBYTES // 1_000})")
    return 1 if has_failed or peak > _MAX_KILOBYTES else 0


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _report(result: FuzzResult, name: str) -> bool:
    """Print the result for one file and return whether it has failures."""
    print(
        f"{name}: {result.copies} copies, {result.with_articles} with articles, "
        f"slowest {result.slowest_seconds:.2f} s, {len(result.failures)} failures",
        flush=True,
    )
    for failure in result.failures[:5]:
        print(f"    {failure}")
    return bool(result.failures)


if __name__ == "__main__":
    sys.exit(main())
