"""The arguments of `keys` and `audit`."""

import argparse
from collections.abc import Callable

from bot.cli.days import parse_past_day
from bot.cli.terminal.command_parser import CommandParser

Command = Callable[[argparse.Namespace], int]
#: returns the command of a module and a function, imported when it runs
ImportLater = Callable[[str, str], Command]
_MAX_ENTRIES = 1_000


def add_safety_commands(commands: "argparse._SubParsersAction[CommandParser]", import_later: ImportLater) -> None:
    """Add both commands with their subcommands."""
    keys = commands.add_parser("keys", help="make or change the keys that protect tokens and the audit log")
    key_commands = keys.add_subparsers(metavar="COMMAND", required=True)
    new = key_commands.add_parser("new", help="print a new key for ENCRYPTION_KEYS; --file creates the key file")
    new.add_argument("--file", action="store_true", help="write the key file instead, unless it exists")
    new.set_defaults(run=import_later("safety.keys", "print_new_key"))
    rotate = key_commands.add_parser("rotate", help="encrypt the stored tokens with the first key, while the bot runs")
    rotate.add_argument(
        "--forget-lost",
        action="store_true",
        help="delete tokens that can't be decrypted: their workspaces must install the app again",
    )
    rotate.set_defaults(run=import_later("safety.keys", "rotate"))

    audit = commands.add_parser("audit", help="list who changed what, newest first; audit verify checks the list")
    add_list_options(audit)
    audit.set_defaults(run=import_later("safety.audit", "list_entries"))
    audit_commands = audit.add_subparsers(metavar="COMMAND")
    verify = audit_commands.add_parser("verify", help="check that no entry was changed, added or deleted")
    verify.add_argument("--seal", metavar="SEAL", help="also check that this earlier last seal is still in the log")
    verify.set_defaults(run=import_later("safety.audit", "verify"))


def add_list_options(audit: argparse.ArgumentParser) -> None:
    """Add the options that choose entries."""
    audit.add_argument("--team", metavar="T…", help="only entries of this workspace")
    audit.add_argument("--since", type=parse_past_day, metavar="DAY", help='first day, for example "last week"')
    audit.add_argument("--json", action="store_true", help="print JSON lines")
    audit.add_argument(
        "--limit",
        type=_parse_limit,
        default=100,
        metavar="N",
        help="most entries (default: 100)",
    )


def _parse_limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MAX_ENTRIES:
        raise argparse.ArgumentTypeError(f"use a number from 1 to {_MAX_ENTRIES:,}")
    return int(text)
