"""Splits a report of a statement into the words that other reports have too, and those that only it has. Pure."""

from collections.abc import Iterator

from briefings import StatementReport


def split_changes(report: StatementReport) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a report's text in order, and whether each differs from the longest report."""
    position = 0
    for span in report.changes:
        if position < span.start:
            yield report.text[position : span.start], False
        yield report.text[span.start : span.end], True
        position = span.end
    if position < len(report.text):
        yield report.text[position:], False
