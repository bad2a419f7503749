"""`python -m tests.language [--report] [FOLDER...]`: check the language; exit 1 with findings over a limit."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.language.checks import run_checks
from tests.language.report import format_results
from tests.language.tree import PROJECT_ROOT, Tree


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


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.language", description="Check for plain modern English.")
    parser.add_argument(
        "--report", action="store_true", help="also list markers within the limits, and the most frequent findings"
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="check only these (default: the project)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
