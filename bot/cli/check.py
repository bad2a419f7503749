"""The check of a draft: reads it, asks the desk, prints the verdicts.

Rule: what is no text is refused in one sentence; a draft may differ from the record without that being an error, unless
`--strict` says so.
"""

import sys
from argparse import Namespace
from pathlib import Path

from bot.cli import opened
from bot.cli.ask import build_style, print_answer
from briefings.compose.draft_check.draft_parser import MAX_DRAFT_CHARACTERS
from briefings.errors import BadInput
from briefings.render import draft_check_text, json_output

#: exit status of a draft that is not exact, where that was asked for
NOT_EXACT_STATUS = 3
#: bytes read of a draft: whatever is longer is refused by its first characters
_MAX_BYTES = 4 * MAX_DRAFT_CHARACTERS + 4


def check(arguments: Namespace) -> int:
    """Prints the verdict on every quotation of a draft."""
    if arguments.draft == "-" == arguments.articles:
        raise BadInput("The draft and the articles cannot both be standard input: give one of them as a file.")
    draft = _read_draft(arguments.draft)
    with opened.open_service(opened.load_settings(), arguments.articles) as service:
        answer = service.check(draft)
    print_answer(
        json_output.render_draft_check(answer)
        if arguments.json
        else draft_check_text.render_draft_check(answer, build_style())
    )
    return 0 if answer.is_clean or not arguments.strict else NOT_EXACT_STATUS


def _read_draft(path: str) -> str:
    """The draft as text. Raises BadInput."""
    name = "standard input" if path == "-" else path
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(f"{name} does not exist.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(raw) > _MAX_BYTES:
        raise BadInput(f"{name} is too long: at most {MAX_DRAFT_CHARACTERS:,} characters are checked at once.")
    if b"\0" in raw:
        raise BadInput(f"{name} holds NUL bytes, so it is not UTF-8 text: save the draft as plain text.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8 text (byte {error.start}): save the draft as plain text.") from None
