"""From a question to the pages of its answer. Blocking and pure but for the desk."""

from datetime import date

from bot.links.urls import PageLinks
from bot.queries.queries import BriefingQuery, Query, parse_command
from bot.slack.blocks.citations import AnswerResult
from bot.slack.blocks.message import Message
from bot.slack.views import briefing, who_said
from briefings.errors import BadQuestion
from briefings.model import Briefing
from briefings.service.service import BriefingService


def run_query(service: BriefingService, query: Query) -> AnswerResult:
    """What the desk answers. Raises BriefingsError."""
    if isinstance(query, BriefingQuery):
        return service.brief(query.words, outlet=query.outlet, since=query.since, until=query.until)
    return service.who_said(
        query.words,
        by=query.by,
        about=query.about,
        outlet=query.outlet,
        since=query.since,
        until=query.until,
    )


def render_page(
    result: AnswerResult, query: Query, page_number: int, *, sharable: bool = True, page_links: PageLinks | None = None
) -> Message:
    """One page of an answer; 0 is the first that is shown. `pages` are where to read on, for those who may."""
    if isinstance(result, Briefing):
        return briefing.build_message(result, query.command_text, page_number, sharable=sharable, page_links=page_links)
    return who_said.build_message(result, query.command_text, page_number, sharable=sharable, page_links=page_links)


def parse_button_query(command_text: str, today: date) -> Query:
    """What a button's line asks. Raises BadQuestion for what none of ours says."""
    if query := parse_command(command_text, today):
        return query
    raise BadQuestion("This button belongs to an older answer: please ask again.")
