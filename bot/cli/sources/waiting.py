"""The commands `waiting`, `waiting add` and `waiting refuse`, for the links of all workspaces."""

import asyncio
import sys
from argparse import Namespace

from bot.cli import resources
from bot.cli.sources.feeds import add_url
from bot.cli.terminal.lists import Column, Listing, apply_limit, print_list
from bot.cli.terminal.output import print_answer
from bot.storage.review.waiting_links import WaitingLink, open_waiting_links
from briefings.render import make_printable

_PERSON = "the command line"


def list_waiting(arguments: Namespace) -> int:
    """Print the links that wait for an admin."""
    with resources.open_operator_store(resources.load_settings()) as store:
        links = asyncio.run(open_waiting_links(store).list_links())
    if arguments.json:
        rows = [
            {
                "number": link.number,
                "link": link.link,
                "team": link.team,
                "person": link.person,
                "at": link.asked_at.isoformat(),
            }
            for link in apply_limit(links, arguments)
        ]
        print_answer(rows, arguments)
    else:
        print_list(links, _LINKS, arguments)
    return 0


def add(arguments: Namespace) -> int:
    """Add the article of a waiting link; return 1 if it can't be added, so that the link waits on."""
    settings = resources.load_settings()
    is_per_team = settings.record_policy.is_per_team
    with resources.open_operator_store(settings) as store:
        repository = open_waiting_links(store)
        links = asyncio.run(repository.list_links())
        link = next((link for link in links if link.number == arguments.number), None)
        if link is None:
            return _report_missing(arguments.number)
        record_settings = resources.load_record_settings(Namespace(team=link.team)) if is_per_team else settings
        with resources.open_service(record_settings) as service:
            status = add_url(record_settings, service, link.link)
        if status == 0:
            asyncio.run(repository.take(None, link.number, "added", _PERSON))
    return status


def refuse(arguments: Namespace) -> int:
    """Delete a waiting link."""
    with resources.open_operator_store(resources.load_settings()) as store:
        link = asyncio.run(open_waiting_links(store).take(None, arguments.number, "refused", _PERSON))
    if link is None:
        return _report_missing(arguments.number)
    print(make_printable(f"Refused {link.link}."))
    return 0


def _report_missing(number: int) -> int:
    print(f"ontherecord: No waiting link has the number {number}. List them with: ontherecord waiting", file=sys.stderr)
    return 1


def _format_link(link: WaitingLink) -> str:
    return make_printable(
        f"{link.number}  {link.link} (asked by {link.person} in {link.team}, {link.asked_at:%Y-%m-%d})"
    )


_LINKS: Listing[WaitingLink] = Listing(
    (Column("number", is_numeric=True), Column("link"), Column("asked by"), Column("workspace"), Column("day")),
    lambda link: (f"{link.number}", link.link, link.person, link.team, f"{link.asked_at:%Y-%m-%d}"),
    _format_link,
    empty_message="No links are waiting.",
)
