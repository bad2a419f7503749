"""Prints lists: a table on a terminal, with the number of rows that are not shown, and one line per row elsewhere."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.cli.terminal.arguments import DEFAULT_LIMIT, NO_LIMIT
from bot.cli.terminal.output import get_width, has_color, is_terminal, print_answer
from briefings.render import make_printable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """Column of a table: its title, and whether it has numbers, which are aligned to the right."""

    title: str
    is_numeric: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """How items are printed: as the cells of a row, as a line, and what is printed without items.

    Cells can have strangers' text: control characters are removed, and nothing in them is markup.
    """

    columns: Sequence[Column]
    build_row: Callable[[T], Sequence[str]]
    format_line: Callable[[T], str]
    empty_message: str


def apply_limit(items: Sequence[T], arguments: argparse.Namespace, default: int | None = None) -> Sequence[T]:
    """Return the first items up to the limit, and note on standard error what is left out. Without a limit: all."""
    shown_items = items[: get_limit(arguments, len(items) if default is None else default)]
    if len(shown_items) < len(items):
        print(f"ontherecord: {_describe_rest(len(items) - len(shown_items))}", file=sys.stderr)
    return shown_items


def print_list(items: Sequence[T], listing: Listing[T], arguments: argparse.Namespace) -> None:
    """Print the items as a table on a terminal, in the pager if it is long, and otherwise as lines."""
    if not is_terminal():
        for item in apply_limit(items, arguments):
            print(listing.format_line(item))
        if not items and listing.empty_message:
            print(listing.empty_message)
        return
    shown_items = items[: get_limit(arguments, DEFAULT_LIMIT)]
    rows = [listing.build_row(item) for item in shown_items]
    rest_count = len(items) - len(shown_items)
    table = render_table(listing.columns, rows, width=get_width(), color=has_color(arguments)) if rows else ""
    rest = f"\n{_describe_rest(rest_count)}" if rest_count else ""
    if answer := (table + rest) or listing.empty_message:
        print_answer(answer, arguments)


def render_table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int, color: bool) -> str:
    """Return rows as an aligned table. Long cells are wrapped, so that no words are lost."""
    # rich takes a tenth of a second to import, which only tables on a terminal need
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(
            Text(column.title.upper()),
            justify="right" if column.is_numeric else "left",
            overflow="fold",
            no_wrap=column.is_numeric,
        )
    for row in rows:
        table.add_row(*(Text(make_printable(cell)) for cell in row))
    console = Console(
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n"))


def get_limit(arguments: argparse.Namespace, default: int) -> int:
    """Return the value of `--limit`, or the default without one."""
    limit: int | None = getattr(arguments, "limit", None)
    return default if limit is None else limit


def _describe_rest(count: int) -> str:
    # not the whole command, which can have other options: `topics --suggest` without them lists something else
    return f"and {count:,} more. To see all, add: --limit {NO_LIMIT}"
