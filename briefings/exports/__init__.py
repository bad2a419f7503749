"""Exports: answers as files for other programs, citations, and the text of "Copy as quote"."""

from briefings.exports.authors import read_authors
from briefings.exports.csv_table import protect_cell
from briefings.exports.documents import (
    build_article,
    build_briefing,
    build_hit_passage,
    build_line_passages,
    build_person,
    build_quote_passage,
    build_who_said,
    describe_namesakes,
    name_briefing,
)
from briefings.exports.markdown import escape as escape_markdown
from briefings.exports.markdown import render_markdown
from briefings.exports.model import Author, Document, Passage, Place, Reference, Section, Voice
from briefings.exports.news import build_headline_passage, build_news
from briefings.exports.people import (
    build_comparison,
    build_report_passage,
    build_timeline,
    describe_side,
    describe_silence,
)
from briefings.exports.rendering import ExportedFile, Format, build_file_name, find_format, render
from briefings.exports.wording import build_plain_quote, describe_speaker

__all__ = [
    "Author",
    "Document",
    "ExportedFile",
    "Format",
    "Passage",
    "Place",
    "Reference",
    "Section",
    "Voice",
    "build_article",
    "build_briefing",
    "build_comparison",
    "build_file_name",
    "build_headline_passage",
    "build_hit_passage",
    "build_line_passages",
    "build_news",
    "build_person",
    "build_plain_quote",
    "build_quote_passage",
    "build_report_passage",
    "build_timeline",
    "build_who_said",
    "describe_namesakes",
    "describe_side",
    "describe_silence",
    "describe_speaker",
    "escape_markdown",
    "find_format",
    "name_briefing",
    "protect_cell",
    "read_authors",
    "render",
    "render_markdown",
]
