"""A team's own names of the slash commands, for workspaces where another app has taken one of ours. Pure.

Rule: inside the program a command always has its standard name (`/briefing`). Names are translated only where requests
arrive and where texts leave. Words of an article are never renamed: such a line has the quote bar or a link, or the
next line has one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core import slack_limits
from briefings import BadSettings

#: the standard names
STANDARD_NAMES = ("/briefing", "/whosaid", "/digest", "/watch", "/topic", "/sources")

_NAME = re.compile(r"/?[a-z0-9][a-z0-9_-]*")
_PREFIX = re.compile(r"/?([a-z0-9][a-z0-9_-]*)")
_MENTION = re.compile(rf"(?<![\w/<>.:%-])(?:{'|'.join(STANDARD_NAMES)})(?![\w/-])")
#: marks of a line with an article's words: the quote bar, or a link
_ARTICLE_LINE = re.compile(r"^(?:>|&gt;)|<https?://")
#: modals that show an article's text without a link on each line
_ARTICLE_VIEWS = ("reading", "wordings", "doubt")


@dataclass(frozen=True, slots=True)
class CommandNames:
    """Pairs of a standard name and the team's name. A command that is not listed keeps its standard name."""

    own_names: tuple[tuple[str, str], ...] = ()

    def get_own_name(self, standard_name: str) -> str:
        """Return the team's name of a command."""
        return next((own for standard, own in self.own_names if standard == standard_name), standard_name)

    def get_standard_name(self, name: str) -> str:
        """Return the standard name of a command that the team may have renamed. Unknown names stay as they are."""
        folded_name = name.casefold()
        return next((standard for standard, own in self.own_names if own == folded_name), folded_name)

    def list_own_names(self) -> tuple[str, ...]:
        """Return the team's names of all commands."""
        return tuple(map(self.get_own_name, STANDARD_NAMES))

    def rename_text(self, text: str) -> str:
        """Return a text of the program with the team's names. Lines with an article's words are not changed."""
        if not self.own_names:
            return text
        lines = text.split("\n")
        marks = [bool(_ARTICLE_LINE.search(line)) for line in lines] + [False]
        return "\n".join(
            line
            if marks[position] or marks[position + 1]
            else _MENTION.sub(lambda match: self.get_own_name(match[0]), line)
            for position, line in enumerate(lines)
        )

    def rename_payload(self, payload: Any) -> Any:  # noqa: ANN401 - JSON
        """Return JSON for Slack with the team's names in every visible text."""
        if not self.own_names:
            return payload
        if isinstance(payload, list | tuple):
            return [self.rename_payload(part) for part in payload]
        if not isinstance(payload, dict) or payload.get("callback_id") in _ARTICLE_VIEWS:
            return payload
        return {
            key: self.rename_text(part)
            if key in ("text", "placeholder") and isinstance(part, str)
            else self._rename_errors(part)
            if key == "errors"
            else self.rename_payload(part)
            for key, part in payload.items()
        }

    def _rename_errors(self, errors: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the errors of a form, which are by field."""
        if not isinstance(errors, dict):
            return errors
        return {field: self.rename_text(str(error)) for field, error in errors.items()}


#: no command is renamed
STANDARD: Final = CommandNames()


def parse_command_names(prefix_setting: str, names_setting: str) -> CommandNames:
    """Return the names from COMMAND_PREFIX ("otr-") and COMMAND_NAMES ("briefing=/news, whosaid=/quote").

    A name in COMMAND_NAMES wins over the prefix. Raises BadSettings.
    """
    prefix = _parse_prefix(prefix_setting)
    own_names = {name: f"/{prefix}{name[1:]}" for name in STANDARD_NAMES} if prefix else {}
    for pair in filter(None, re.split(r"[\s,]+", names_setting)):
        standard_name, _, own_name = pair.partition("=")
        standard_name = f"/{standard_name.removeprefix('/')}"
        if standard_name not in STANDARD_NAMES or not _NAME.fullmatch(own_name):
            raise BadSettings(
                f"Invalid part {pair!r} of COMMAND_NAMES: use, for example, briefing=/news whosaid=/quote. "
                "Names have lower-case letters, digits, hyphens and underscores."
            )
        own_names[standard_name] = f"/{own_name.removeprefix('/')}"
    _check_names(own_names)
    return CommandNames(tuple(own_names.items()))


def _parse_prefix(setting: str) -> str:
    if not setting:
        return ""
    match = _PREFIX.fullmatch(setting)
    if match is None:
        raise BadSettings(
            f"Invalid COMMAND_PREFIX {setting!r}: use lower-case letters, digits, hyphens and underscores, "
            "for example otr-"
        )
    return match[1]


def _check_names(own_names: Mapping[str, str]) -> None:
    names = [own_names.get(name, name) for name in STANDARD_NAMES]
    for name in names:
        if len(name) > slack_limits.COMMAND_NAME:
            raise BadSettings(
                f"Invalid command name {name!r}: Slack allows {slack_limits.COMMAND_NAME} characters with the slash. "
                "Shorten COMMAND_PREFIX or COMMAND_NAMES."
            )
    if len(set(names)) < len(names):
        raise BadSettings("Invalid COMMAND_NAMES: two commands have the same name. Give each its own.")
