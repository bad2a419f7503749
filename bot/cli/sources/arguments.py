"""Arguments of the commands `feeds`, `outlets` and `waiting`."""

import argparse
from collections.abc import Callable

from bot.cli.terminal.arguments import add_limit_option, parse_minutes
from bot.cli.terminal.command_parser import CommandParser

#: sets the function of a module that a command calls
SetCommand = Callable[[argparse.ArgumentParser, str, str], None]


def add_feed_commands(commands: "argparse._SubParsersAction[CommandParser]", set_command: SetCommand) -> None:
    """Add `feeds` with its commands."""
    feeds = commands.add_parser("feeds", help="list, follow, unfollow and poll feeds")
    feeds.add_argument("--gone", action="store_true", help="list the articles that disappeared from their sites")
    add_limit_option(feeds)
    set_command(feeds, "sources.feeds", "list_feeds")
    feed_commands = feeds.add_subparsers(title="commands", metavar="COMMAND")
    list_command = feed_commands.add_parser("list", help="list followed feeds (default)")
    add_limit_option(list_command)
    set_command(list_command, "sources.feeds", "list_feeds")
    follow = feed_commands.add_parser("follow", help="follow a feed (its articles are added while the bot runs)")
    follow.add_argument(
        "address", metavar="ADDRESS", help="URL of the feed or of a page that links to it, or an OPML file"
    )
    follow.add_argument("--outlet", metavar="NAME", help="name of the outlet, if its pages do not give one")
    follow.add_argument("--minutes", type=parse_minutes, metavar="N", help="minutes between polls (default: 60)")
    set_command(follow, "sources.feeds", "follow")
    unfollow = feed_commands.add_parser("unfollow", help="unfollow a feed (its articles are kept)")
    unfollow.add_argument("address", metavar="ADDRESS", help="URL of the feed")
    set_command(unfollow, "sources.feeds", "unfollow")
    poll = feed_commands.add_parser("poll", help="poll the feeds that are due, once, and add their articles")
    poll.add_argument("--all", action="store_true", dest="all_feeds", help="poll all feeds, even those not due")
    set_command(poll, "sources.feeds", "poll")


def add_outlet_commands(commands: "argparse._SubParsersAction[CommandParser]", set_command: SetCommand) -> None:
    """Add `outlets` with its commands."""
    outlets = commands.add_parser("outlets", help="list, confirm and remove hosts of outlets")
    _add_list_options(outlets)
    set_command(outlets, "sources.outlets", "list_outlets")
    outlet_commands = outlets.add_subparsers(title="commands", metavar="COMMAND")
    list_command = outlet_commands.add_parser("list", help="list the hosts that were confirmed (default)")
    _add_list_options(list_command)
    set_command(list_command, "sources.outlets", "list_outlets")
    confirm = outlet_commands.add_parser("confirm", help="confirm that a host belongs to an outlet")
    confirm.add_argument("name", metavar="NAME", help="name of the outlet, as readers see it")
    confirm.add_argument(
        "host", metavar="HOST", help="its domain, for example tribune.example; subdomains belong to it"
    )
    set_command(confirm, "sources.outlets", "confirm")
    remove = outlet_commands.add_parser("remove", help="remove what was confirmed for an outlet or a host")
    remove.add_argument("name", metavar="NAME_OR_HOST", help="name of the outlet, or one of its hosts")
    set_command(remove, "sources.outlets", "remove")


def add_waiting_commands(commands: "argparse._SubParsersAction[CommandParser]", set_command: SetCommand) -> None:
    """Add `waiting` with its commands."""
    waiting = commands.add_parser("waiting", help="list, add and refuse links that wait for an admin")
    _add_list_options(waiting)
    set_command(waiting, "sources.waiting", "list_waiting")
    waiting_commands = waiting.add_subparsers(title="commands", metavar="COMMAND")
    list_command = waiting_commands.add_parser("list", help="list the waiting links (default)")
    _add_list_options(list_command)
    set_command(list_command, "sources.waiting", "list_waiting")
    for name, text in (("add", "add the article of a waiting link"), ("refuse", "delete a waiting link")):
        command = waiting_commands.add_parser(name, help=text)
        command.add_argument("number", type=int, metavar="NUMBER", help="number of the link in the list")
        set_command(command, "sources.waiting", name)


def _add_list_options(command: argparse.ArgumentParser) -> None:
    add_limit_option(command)
    command.add_argument("--json", action="store_true", help="print JSON")
