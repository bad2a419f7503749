"""The options of `init`. Every command loads this module, so it imports nothing of the command."""

import argparse
from importlib import import_module

INIT_EPILOG = (
    "Other people on this machine can see the values of options. To hide a secret, write @FILE to read it from a file, "
    "or @- for standard input. What is already in .env is kept."
)
#: the settings that have an option, with the option's help
OPTIONS = {
    "SLACK_BOT_TOKEN": "bot token (xoxb-…)",
    "SLACK_APP_TOKEN": "app-level token (xapp-…), for Socket Mode",
    "SLACK_SIGNING_SECRET": "signing secret, for HTTP",
    "SLACK_CLIENT_ID": "client id, for many workspaces",
    "SLACK_CLIENT_SECRET": "client secret, for many workspaces",
    "PUBLIC_URL": "https URL at which Slack reaches the bot, for HTTP",
}
#: how Slack can reach the bot, with what it means
CONNECTIONS = {
    "socket": "Socket Mode: one workspace, no public URL (simplest)",
    "http": "HTTP: one workspace, at a public https URL",
    "many": "HTTP with many workspaces, which install the bot themselves",
}


def add_init_options(command: argparse.ArgumentParser) -> None:
    """Add the options, and run `init` of this package."""
    command.add_argument(
        "--connection",
        choices=tuple(CONNECTIONS),
        metavar="KIND",
        help="how Slack reaches the bot: socket, http or many (default: ask, or what the given values are for)",
    )
    for name, help_text in OPTIONS.items():
        option = f"--{name.removeprefix('SLACK_').lower().replace('_', '-')}"
        command.add_argument(option, dest=name, metavar="VALUE", help=help_text)
    command.add_argument("--file", metavar="FILE", default=".env", help="the file to write (default: .env)")
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    status: int = import_module("bot.cli.setup.command").init(arguments)
    return status
