"""From a question to the pages of its answer. Blocking and pure but for the desk."""

from datetime import date

from bot.ask import BriefingAsk, Question, again
from bot.blocks import briefing, whosaid
from bot.blocks.cited import Found
from bot.blocks.message import Message
from bot.blocks.pages import Pages
from briefings.desk import Desk
from briefings.errors import BadQuestion
from briefings.model import Briefing


def found(desk: Desk, question: Question) -> Found:
    """What the desk answers. Raises BriefingsError."""
    if isinstance(question, BriefingAsk):
        return desk.brief(question.words, outlet=question.outlet, since=question.since, until=question.until)
    return desk.who_said(
        question.words,
        by=question.by,
        about=question.about,
        outlet=question.outlet,
        since=question.since,
        until=question.until,
    )


def page(
    answer: Found, question: Question, number: int, *, sharable: bool = True, pages: Pages | None = None
) -> Message:
    """One page of an answer; 0 is the first that is shown. `pages` are where to read on, for those who may."""
    if isinstance(answer, Briefing):
        return briefing.answer(answer, question.line, number, sharable=sharable, pages=pages)
    return whosaid.answer(answer, question.line, number, sharable=sharable, pages=pages)


def question_of(line: str, today: date) -> Question:
    """What a button's line asks. Raises BadQuestion for what none of ours says."""
    if question := again(line, today):
        return question
    raise BadQuestion("This button belongs to an older answer: please ask again.")
