"""Asks for values on a terminal. Secrets are not echoed, and wrong values are asked for again."""

import getpass
import sys
import warnings
from collections.abc import Mapping

from bot.cli.setup.slack_values import SlackValue, check_value, clean_value
from briefings import BadInput, BadSettings
from briefings.render import make_printable

_MAX_ATTEMPTS = 5
#: characters of an answer that a message quotes; every secret is longer
_MAX_QUOTED_CHARACTERS = 12
_NOTHING_SAVED = "Nothing was saved."


def print_note(text: str) -> None:
    """Print a note for the person at the terminal."""
    print(f"\n{text}\n", file=sys.stderr)


def ask_for_choice(question: str, choices: Mapping[str, str], default: str) -> str:
    """Return the key of a choice, which is chosen by its number or name; Enter means the default. Raises BadInput."""
    names = list(choices)
    print(question, file=sys.stderr)
    for number, description in enumerate(choices.values(), start=1):
        print(f"  {number}. {description}", file=sys.stderr)
    for _ in range(_MAX_ATTEMPTS):
        answer = (
            _read_line(f"1 to {len(names)} (Enter for {names.index(default) + 1}): ").strip().rstrip(".").casefold()
        )
        if not answer:
            return default
        if answer in names:
            return answer
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
        # a long answer can be a secret that was pasted too early
        quoted_answer = f"“{make_printable(answer)}”" if len(answer) <= _MAX_QUOTED_CHARACTERS else "That"
        print(f"{quoted_answer} is not one of them.", file=sys.stderr)
    raise BadInput(f"No choice was made. {_NOTHING_SAVED}")


def ask_for_value(value: SlackValue, *, has_old_value: bool) -> str | None:
    """Return the value of a setting, or None if the old one is to be kept. Raises BadInput without a valid answer."""
    print(f"{value.label}: {value.location}.", file=sys.stderr)
    question = f"  {value.setting}{' (Enter keeps the saved one)' if has_old_value else ''}: "
    for _ in range(_MAX_ATTEMPTS):
        answer = clean_value(value.setting, _read_hidden(question) if value.is_secret else _read_line(question))
        if not answer and has_old_value:
            return None
        problem = _find_problem(value, answer)
        if problem is None:
            return answer
        print(f"  {problem}", file=sys.stderr)
    raise BadInput(f"{value.setting} is still not right. {_NOTHING_SAVED}")


def _find_problem(value: SlackValue, answer: str) -> str | None:
    """Return a sentence on what is wrong with an answer, or None."""
    if not answer:
        return f"{value.setting} is needed for this connection. To stop, press Ctrl-C."
    try:
        check_value(value.setting, answer)
    except BadSettings as error:
        return str(error)
    return None


def _read_hidden(question: str) -> str:
    """Return a line that the terminal does not show. Raises BadInput if it cannot be hidden, or at the end of input."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(question)
    except getpass.GetPassWarning:
        raise BadInput("This terminal can't hide what you type. Give the values as options with @FILE.") from None
    except (EOFError, UnicodeDecodeError):
        raise BadInput(f"The input ended. {_NOTHING_SAVED}") from None


def _read_line(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        line = ""
    if not line:
        raise BadInput(f"The input ended. {_NOTHING_SAVED}")
    return line
