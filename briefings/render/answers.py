"""Renders any kind of answer: as JSON for programs, or as text for a terminal."""

from functools import singledispatch
from typing import Any

from briefings.answer import Answer
from briefings.draft_report import DraftCheck
from briefings.model import Briefing, Line, WhoSaid
from briefings.person_report import PersonComparison, PersonTimeline
from briefings.render import draft_check_text, json_output, news_text, person_json, person_text, terminal
from briefings.render.terminal import Style
from briefings.report import NewsBriefing, Report


@singledispatch
def to_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON values, in the form that the command line prints.

    Raises TypeError for anything but an answer.
    """
    raise TypeError(f"{type(answer).__name__} is not an answer")


@to_json.register
def _(answer: Briefing) -> dict[str, Any]:
    return json_output.render_briefing(answer)


@to_json.register
def _(answer: NewsBriefing) -> dict[str, Any]:
    return json_output.render_news(answer)


@to_json.register
def _(answer: WhoSaid) -> dict[str, Any]:
    return json_output.render_who_said(answer)


@to_json.register
def _(answer: DraftCheck) -> dict[str, Any]:
    return json_output.render_draft_check(answer)


@to_json.register
def _(answer: PersonTimeline) -> dict[str, Any]:
    return person_json.render_timeline(answer)


@to_json.register
def _(answer: PersonComparison) -> dict[str, Any]:
    return person_json.render_comparison(answer)


def figures_to_json(report: Report) -> dict[str, Any]:
    """Return the figures of a story: its series of values and its counts by day."""
    return json_output.render_figures(report)


def update_line_to_json(line: Line, kind: str) -> dict[str, Any]:
    """Return a new line of a story with the kind of its news."""
    return json_output.render_update_line(line, kind)


@singledispatch
def to_terminal(answer: Answer, _style: Style) -> str:
    """Return an answer as text for a terminal.

    Raises TypeError for anything but an answer.
    """
    raise TypeError(f"{type(answer).__name__} is not an answer")


@to_terminal.register
def _(answer: Briefing, style: Style) -> str:
    return terminal.render_briefing(answer, style)


@to_terminal.register
def _(answer: NewsBriefing, style: Style) -> str:
    return news_text.render_news(answer, style)


@to_terminal.register
def _(answer: WhoSaid, style: Style) -> str:
    return terminal.render_who_said(answer, style)


@to_terminal.register
def _(answer: DraftCheck, style: Style) -> str:
    return draft_check_text.render_draft_check(answer, style)


@to_terminal.register
def _(answer: PersonTimeline, style: Style) -> str:
    return person_text.render_timeline(answer, style)


@to_terminal.register
def _(answer: PersonComparison, style: Style) -> str:
    return person_text.render_comparison(answer, style)
