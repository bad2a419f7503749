"""An argument parser that suggests the right name for a mistyped command, option or format.

Rule: nothing is corrected silently. The message quotes what was typed, and names what can be typed.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, NoReturn

#: what people type for a command that has another name
_OTHER_NAMES = {
    "help": "ontherecord --help",
    "version": "ontherecord --version",
    "search": "ontherecord export search, or ontherecord whosaid",
    "who": "ontherecord whosaid",
    "said": "ontherecord whosaid",
    "run": "ontherecord serve",
    "start": "ontherecord serve",
    "status": "ontherecord doctor",
    "setup": "ontherecord init",
    "install": "ontherecord init",
    "delete": "ontherecord remove",
    "import": "ontherecord add",
    "follow": "ontherecord feeds follow",
    "poll": "ontherecord feeds poll",
}
#: an option with dashes that a word processor or Slack has changed
_TYPOGRAPHIC_OPTION = re.compile(
    r"(?P<dashes>[‐‑‒–—―−]{1,2}|-[‐‑‒–—―−])(?P<name>[a-z][a-z-]*)(?P<value>=.*)?", re.DOTALL
)
#: least similarity of a suggestion, 0 to 1, and the number of characters of a word that is compared
_MIN_SIMILARITY, _MAX_CHARACTERS = 0.6, 60
#: characters that a message quotes
_MAX_QUOTED_CHARACTERS = 200
_MAX_CHOICES = 10


class CommandParser(argparse.ArgumentParser):
    """Parser of a command. With `is_root`, its help lists the options that every command takes."""

    def __init__(self, *arguments: Any, is_root: bool = False, **options: Any) -> None:  # noqa: ANN401  # passed on
        super().__init__(*arguments, **options)
        self._words: Sequence[str] = ()
        self.set_defaults(parser=self)
        self._add_terminal_options(is_root=is_root)

    def parse(self, argv: Sequence[str] | None) -> argparse.Namespace:
        """Return the arguments as `parse_args` does, but suggest names for unknown options."""
        arguments, unknown_words = self.parse_known_args(argv)
        parser: CommandParser = arguments.parser
        if unknown_words:
            words = _shorten(" ".join(unknown_words))
            options_before_command = takewhile(lambda word: word.startswith("-"), unknown_words)
            suggestion = parser.suggest_option(unknown_words)
            if unknown_words[0] in takewhile(lambda word: word.startswith("-"), self._words):
                suggestion = self.suggest_option(options_before_command) or suggestion
            parser.error(f"unrecognized arguments: {words}{suggestion}")
        parser.check_dashes(arguments)
        return arguments

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, on one line and without escape sequences, and exit with status 2."""
        from briefings.render import make_printable  # only after a mistake

        if re.search("required|invalid choice", message) and "Did you mean" not in message:
            # perhaps a mistyped option is why a command or a word is missing, or another is taken for it
            message += self.suggest_option(word for word in self._words if not self._is_option(word))
        super().error(make_printable(message))

    def parse_known_args(  # type: ignore[override]  # argparse has overloads for other namespaces
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse as argparse does, and remember the words, for suggestions."""
        self._words = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def suggest_option(self, words: Iterable[str]) -> str:
        """Return a question with the option that one of the words may mean, or ""."""
        # dashes are not compared: with them, every short option would be similar to every other
        names = [option.removeprefix("--") for option in self.list_options()]
        for word in words:
            if word.startswith("-") and (name := find_similar(word.partition("=")[0].lstrip("-"), names)):
                return f". Did you mean --{name}?"
        return ""

    def _is_option(self, word: str) -> bool:
        """Tell whether a word is an option, or begins one, which argparse accepts too."""
        name = word.partition("=")[0]
        return any(option.startswith(name) for option in self._option_string_actions)

    def list_options(self) -> list[str]:
        """Return the long options."""
        return [name for name in self._option_string_actions if name.startswith("--")]

    def check_dashes(self, arguments: argparse.Namespace) -> None:
        """Exit with a message if a word is one of the options, but with a typographic dash."""
        values = [value for value in vars(arguments).values() if isinstance(value, list)]
        for word in (word for words in values for word in words if isinstance(word, str)):
            match = _TYPOGRAPHIC_OPTION.fullmatch(word)
            if match and (option := f"--{match['name']}") in self.list_options():
                self.error(f"{word!r} begins with a dash that is not a hyphen. Did you mean {option}?")

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401  # as argparse declares it
        if action.choices is None or value in action.choices:
            return
        choices = list(map(str, action.choices))
        suggestion = self._suggest_choice(str(value), choices)
        raise argparse.ArgumentError(action, f"invalid choice: {_shorten(str(value))!r}{suggestion}")

    def _suggest_choice(self, value: str, choices: Sequence[str]) -> str:
        if similar_choice := find_similar(value, choices):
            return f". Did you mean {similar_choice}?"
        if len(choices) <= _MAX_CHOICES:
            return f" (choose from {', '.join(choices)})"
        if other_name := _OTHER_NAMES.get(value.casefold()):
            return f". Did you mean {other_name}?"
        if " " in value.strip():
            return ". To ask a question, begin with a command: ontherecord whosaid, or ontherecord briefing"
        return f". For a list, type {self.prog} --help"

    def _add_terminal_options(self, *, is_root: bool) -> None:
        """Add the options of all commands, which can be before or after the command."""
        color_help = "colour, bold and links: auto (default: only in a terminal), always or never"
        self.add_argument(
            "--color",
            "--colour",
            choices=("auto", "always", "never"),
            default=argparse.SUPPRESS,
            metavar="WHEN",
            help=color_help if is_root else argparse.SUPPRESS,
        )
        self.add_argument(
            "--no-pager",
            action="store_true",
            default=argparse.SUPPRESS,
            help="print long answers without a pager" if is_root else argparse.SUPPRESS,
        )


def _shorten(words: str) -> str:
    return words if len(words) <= _MAX_QUOTED_CHARACTERS else f"{words[:_MAX_QUOTED_CHARACTERS]}…"


def find_similar(word: str, names: Iterable[str]) -> str | None:
    """Return the name that a mistyped word most likely means, or None."""
    from difflib import get_close_matches  # only after a slip

    by_folded_name = {name.casefold(): name for name in names}
    folded_word = word[:_MAX_CHARACTERS].casefold()
    matches = get_close_matches(folded_word, by_folded_name, n=1, cutoff=_MIN_SIMILARITY)
    return by_folded_name[matches[0]] if matches else None
