"""Answers questions about people over time: runs their queries, and renders the pages of their answers."""

from bot.links.urls import PageLinks
from bot.queries.person_queries import ComparisonQuery, PersonQuery, TimelineQuery
from bot.queries.queries import Query
from bot.slack.blocks.citations import PersonResult
from bot.slack.blocks.message import Message
from bot.slack.views.people import comparison, name_choice, timeline
from briefings import BadQuestion, BriefingService, PersonComparison, PersonTimeline


def run_person_query(service: BriefingService, query: PersonQuery) -> PersonResult:
    """Return the service's answer to a query about people. Blocks. Raises BriefingsError."""
    if isinstance(query, ComparisonQuery):
        return service.people.compare(
            query.first, query.second, query.about, query.since, query.until, outlet=query.outlet
        )
    return service.people.get_timeline(query.by, query.about, query.since, query.until, outlet=query.outlet)


def render_person_page(
    result: PersonResult, query: Query, page: int, *, sharable: bool, page_links: PageLinks | None
) -> Message:
    """Return one page of an answer. `page_links` builds links to the web pages; None for no links."""
    if isinstance(query, ComparisonQuery) and isinstance(result, PersonComparison):
        return comparison.build_message(result, query, page, sharable=sharable, page_links=page_links)
    if isinstance(query, TimelineQuery) and isinstance(result, PersonTimeline):
        return timeline.build_message(result, query, page, sharable=sharable, page_links=page_links)
    if isinstance(query, TimelineQuery) and not isinstance(result, PersonTimeline | PersonComparison):
        return name_choice.build_message(result, query)
    raise BadQuestion("This button belongs to an older answer. Ask again.")
