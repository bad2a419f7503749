"""Writes an answer as a file, or to standard output.

Rule: a file appears complete or not at all. A Word file is never printed on a terminal.
"""

import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.answers.export_builder import ExportBuilder
from bot.answers.question_reader import RecordNames
from bot.cli import resources, typed_questions
from bot.cli.exports.arguments import guess_format
from bot.cli.people.questions import read_person_question
from bot.cli.terminal.output import print_file
from briefings import BadInput, BadQuestion
from briefings.exports import Document, Format, render

_STANDARD_OUTPUT = "-"
_BINARY_ON_TERMINAL = (
    "A Word file can't be shown in a terminal. Add --output and a name, for example: --output answer.docx"
)


def export_briefing(arguments: Namespace) -> int:
    """Export a briefing, or the news of some days. Raises BriefingsError."""

    def build(builder: ExportBuilder) -> Document:
        # "today" is the day where the terminal is
        today = resources.now().astimezone().date()
        query = typed_questions.read_briefing(RecordNames(builder.service), arguments, today)
        return builder.build_answer(query, arguments.words)

    return _export(arguments, build)


def export_whosaid(arguments: Namespace) -> int:
    """Export who said something, a person's timeline, or two people side by side. Raises BriefingsError."""

    def build(builder: ExportBuilder) -> Document:
        names = RecordNames(builder.service)
        person_query = read_person_question(names, arguments, builder.today)
        return builder.build_answer(person_query or typed_questions.read_who_said(names, arguments, builder.today))

    return _export(arguments, build)


def export_search(arguments: Namespace) -> int:
    """Export all pages of a search. Raises BriefingsError, also for a timeline or a comparison, which has no pages."""

    def build(builder: ExportBuilder) -> Document:
        if read_person_question(RecordNames(builder.service), arguments, builder.today):
            raise BadQuestion("A timeline or comparison isn't a search. Type: export whosaid instead of export search.")
        return builder.build_search(
            typed_questions.read_who_said(RecordNames(builder.service), arguments, builder.today)
        )

    return _export(arguments, build)


def export_person(arguments: Namespace) -> int:
    """Export a person's quotations. Raises BriefingsError."""
    name = " ".join(arguments.name)
    return _export(arguments, lambda builder: builder.build_person(name))


def export_article(arguments: Namespace) -> int:
    """Export an article's citation and quotations. Raises BriefingsError."""
    return _export(arguments, lambda builder: builder.build_article(arguments.id))


def _export(arguments: Namespace, build: Callable[[ExportBuilder], Document]) -> int:
    output = getattr(arguments, "output", None)
    export_format = _choose_format(arguments.export_format, output)
    if export_format is Format.WORD and output in (None, _STANDARD_OUTPUT) and sys.stdout.isatty():
        raise BadInput(_BINARY_ON_TERMINAL)
    with resources.open_service(resources.load_record_settings(arguments), arguments.articles) as service:
        document = build(ExportBuilder(service, resources.now().date()))
    # a pipe leads to a program, which would read a byte order mark as part of the first column's name
    content = render(document, export_format, for_spreadsheet=output not in (None, _STANDARD_OUTPUT)).content
    if output is None or output == _STANDARD_OUTPUT:
        _print_content(content, export_format, arguments)
    else:
        _write_file(Path(output), content)
        print(f"Saved {output}.")
    return 0


def _print_content(content: bytes, export_format: Format, arguments: Namespace) -> None:
    if export_format is not Format.WORD:
        print_file(content.decode("utf-8"), arguments)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _choose_format(name: str | None, output: str | None) -> Format:
    """Return the format that was asked for, or that the file's name has. Raises BadQuestion for another suffix."""
    if name:
        return Format(name)
    if output is None or output == _STANDARD_OUTPUT:
        return Format.MARKDOWN
    guessed_format = guess_format(output)
    if not output.strip():
        raise BadQuestion("--output needs the name of a file, for example: --output answer.docx")
    if guessed_format is None:
        raise BadQuestion(f"{output} doesn't say which format you want. Add --format, for example: --format docx")
    return Format(guessed_format)


def _write_file(path: Path, content: bytes) -> None:
    """Write a file, replacing an older one only when the new one is complete. Raises BadInput."""
    try:
        if path.is_dir():
            raise BadInput(f"{path} is a folder. Add the name of a file.")
        if path.exists() and not path.is_file():  # a device or a pipe
            path.write_bytes(content)
            return
        target = Path(os.path.realpath(path))  # a symbolic link stays, and its file is replaced
        descriptor, temporary_name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    except (OSError, ValueError) as error:
        raise BadInput(f"Can't write {path}: {_describe(error)}.") from None
    temporary_file = Path(temporary_name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary_file.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_get_umask())
        temporary_file.replace(target)
    except OSError as error:
        raise BadInput(f"Can't write {path}: {_describe(error)}.") from None
    finally:
        with suppress(OSError):
            temporary_file.unlink()


def _get_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _describe(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
