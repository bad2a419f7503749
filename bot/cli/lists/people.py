"""The command `people`: list the people who are quoted."""

from argparse import Namespace

from bot.cli import resources
from bot.cli.exports.people_table import render_people
from bot.cli.queries import format_count
from bot.cli.terminal.lists import Column, Listing, apply_limit, print_list
from bot.cli.terminal.output import print_answer, print_file
from briefings.exports import Format
from briefings.render import make_printable
from briefings.storage import QuotedPerson

#: number of roles that are printed of a person
_MAX_ROLES = 3


def people(arguments: Namespace) -> int:
    """Print the people who are quoted, most quoted first. Raises BadQuestion."""
    with resources.open_service(resources.load_record_settings(arguments)) as service:
        speakers = service.list_people()
    if arguments.export_format not in (None, Format.JSON):
        print_file(render_people(apply_limit(speakers, arguments), Format(arguments.export_format)), arguments)
        return 0
    if arguments.json or arguments.export_format:
        print_answer(
            [
                {
                    "name": speaker.name,
                    "roles": list(speaker.roles),
                    "quotes": speaker.quotes,
                    "articles": speaker.articles,
                    "aliases": list(speaker.aliases),
                    "shared_by": list(speaker.shared_by),
                    "bearers": speaker.bearers,
                }
                for speaker in apply_limit(speakers, arguments)
            ],
            arguments,
        )
        return 0
    print_list(speakers, _PEOPLE, arguments)
    return 0


def _format_person(person: QuotedPerson) -> str:
    """Return a person with the most frequent roles, the counts, and what to know about the name."""
    roles = f", {make_printable(', '.join(person.roles[:_MAX_ROLES]))}" if person.roles else ""
    counts = f"{format_count(person.quotes, 'quote')} in {format_count(person.articles, 'article')}"
    note = make_printable(_describe_name(person))
    return f"{make_printable(person.name)}{roles}: {counts}{f' ({note})' if note else ''}"


def _describe_name(person: QuotedPerson) -> str:
    notes = (
        f"also printed as {', '.join(person.aliases)}" if person.aliases else "",
        f"not certain which one: {', '.join(person.shared_by)}" if person.shared_by else "",
        f"perhaps one of {person.bearers} people with this name" if person.bearers > 1 else "",
    )
    return "; ".join(filter(None, notes))


_PEOPLE: Listing[QuotedPerson] = Listing(
    (Column("name"), Column("quotes", is_numeric=True), Column("articles", is_numeric=True), Column("roles and notes")),
    lambda person: (
        person.name,
        f"{person.quotes:,}",
        f"{person.articles:,}",
        "; ".join(filter(None, (", ".join(person.roles[:_MAX_ROLES]), _describe_name(person)))),
    ),
    _format_person,
    empty_message="",
)
