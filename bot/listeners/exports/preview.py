"""Loads what the preview of a page shows: a title, and the words that the page is about.

Rule: a preview shows only what the page shows.
"""

from collections.abc import Sequence

from bot.answers.answer_service import AnswerService
from bot.core.settings import ReaderMode
from bot.links.page_address import PageAddress, PageKind
from bot.listeners.exports import over_time
from bot.listeners.exports.over_time import parse_day
from bot.listeners.exports.preview_view import Preview
from bot.queries.queries import BriefingQuery, WhoSaidQuery, to_one_line
from bot.slack.blocks import formatting
from briefings import (
    Article,
    ArticleView,
    Briefing,
    PersonProfile,
    Quote,
    Slot,
    Span,
    WhoSaid,
    get_source_name,
)
from briefings.article import name_outlet, name_source
from briefings.exports import (
    Passage,
    Place,
    Voice,
    build_hit_passage,
    build_line_passages,
    build_quote_passage,
    describe_namesakes,
)
from briefings.text import format_day

_MAX_WORDS, _MAX_DIGITS = 1_000, 12


async def load_preview(answers: AnswerService, address: PageAddress, reader: ReaderMode) -> Preview | None:
    """Return the preview of a page, or None if the page has nothing to show. Raises BriefingsError."""
    match address.kind:
        case PageKind.ARTICLE:
            return await _load_article(answers, address, reader)
        case PageKind.STORY:
            return await _load_story(answers, address)
        case PageKind.PERSON:
            return await _load_person(answers, address)
        case PageKind.SEARCH:
            return await _load_search(answers, address)
        case PageKind.TIMELINE:
            return await over_time.load_timeline(answers, address)
        case PageKind.COMPARISON:
            return await over_time.load_comparison(answers, address)
        case PageKind.NEWS:
            return await over_time.load_news(answers, address)


async def _load_article(answers: AnswerService, address: PageAddress, reader: ReaderMode) -> Preview | None:
    span = _parse_span(address.params.get("at"))
    if span is None and "at" in address.params:
        return None
    view = await answers.executor.call(lambda service: service.view_article(address.subject, span))
    if span and view.requested_span is None:  # the text has changed since the link was made
        return None
    article = view.article
    if (await answers.cache.find_left_out()).sources.matches(article.publisher, article.url):
        return None
    passage = _choose_passage(view, span, reader) if span else None
    title = article.title or name_source(article)
    quotes = formatting.format_count(view.quotation_count, "quote")
    details = "" if passage else f"{name_source(article)} · {format_day(article.published)} · {quotes}"
    return Preview(title, (passage,) if passage else (), details)


def _choose_passage(view: ArticleView, span: Span, reader: ReaderMode) -> Passage | None:
    """Return the quote that most of the linked words are in, or the words themselves where full texts are shown."""
    quotes = [numbered.quote for numbered in view.quotes if numbered.quote.span.overlaps(span)]
    best_quote = max(quotes, key=lambda quote: _rate_overlap(quote, span), default=None)
    is_full = reader is ReaderMode.FULL
    # a linked sentence can have a few words in marks, which are not what it says
    if best_quote and (not is_full or 2 * _rate_overlap(best_quote, span)[0] >= len(span)):
        return build_quote_passage(view.article, best_quote)
    if not is_full:
        return None
    return Passage(span.of(view.article.text), Voice.ARTICLE, (_build_place(view.article, span),))


def _rate_overlap(quote: Quote, span: Span) -> tuple[int, int]:
    """Rate how well a quote fits the linked words: by what they share, then by what the quote has besides."""
    shared = min(quote.span.end, span.end) - max(quote.span.start, span.start)
    return shared, -len(quote.span)


def _build_place(article: Article, span: Span) -> Place:
    return Place(article.id, span.start, span.end, name_source(article), name_outlet(article), article.published)


async def _load_story(answers: AnswerService, address: PageAddress) -> Preview | None:
    since, until = (parse_day(answers, address, name) for name in ("since", "until"))
    outlet = to_one_line(address.params.get("outlet", "")) or None
    query = BriefingQuery(to_one_line(address.subject)[:_MAX_WORDS], outlet, since and since[0], until and until[1])
    result = (await answers.cache.get_answer(query)).result
    if not isinstance(result, Briefing):
        return None
    lead = next(
        (line for slot in (Slot.STATUS, Slot.TIMELINE, Slot.QUOTES) for line in result.get_slot_lines(slot)), None
    )
    passages: Sequence[Passage] = build_line_passages(lead, result.sources) if lead else ()
    title = "All articles" if result.title == "*" else result.title
    outlets = max(1, len({get_source_name(source) for source in result.sources if source.provenance.is_certain}))
    counts = (
        f"{formatting.format_count(len(result.sources), 'article')} from {formatting.format_count(outlets, 'outlet')}"
    )
    return Preview(title, tuple(passage for passage in passages if passage.places)[:1], counts)


async def _load_person(answers: AnswerService, address: PageAddress) -> Preview | None:
    name = to_one_line(address.subject)
    profile = await answers.executor.call(lambda service: service.find_person(name))
    if not isinstance(profile, PersonProfile):
        return None
    role = next((usage.role for usage in profile.roles if usage.role), "")
    title = f"{profile.person.name}, {role}" if role and not profile.namesakes else profile.person.name
    passages = tuple(build_hit_passage(hit) for hit in profile.hits[:1])
    count = f"Quoted {formatting.format_count(profile.person.quotes, 'time')}"
    warning = describe_namesakes(profile.namesakes) if profile.namesakes else ""
    return Preview(title, passages, formatting.join_with_dots((count, warning)))


async def _load_search(answers: AnswerService, address: PageAddress) -> Preview | None:
    since, until = (parse_day(answers, address, name) for name in ("since", "until"))
    words, by, about, outlet = (to_one_line(address.params.get(name, "")) for name in ("q", "by", "about", "outlet"))
    if not (words or by or about or outlet):
        return None
    query = WhoSaidQuery(
        words[:_MAX_WORDS],
        by=by or None,
        about=about or None,
        outlet=outlet or None,
        since=since and since[0],
        until=until and until[1],
    )
    result = (await answers.cache.get_answer(query)).result
    if not isinstance(result, WhoSaid) or not result.hits or result.dropped:
        return None
    title = f"Quotes {result.description}".strip()
    count = f"{formatting.format_count(len(result.hits), 'quote')}{' or more' if result.more else ''}"
    return Preview(title, (build_hit_passage(result.hits[0]),), count)


def _parse_span(text: str | None) -> Span | None:
    """Return the half-open span of "START-END", or None."""
    start, _, end = (text or "").partition("-")
    if not all(number.isascii() and number.isdigit() and len(number) <= _MAX_DIGITS for number in (start, end)):
        return None
    return Span(int(start), int(end)) if int(start) < int(end) else None
