"""Article page: the text with its quotes and the linked words highlighted, and other wordings of each quote.

Rule: the text is shown exactly, character by character. If full texts are turned off, only sentences with quotes are
shown. Long texts are split into parts.
"""

import re
from typing import Final

from aiohttp import web

from bot.core.settings import ReaderMode
from bot.links import urls
from bot.web.context import Site, build_html_response
from bot.web.error_pages import error_page
from bot.web.pages import downloads, highlighting
from bot.web.pages.meta_tags import build_meta_tags
from briefings import (
    MAX_VERSIONS,
    ArticleView,
    BadQuestion,
    BriefingService,
    Span,
    Wording,
)
from briefings.article import build_link, find_headline, get_page_url
from briefings.text import merge_spans, subtract_spans

_SPAN_PATTERN: Final = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")


async def show_page(site: Site, request: web.Request) -> web.Response:
    """Show an article, or with `?format=` return who is quoted in it as a file.

    Its id is in the path, or in the query if a path cannot contain it.
    """
    article_id = request.match_info.get("id", request.query.get("id", ""))
    if export_format := downloads.read_format(request.query):
        return await downloads.build_response(site, export_format, lambda builder: builder.build_article(article_id))
    span, offset = parse_span(request.query.get("at")), _parse_offset(request.query.get("from"))

    def render(service: BriefingService) -> str | None:
        article_view = service.view_article(article_id, span, offset)
        if span is None or article_view.requested_span:
            return site.render("article.html", **build_template_values(article_view, site.settings.reader))
        return None

    html = await site.run_in_thread(render)
    if html is None:
        sentence = "The linked words are no longer in this article. Its text has changed since the link was created."
        return error_page(site, 404, sentence, link=("Open the current article", urls.article(article_id)))
    return build_html_response(html)


def parse_span(text: str | None) -> Span | None:
    """Parse a link's "START-END" into a half-open span of character offsets, or None without text.

    Raises BadQuestion if the text is not such a span.
    """
    if text is None:
        return None
    match = _SPAN_PATTERN.fullmatch(text)
    start, end = (int(match[1]), int(match[2])) if match else (0, 0)
    if start >= end:
        raise BadQuestion(
            "This link doesn't point to any words. It should contain at=START-END, for example at=120-180."
        )
    return Span(start, end)


def build_template_values(article_view: ArticleView, reader: ReaderMode) -> dict[str, object]:
    """Build the values of the article template."""
    is_full = reader is ReaderMode.FULL
    rows = highlighting.build_text_rows(article_view) if is_full else highlighting.build_quote_rows(article_view)
    article = article_view.article
    part_index = article_view.parts.index(article_view.part)
    return {
        "view": article_view,
        "meta_tags": build_meta_tags(article),
        "downloads": downloads.list_downloads(urls.article(article.id)),
        "article": article,
        "rows": rows,
        "is_full": is_full,
        "shows_linked_words": article_view.requested_span is None or highlighting.has_linked_words(rows),
        "link": build_link(article, article_view.requested_span)
        if article_view.requested_span
        else get_page_url(article),
        "has_headline": is_full and not part_index and find_headline(article) is not None,
        "part_number": part_index + 1,
        "previous_start": article_view.parts[part_index - 1].start if part_index else None,
        "next_start": article_view.parts[part_index + 1].start if part_index + 1 < len(article_view.parts) else None,
        "linked_numbers": _find_linked_quotes(article_view),
        "split_wording": split_wording,
        "omitted_words": _find_omitted_words(article_view),
        "max_versions": MAX_VERSIONS,
    }


def split_wording(wording: Wording) -> list[tuple[str, bool]]:
    """Split another article's wording into pieces, each with whether it differs from this article."""
    whole = wording.span
    differing_spans = merge_spans(change.source for change in wording.changes if len(change.source))
    same_spans = [(span, False) for span in subtract_spans(whole, differing_spans)] if len(whole) else []
    pieces = sorted(same_spans + [(span, True) for span in differing_spans])
    return [
        (wording.text[piece_span.start - whole.start : piece_span.end - whole.start], is_different)
        for piece_span, is_different in pieces
    ]


def _find_omitted_words(article_view: ArticleView) -> dict[tuple[int, str], list[str]]:
    """Return the words that other wordings omit, by quotation number and the other article's id."""
    return {
        (quotation.number, wording.source.id): [
            change.draft.of(article_view.article.text)
            for change in wording.changes
            if len(change.draft) and not len(change.source)
        ]
        for quotation in article_view.quotes
        for wording in quotation.wordings
    }


def _find_linked_quotes(article_view: ArticleView) -> frozenset[int]:
    """Return the numbers of the quotations that contain the linked words."""
    span = article_view.requested_span
    if span is None:
        return frozenset()
    return frozenset(
        quotation.number
        for quotation in article_view.quotes
        if any(fragment.overlaps(span) for fragment in quotation.quote.content)
    )


def _parse_offset(text: str | None) -> int:
    """Parse a character offset; return 0 for any other text."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,12}", text) else 0
