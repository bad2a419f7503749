"""Run every parser on damaged inputs: `python -m tests.fuzz --count 1000000`.

The inputs are shared among the parsers. With atheris (`make fuzz` installs it), inputs that reach new code are damaged
further; without it, damage is random. Each line has a parser's inputs, seconds, slowest input and findings. A finding
is an error that is not the project's own, a message that is not one line, or a crash. The exit status is then 1.
With FOLDER, the files in it are damaged, `--count` times each, and read as `ontherecord add` reads them, with the
separate reader processes. The exit status is also 1 if that needs too much memory.
"""

import argparse
import contextlib
import io
import logging
import resource
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

#: maximum resident memory of the process that reads the files of a folder, in kilobytes
_MAX_KILOBYTES = 400_000


def main() -> int:
    """Fuzz what the arguments name and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="folder with sound files to damage")
    parser.add_argument("--only", default="", help="only parsers or files with this text in their names")
    parser.add_argument("--count", type=int, default=100_000, help="damaged inputs in all (default: 100000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the damage (default: 0)")
    parser.add_argument("--keep", type=Path, help="folder for the inputs of findings (default: only print them)")
    parser.add_argument("--unguided", action="store_true", help="damage at random, even if atheris is installed")
    arguments = parser.parse_args()
    if arguments.folder:
        return _fuzz_folder(arguments.folder, arguments.only, arguments.count, arguments.seed)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")  # of parsers about damaged input
    with TemporaryDirectory() as folder:
        return _fuzz_targets(arguments, arguments.keep or Path(folder))


def _fuzz_targets(arguments: argparse.Namespace, folder: Path) -> int:
    fuzzer = None if arguments.unguided else _load_fuzzer()
    from tests.fuzz.campaign import run_target  # after the instrumentation of the parsers
    from tests.fuzz.targets import list_targets

    targets = [target for target in list_targets() if arguments.only in target.name]
    if not targets:
        print(f"No parser has {arguments.only!r} in its name.")
        return 1
    counts = split_count(arguments.count, [target.share for target in targets])
    print(f"{len(targets)} parsers, {sum(counts):,} inputs, {'guided by coverage' if fuzzer else 'damaged at random'}")
    start, inputs, findings = time.monotonic(), 0, 0
    for target, count in zip(targets, counts, strict=True):
        result = run_target(target, count, arguments.seed, folder / target.name, fuzzer)
        inputs, findings = inputs + result.inputs, findings + len(result.findings)
        print(
            f"{result.name}: {result.inputs:,} inputs, {result.seconds:.1f} s, "
            f"slowest {result.slowest_seconds:.2f} s, {len(result.findings)} findings",
            flush=True,
        )
        for place, text in result.findings.items():
            print(f"    {place}\n" + "\n".join(f"        {line}" for line in text.splitlines()), flush=True)
    print(f"{inputs:,} inputs in {time.monotonic() - start:,.0f} s, {findings} findings")
    return 1 if findings or inputs < sum(counts) else 0


def split_count(count: int, shares: Sequence[int]) -> list[int]:
    """Split a number of inputs by shares; each part is rounded up."""
    return [-(-count * share // sum(shares)) for share in shares]


def _load_fuzzer() -> ModuleType | None:
    """Return atheris, with our parsers instrumented, or None if it is not installed."""
    try:
        import atheris
    except ImportError:
        print("atheris is not installed, so the damage is random. To let coverage guide it, run: make fuzz")
        return None
    # atheris prints a line for each module
    with contextlib.redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["briefings", "bot"]):
        from tests.fuzz import targets  # noqa: F401 - imports every parser
    module: ModuleType = atheris
    return module


def _fuzz_folder(folder: Path, only: str, count: int, seed: int) -> int:
    from tests.fuzz.runner import fuzz_file

    has_failed = False
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and only in path.name):
        result = fuzz_file(path, count, seed)
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
