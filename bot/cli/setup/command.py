"""The command `init`: ask on a terminal, or take options, and save Slack's values in `.env`.

Rule: a secret is neither printed nor echoed. Nothing is saved before every value has the right form.
"""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.cli.setup.arguments import CONNECTIONS, OPTIONS
from bot.cli.setup.env_file import parse_values, read_env_file, replace_values, write_env_file
from bot.cli.setup.prompts import ask_for_choice, ask_for_value, print_note
from bot.cli.setup.slack_values import NEEDED_VALUES, SlackValue, check_value, clean_value, guess_connection
from briefings import BadInput, BadSettings
from briefings.ingest import open_input_file
from briefings.render import make_printable

_MAX_VALUE_BYTES = 10_000
_CREATE_APP = """Create the app in Slack first:
  1. Run `{command}` and copy its output.
  2. Open https://api.slack.com/apps?new_app=1, choose “From a manifest”, and paste it.
The values below are on the app's pages. What you type is not shown. Enter keeps a value that is already saved."""
_MANIFEST_COMMANDS = {
    "socket": "ontherecord manifest",
    "http": "ontherecord manifest --url https://bot.example.org",
    "many": "ontherecord manifest --url https://bot.example.org --many",
}


def init(arguments: Namespace) -> int:
    """Save the values in the file. Raises BadInput, and BadSettings for a value of the wrong form."""
    path = Path(arguments.file)
    text = read_env_file(path)
    old_values = parse_values(text)
    new_values = _read_options(arguments)
    is_interactive = sys.stdin.isatty() and sys.stderr.isatty()
    connection = arguments.connection or guess_connection(new_values)
    if is_interactive and not new_values:
        connection = connection or ask_for_choice(
            "How will Slack reach the bot?", CONNECTIONS, guess_connection(old_values) or "socket"
        )
        print_note(_CREATE_APP.format(command=_MANIFEST_COMMANDS[connection]))
    elif not new_values:
        raise BadInput(
            "This is not a terminal, so init can't ask. Give the values as options: "
            "ontherecord init --bot-token @FILE --app-token @FILE"
        )
    connection = connection or guess_connection(old_values | new_values)
    for value in NEEDED_VALUES.get(connection or "", ()):
        if value.setting in new_values:
            continue
        if is_interactive and (answer := ask_for_value(value, has_old_value=value.setting in old_values)):
            new_values[value.setting] = answer
    _check_complete(connection, old_values | new_values)
    changed_values = {name: value for name, value in new_values.items() if old_values.get(name) != value}
    write_env_file(path, replace_values(text, changed_values))
    _print_result(path, changed_values, [name for name in OPTIONS if name in old_values and name not in changed_values])
    return 0


def _read_options(arguments: Namespace) -> dict[str, str]:
    """Return the values given as options, checked. Raises BadInput and BadSettings."""
    values: dict[str, str] = {}
    options = {name: text for name in OPTIONS if (text := getattr(arguments, name)) is not None}
    if sum(text == "@-" for text in options.values()) > 1:
        raise BadInput("Only one value can come from standard input. Give the others as @FILE.")
    for name, text in options.items():
        value = clean_value(name, _read_file(name, text[1:]) if text.startswith("@") else text)
        if not value:
            raise BadInput(f"The value of {name} is empty. Leave the option out to keep what is saved.")
        check_value(name, value)
        values[name] = value
    return values


def _read_file(setting: str, path: str) -> str:
    """Return the text of a file, or of standard input for "-". Raises BadInput."""
    read: Callable[[], bytes] = (
        (lambda: sys.stdin.buffer.read(_MAX_VALUE_BYTES)) if path == "-" else (lambda: _read_bytes(path))
    )
    try:
        return read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{make_printable(path)} is not text. Give a file that has only {setting}.") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise BadInput(f"Can't read {make_printable(path)} for {setting}: {reason}.") from None


def _read_bytes(path: str) -> bytes:
    with open_input_file(Path(path)) as file:
        return file.read(_MAX_VALUE_BYTES)


def _check_complete(connection: str | None, values: Mapping[str, str]) -> None:
    """Check that all values of the connection are there. Raises BadSettings, which says where the missing one is."""
    if connection is None:
        raise BadSettings("More values are needed. Add --app-token for Socket Mode, or --signing-secret for HTTP.")
    missing: list[SlackValue] = [value for value in NEEDED_VALUES[connection] if value.setting not in values]
    if missing:
        raise BadSettings(f"{missing[0].setting} is missing. You find it here: {missing[0].location}.")
    if connection == "many" and "SLACK_BOT_TOKEN" in values:
        raise BadSettings("Many workspaces need no SLACK_BOT_TOKEN. Remove its line from the file and try again.")


def _print_result(path: Path, changed_values: Mapping[str, str], old_names: list[str]) -> None:
    changes = f"New: {', '.join(changed_values)}." if changed_values else "Nothing changed."
    unchanged = f" Unchanged: {', '.join(old_names)}." if old_names else ""
    print(f"Saved {make_printable(str(path))}, which only you can read. {changes}{unchanged}")
    print("To check the values in Slack: ontherecord doctor. To start the bot: ontherecord serve")
