"""`python -m tests.language [--report] [FOLDER...]`: check the language; exit 1 with findings over a limit."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.language.checks import Result, run_checks
from tests.language.tree import PROJECT_ROOT, Tree

_MOST_FREQUENT = 15


def main(arguments: Sequence[str]) -> int:
    """Print the findings and the figures; return the exit status."""
    parser = _build_parser()
    options = parser.parse_args(arguments)
    folders = tuple(folder.resolve() for folder in options.folders)
    for folder in folders:
        if not folder.exists() or not folder.is_relative_to(PROJECT_ROOT):
            parser.error(f"{folder} is not a file or folder of this project")
    results = [result for result in run_checks(Tree(folders=folders)) if result.files]
    if not results:
        parser.error("no checked file in the given folders")
    sys.stdout.writelines(f"{line}\n" for line in format_results(results, with_all=options.report))
    return int(any(result.is_broken for result in results))


def format_results(results: Iterable[Result], *, with_all: bool = False) -> Iterator[str]:
    """Yield the findings of the broken checks, or of all checks, and then the summary."""
    all_results = list(results)
    for result in all_results:
        if result.is_broken or with_all:
            yield from (str(finding) for finding in result.findings)
    yield from (_format_summary(result) for result in all_results)
    if with_all:
        yield from (line for result in all_results if (line := _format_frequencies(result)))


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.language", description="Check for plain modern English.")
    parser.add_argument(
        "--report", action="store_true", help="also list markers within the limits, and the most frequent findings"
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="check only these (default: the project)"
    )
    return parser


def _format_summary(result: Result) -> str:
    state = "FAIL" if result.is_broken else "ok"
    unit = f"per 1,000 words of {result.words:,}" if result.words else "in all"
    figure = f"{result.figure:.1f}" if result.words else f"{result.figure:.0f}"
    return f"{state:4} {result.title}: {figure} {unit} (limit {result.limit:g}, files {result.files})"


def _format_frequencies(result: Result) -> str:
    """List the most frequent messages of a check."""
    counts = Counter(finding.message for finding in result.findings)
    frequencies = ", ".join(f"{message} ×{count}" for message, count in counts.most_common(_MOST_FREQUENT))
    return f"most frequent, {result.title}: {frequencies}" if frequencies else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
