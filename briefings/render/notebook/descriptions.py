"""Describes an answer on one short line, for `repr`."""

from collections import Counter
from functools import singledispatch

from briefings.answer import Answer
from briefings.draft_report import DraftCheck
from briefings.model import Briefing, WhoSaid
from briefings.person_report import PersonComparison, PersonTimeline
from briefings.render.terminal import format_count, make_printable
from briefings.report import NewsBriefing

#: characters that are shown of a title or a question
_MAX_CHARACTERS = 60


def describe(answer: Answer) -> str:
    """Return, for example, "<WhoSaid “lynch-mob”: 1 quote>"."""
    return f"<{type(answer).__name__} {_describe(answer)}>"


@singledispatch
def _describe(answer: Answer) -> str:
    raise TypeError(f"{type(answer).__name__} is not an answer")


@_describe.register
def _(answer: Briefing) -> str:
    lines = sum(bool(line.evidence) for line in answer.lines)
    return f"{_quote(answer.title)}: {format_count(lines, 'line')} from {format_count(len(answer.sources), 'article')}"


@_describe.register
def _(answer: NewsBriefing) -> str:
    stories = "1 story" if len(answer.stories) == 1 else f"{len(answer.stories):,} stories"
    return f"{_quote(answer.title)}: {stories}"


@_describe.register
def _(answer: WhoSaid) -> str:
    question = _quote(answer.query) if answer.query.strip() else _shorten(answer.description or "everything")
    nearest = f", {len(answer.nearest)} similar" if answer.nearest and not answer.hits else ""
    more = " and more" if answer.more else ""
    return f"{question}: {format_count(len(answer.hits), 'quote')}{more}{nearest}"


@_describe.register
def _(answer: PersonTimeline) -> str:
    subject = f" {_shorten(answer.description)}" if answer.description else ""
    return f"{_shorten(answer.name)}{subject}: {format_count(len(answer.statements), 'statement')}"


@_describe.register
def _(answer: PersonComparison) -> str:
    counts = (
        f"{_shorten(side.name)} ({len(side.timeline.statements) if side.timeline else 0})" for side in answer.sides
    )
    return f"statements: {', '.join(counts)}"


@_describe.register
def _(answer: DraftCheck) -> str:
    counts = Counter(str(quote.verdict.value) for quote in answer.quotes)
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    return f"{format_count(len(answer.quotes), 'quote')}{f': {verdicts}' if verdicts else ''}"


def _quote(text: str) -> str:
    return f"“{_shorten(text)}”"


def _shorten(text: str) -> str:
    text = make_printable(text)
    return text if len(text) <= _MAX_CHARACTERS else f"{text[: _MAX_CHARACTERS - 1]}…"
