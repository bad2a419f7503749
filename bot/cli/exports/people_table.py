"""Renders the list of quoted people as a table in CSV or Markdown. Pure."""

import csv
import io
from collections.abc import Sequence

from briefings import BadQuestion
from briefings.exports import Format, escape_markdown, protect_cell
from briefings.storage import QuotedPerson

_COLUMNS = ("name", "roles", "quotes", "articles", "also printed as")


def render_people(people: Sequence[QuotedPerson], export_format: Format) -> str:
    """Return the table. Raises BadQuestion for a format that is not for tables."""
    rows = [
        (person.name, "; ".join(person.roles), str(person.quotes), str(person.articles), "; ".join(person.aliases))
        for person in people
    ]
    match export_format:
        case Format.CSV:
            output = io.StringIO()
            csv.writer(output, lineterminator="\r\n").writerows([_COLUMNS, *(map(protect_cell, row) for row in rows)])
            return output.getvalue()
        case Format.MARKDOWN:
            lines = [_COLUMNS, ("---",) * len(_COLUMNS), *(tuple(map(escape_markdown, row)) for row in rows)]
            return "".join(f"| {' | '.join(line)} |\n" for line in lines)
    raise BadQuestion("The list of people can be md, csv or json. For one person's quotes: ontherecord export person.")
