"""Arguments of `export`, formats and file names, and `--format` and `--output` of commands that print answers.

Rule: this module imports nothing of the exports, because every command loads it.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.cli.terminal.command_parser import CommandParser, find_similar

#: names of `briefings.exports.Format`, which is slow to import
FORMATS = ("md", "csv", "json", "docx", "bibtex", "ris", "csl")
_FORMATS_BY_SUFFIX = {
    ".md": "md",
    ".markdown": "md",
    ".csv": "csv",
    ".json": "json",
    ".docx": "docx",
    ".bib": "bibtex",
    ".bibtex": "bibtex",
    ".ris": "ris",
    ".csl": "csl",
}
_CSL_SUFFIX = ".csl.json"

AddOptions = Callable[[argparse.ArgumentParser], None]
SetCommand = Callable[[argparse.ArgumentParser, str], None]

_FORMATS_LIST = ", ".join(FORMATS[:-1]) + f" or {FORMATS[-1]}"
_FORMAT_HELP = f"{_FORMATS_LIST} (default: from the name of --output, else md)"
_OUTPUT_HELP = "write to this file instead of standard output"


def add_export_parser(
    commands: "argparse._SubParsersAction[CommandParser]",
    *,
    add_briefing_options: AddOptions,
    add_quote_options: AddOptions,
    add_people_options: AddOptions,
    add_from_option: AddOptions,
    set_command: SetCommand,
) -> None:
    """Add `export` with one command for each kind of answer. `set_command` names the function that runs."""
    export = commands.add_parser("export", help="save an answer as Markdown, CSV, JSON, Word, BibTeX, RIS or CSL-JSON")
    kinds = export.add_subparsers(title="what to export", metavar="KIND", required=True)

    briefing = kinds.add_parser("briefing", help="a briefing on a topic or on words, or the news of some days")
    briefing.add_argument(
        "about", nargs="+", metavar="TOPIC_OR_WORDS", help="a topic's slug, words, *, or days such as this week"
    )
    add_briefing_options(briefing)
    for name, help_text in (
        ("whosaid", "the newest quotations with these words, a timeline or a comparison, as whosaid prints them"),
        ("search", "all quotations with these words, up to 1,000"),
    ):
        command = kinds.add_parser(name, help=help_text)
        command.add_argument("words", nargs="*", metavar="WORDS", help="words of a quotation, a name, and filters")
        add_quote_options(command)
        if name == "whosaid":
            add_people_options(command)
    person = kinds.add_parser("person", help="a person's quotations, newest first")
    person.add_argument("name", nargs="+", metavar="NAME", help="name of the person")
    article = kinds.add_parser("article", help="an article's citation, and who is quoted in it")
    article.add_argument("id", metavar="ID", help="id of the article")
    for name, command in kinds.choices.items():
        add_from_option(command)
        add_format_option(command)
        command.add_argument("--output", metavar="FILE", help=_OUTPUT_HELP)
        set_command(command, f"export_{name}")


def add_format_option(command: "argparse.ArgumentParser | argparse._MutuallyExclusiveGroup") -> None:
    """Add `--format`."""
    command.add_argument("--format", dest="export_format", metavar="FORMAT", type=_parse_format, help=_FORMAT_HELP)


def _parse_format(text: str) -> str:
    from briefings.exports import find_format  # imports more than other commands need

    export_format = find_format(text)
    if export_format is None:
        similar_format = find_similar(text, FORMATS)
        question = f". Did you mean {similar_format}?" if similar_format else f": use {_FORMATS_LIST}"
        raise argparse.ArgumentTypeError(f"unknown format {text!r}{question}")
    return export_format.value


def guess_format(path: str) -> str | None:
    """Return the format that the suffix of a file names, or None."""
    if path.casefold().endswith(_CSL_SUFFIX):
        return "csl"
    return _FORMATS_BY_SUFFIX.get(Path(path).suffix.casefold())
