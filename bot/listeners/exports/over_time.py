"""Loads what the previews of timelines, comparisons and the news show.

Rule: a preview shows the first statement of each person, or the first headline. Nothing says whether people agree.
"""

from datetime import date

from bot.answers.answer_service import AnswerService
from bot.links.page_address import PageAddress
from bot.listeners.exports.preview_view import Preview
from bot.queries.filters import parse_days
from bot.queries.news import parse_news
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import NewsQuery, to_one_line
from bot.slack.blocks import formatting
from bot.slack.views.people.statements import describe_days
from briefings import BadQuestion, NewsBriefing, PersonComparison, PersonTimeline
from briefings.exports import build_headline_passage, build_hit_passage, build_line_passages, describe_namesakes

_MAX_WORDS = 1_000


async def load_timeline(answers: AnswerService, address: PageAddress) -> Preview | None:
    """Return the preview of a timeline, or None if it has no statements or its name is not one person's."""
    result = (await answers.cache.get_answer(_read_timeline(answers, address, address.subject))).result
    if not isinstance(result, PersonTimeline) or not result.statements:
        return None
    days = [count.day for count in result.day_counts if count.day]
    warning = describe_namesakes(result.namesakes) if len(result.namesakes) > 1 else ""
    details = formatting.join_with_dots(
        (
            formatting.format_count(len(result.statements), "statement"),
            describe_days(min(days, default=None), max(days, default=None)),
            warning,
        )
    )
    title = f"{_join_title(result.name, result.about_title)}, over time"
    return Preview(title, (build_hit_passage(result.statements[0].hit),), details)


async def load_comparison(answers: AnswerService, address: PageAddress) -> Preview | None:
    """Return the preview of two people, each with their first statement, or None without statements."""
    first, second = (to_one_line(address.params.get(name, ""))[:_MAX_WORDS] for name in ("first", "second"))
    if not (first and second):
        return None
    filters = _read_timeline(answers, address, first)
    query = ComparisonQuery(first, second, filters.about, filters.outlet, filters.since, filters.until)
    result = (await answers.cache.get_answer(query)).result
    if not isinstance(result, PersonComparison) or result.is_one_person:
        return None
    statements = [side.timeline.statements[0] for side in result.sides if side.timeline and side.timeline.statements]
    if not statements:
        return None
    title = _join_title(" and ".join(side.name for side in result.sides), result.about_title)
    return Preview(title, tuple(build_hit_passage(statement.hit) for statement in statements))


async def load_news(answers: AnswerService, address: PageAddress) -> Preview | None:
    """Return the preview of the news of some days with the first headline, or None without stories."""
    result = (await answers.cache.get_answer(_read_news(answers, address))).result
    if not isinstance(result, NewsBriefing) or not result.stories:
        return None
    story = result.stories[0]
    passages = [build_headline_passage(story.lead, story.outlets)] if story.lead else []
    passages += build_line_passages(story.line, result.sources) if story.line else []
    stories = "1 story" if result.story_count == 1 else f"{result.story_count:,} stories"
    details = f"{stories} in {formatting.format_count(result.article_count, 'article')}"
    return Preview(result.title, tuple(passages[:1]), details)


def parse_day(answers: AnswerService, address: PageAddress, name: str) -> tuple[date, date] | None:
    """Return the first and the last day of a parameter, or None without one. Raises BadQuestion for another text."""
    text = to_one_line(address.params.get(name, ""))
    period = parse_days(text, answers.today()) if text else None
    if text and period is None:
        raise BadQuestion(f"{name}= is not a date.")
    return (period.first, period.last) if period else None


def _read_timeline(answers: AnswerService, address: PageAddress, name: str) -> TimelineQuery:
    since, until = (parse_day(answers, address, field) for field in ("since", "until"))
    about, outlet = (to_one_line(address.params.get(field, ""))[:_MAX_WORDS] for field in ("about", "outlet"))
    return TimelineQuery(
        to_one_line(name)[:_MAX_WORDS], about or None, outlet or None, since and since[0], until and until[1]
    )


def _read_news(answers: AnswerService, address: PageAddress) -> NewsQuery:
    since, until = (parse_day(answers, address, field) for field in ("since", "until"))
    outlet = to_one_line(address.params.get("outlet", ""))[:_MAX_WORDS] or None
    if since or until:
        return NewsQuery(since and since[0], until and until[1], outlet)
    query = parse_news(to_one_line(address.params.get("days", "")) or "today", answers.today())
    if query is None:
        raise BadQuestion("days= has no days.")
    return NewsQuery(query.since, query.until, outlet or query.outlet)


def _join_title(name: str, about_title: str | None) -> str:
    return f"{name} about {about_title}" if about_title else name
