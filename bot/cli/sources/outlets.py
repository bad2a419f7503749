"""The commands `outlets`, `outlets confirm` and `outlets remove`."""

from argparse import Namespace

from bot.cli import resources
from bot.cli.queries import format_count
from bot.cli.terminal.lists import Column, Listing, apply_limit, print_list
from bot.cli.terminal.output import print_answer
from briefings import OutletChange
from briefings.render import make_printable
from briefings.storage import ConfirmedOutlet

#: stored as the person who confirmed an outlet, and as the team of what the terminal did
_PERSON = "the command line"


def list_outlets(arguments: Namespace) -> int:
    """Print the hosts that were confirmed."""
    with resources.open_service(resources.load_record_settings(arguments)) as service:
        confirmed = service.outlets.list_confirmed()
    if arguments.json:
        rows = [
            {"name": outlet.name, "host": outlet.host, "by": outlet.confirmed_by, "at": outlet.confirmed_at.isoformat()}
            for outlet in apply_limit(confirmed, arguments)
        ]
        print_answer(rows, arguments)
    else:
        print_list(confirmed, _OUTLETS, arguments)
    return 0


def confirm(arguments: Namespace) -> int:
    """Confirm that a host belongs to an outlet."""
    with resources.open_service(resources.load_record_settings(arguments)) as service:
        change = service.outlets.confirm(arguments.name, arguments.host, _PERSON)
    print(make_printable(f"{change.hosts[0]} belongs to {change.name} now. {_describe_effect(change)}"))
    return 0


def remove(arguments: Namespace) -> int:
    """Remove what was confirmed for an outlet or a host."""
    with resources.open_service(resources.load_record_settings(arguments)) as service:
        change = service.outlets.remove(arguments.name)
    print(make_printable(f"Removed {change.name} ({', '.join(change.hosts)}). {_describe_effect(change)}"))
    return 0


def _describe_effect(change: OutletChange) -> str:
    return f"{format_count(change.article_count, 'article')} changed."


def _format_outlet(outlet: ConfirmedOutlet) -> str:
    return make_printable(
        f"{outlet.name}: {outlet.host} (confirmed by {outlet.confirmed_by} on {outlet.confirmed_at:%Y-%m-%d})"
    )


_OUTLETS: Listing[ConfirmedOutlet] = Listing(
    (Column("outlet"), Column("host"), Column("confirmed by"), Column("day")),
    lambda outlet: (outlet.name, outlet.host, outlet.confirmed_by, f"{outlet.confirmed_at:%Y-%m-%d}"),
    _format_outlet,
    empty_message="No outlets were confirmed here. Confirm one with: ontherecord outlets confirm NAME HOST",
)
