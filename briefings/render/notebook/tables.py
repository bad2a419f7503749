"""Builds a pandas table of an answer: one row per line, quote, story or statement.

Rule: the columns are always the same for a kind of answer, even without rows. The words of an article are not changed.
"""

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from briefings.answer import Answer
from briefings.draft_report import DraftCheck
from briefings.errors import BadInput
from briefings.model import Briefing, WhoSaid
from briefings.person_report import PersonComparison, PersonTimeline
from briefings.render.answers import to_json
from briefings.report import NewsBriefing

Row = dict[str, Any]

_PLACE = ("article", "start", "end", "link")
_HIT = ("speaker", "role", "anonymous", "quote", "kind", "confidence", "outlets", "publisher", "published", *_PLACE)
_LINE = ("slot", "text", "speaker", "role", "date", "expected", "outlets", "note", "publisher", "published", *_PLACE)
_STATEMENT = ("person", "first_reported", "last_reported", "reports", *_HIT)
_CHECK = ("quote", "start", "end", "claimed", "verdict", "note")
_BEST = ("speaker", "quote", "publisher", "published", "article", "link")
_STORY = ("name", "briefing", "outlets", "articles", "newest", "text", "speaker", "link")
_DAYS = frozenset({"date", "published", "first_reported", "last_reported", "newest", "source_published"})


def build_dataframe(answer: Answer) -> Any:  # noqa: ANN401  # pandas may not be installed
    """Return a pandas DataFrame. Raises BadInput if pandas is not installed."""
    try:
        import pandas as pd
    except ImportError:
        raise BadInput("to_dataframe needs pandas. Install it with: pip install pandas") from None
    columns, rows = build_rows(answer)
    frame = pd.DataFrame(rows, columns=list(columns))
    for name in _DAYS.intersection(columns):
        try:
            frame[name] = pd.to_datetime(frame[name])
        except ValueError:  # a day before 1677, which some versions cannot have
            continue
    return frame


@singledispatch
def build_rows(answer: Answer) -> tuple[tuple[str, ...], list[Row]]:
    """Return the names of the columns, and the rows."""
    raise TypeError(f"{type(answer).__name__} is not an answer")


@build_rows.register
def _(answer: Briefing) -> tuple[tuple[str, ...], list[Row]]:
    values = to_json(answer)
    articles = {article["id"]: article for article in values["articles"]}
    rows = []
    for line in values["lines"]:
        for piece, text in zip(line["evidence"], _list_texts(answer, line), strict=True):
            article = articles.get(piece["article"], {})
            rows.append(_pick(_LINE, article, line | {"text": text}, piece))
    return _LINE, rows


@build_rows.register
def _(answer: NewsBriefing) -> tuple[tuple[str, ...], list[Row]]:
    rows = []
    for story in to_json(answer)["stories"]:
        line = story["line"] or {}
        link = line["evidence"][0] if line.get("evidence") else {}
        rows.append(_pick(_STORY, line, link, story | {"articles": len(story["articles"])}))
    return _STORY, rows


@build_rows.register
def _(answer: WhoSaid) -> tuple[tuple[str, ...], list[Row]]:
    return _HIT, [_pick(_HIT, hit) for hit in to_json(answer)["hits"]]


@build_rows.register
def _(answer: PersonTimeline) -> tuple[tuple[str, ...], list[Row]]:
    return _STATEMENT, list(_list_statements(to_json(answer)))


@build_rows.register
def _(answer: PersonComparison) -> tuple[tuple[str, ...], list[Row]]:
    timelines = [side["timeline"] for side in to_json(answer)["people"] if side["timeline"]]
    return _STATEMENT, [row for timeline in timelines for row in _list_statements(timeline)]


@build_rows.register
def _(answer: DraftCheck) -> tuple[tuple[str, ...], list[Row]]:
    columns = (*_CHECK, *(f"source_{name}" for name in _BEST))
    rows = []
    for quote in to_json(answer)["quotes"]:
        best = quote["best"] or {}
        rows.append(_pick(columns, quote, {f"source_{name}": best.get(name) for name in _BEST}))
    return columns, rows


def _list_texts(answer: Briefing, line: Row) -> list[str]:
    """Return the text of each piece of evidence of a line."""
    places = {(piece.article, piece.start, piece.end): piece.text for part in answer.lines for piece in part.evidence}
    return [places[piece["article"], piece["start"], piece["end"]] for piece in line["evidence"]]


def _list_statements(timeline: Row) -> Iterable[Row]:
    for statement in timeline["statements"]:
        yield _pick(_STATEMENT, statement, {"person": timeline["person"], "reports": len(statement["reports"])})


def _pick(columns: Iterable[str], *sources: Row) -> Row:
    """Return a value for each column, from the last source that has it."""
    values: Row = {}
    for source in sources:
        values |= source
    return {name: values.get(name) for name in columns}
