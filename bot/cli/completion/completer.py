"""Completes a command line when the shell's script asks for it: topics, people, outlets, days, formats and files.

Rule: completion only reads, is quick, and never fails: without a database, or with settings that are wrong, there are
no suggestions.
Rule: names from articles go into a command line, so only names of harmless characters are suggested.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from bot.cli.completion.names import list_names, list_topics
from bot.cli.exports.arguments import FORMATS
from bot.storage.known_names import NameTable
from briefings import BriefingsError

_HARMLESS_NAME = re.compile(r"[\w*./~][\w .,'’&/:?=%+~@–-]{0,255}")
_DAYS = ("today", "yesterday", "monday", "this week", "last week", "this month", "last month")
_FILE_METAVARS = ("PATH_OR_URL", "ARTICLES", "FILE", "TOPICS", "ARCHIVE")
#: what is read from the database for an argument, by its name
_TABLES = {
    "by": NameTable.PEOPLE,
    "name": NameTable.PEOPLE,
    "words": NameTable.PEOPLE,
    "compare": NameTable.PEOPLE,
    "outlet": NameTable.OUTLETS,
    "id": NameTable.ARTICLES,
    "ids": NameTable.ARTICLES,
    "address": NameTable.FEEDS,
}


def complete_command_line(parser: argparse.ArgumentParser, **options: Any) -> NoReturn:  # noqa: ANN401  # for tests
    """Print the suggestions for the command line in COMP_LINE, and exit. Without the library there are none.

    It never returns, because the command must not run.
    """
    try:
        from argcomplete import CompletionFinder
    except ImportError:
        sys.exit(1)
    find_completions = CompletionFinder()
    find_completions(
        parser,
        always_complete_options="long",
        validator=_is_completion,
        default_completer=ValueCompleter(),
        **options,
    )
    sys.exit(1)


class ValueCompleter:
    """Suggests values for one argument."""

    def __call__(self, *, prefix: str, action: argparse.Action, **_: object) -> list[str]:
        """Return the values that begin with `prefix`."""
        values = self._suggest(action, prefix)
        return [value for value in values if _is_completion(value, prefix) and _HARMLESS_NAME.fullmatch(value)]

    def _suggest(self, action: argparse.Action, prefix: str) -> Iterable[str]:
        name = action.dest
        if name in ("since", "until", "date"):
            return _DAYS
        if name == "export_format":
            return FORMATS
        if name == "words" and action.option_strings:  # a number of words
            return ()
        if str(action.metavar) in _FILE_METAVARS:
            return _list_files(prefix)
        try:
            if name == "about":
                return list_topics()
            return list_names(_TABLES[name], prefix) if name in _TABLES else ()
        except (BriefingsError, OSError):
            return ()


def _list_files(prefix: str) -> list[str]:
    """Return the paths that begin with `prefix`; folders end with a slash."""
    folder, slash, start = prefix.rpartition("/")
    try:
        entries = sorted(Path(folder + slash or ".").iterdir())
    except OSError:
        return []
    return [
        f"{folder}{slash}{entry.name}{'/' if entry.is_dir() else ''}"
        for entry in entries
        if entry.name.startswith(start) and (start or not entry.name.startswith("."))
    ]


def _is_completion(value: str, prefix: str) -> bool:
    return value.casefold().startswith(prefix.casefold())
