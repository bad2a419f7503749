"""Write the lines about what the articles leave open, and list the sources.

Rule: state only what follows from the stored articles: an article has no date, or only one outlet gives a figure.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from briefings.compose.candidates import Candidates
from briefings.compose.figures import FigureMention
from briefings.facts import QuantityKind
from briefings.model import Article, Line, Slot
from briefings.text import lexicon
from briefings.text.dates import format_day
from briefings.text.folding import fold
from briefings.text.spans import mask_spans

#: maximum number of single-outlet figures to name
_MAX_FIGURES = 3
#: an article without a title is identified by this many opening words
_OPENING_WORDS = 6
#: a share that says nothing about a count
_HUNDRED_PERCENT = 100
#: maximum number of articles to name; the others are counted
_MAX_NAMED_ARTICLES = 5
_FOLLOWING_WORDS = re.compile(r"(?: [^\W_][\w'’-]*){0,2}")


def find_gaps(candidates: Candidates, exclusions: Sequence[str] = ()) -> list[Line]:
    """Return the lines about what the articles leave open; `exclusions` come first."""
    return [
        Line(slot=Slot.MISSING, text=text)
        for text in [
            *exclusions,
            *_describe_unread(candidates),
            *_describe_undated(candidates),
            *_describe_unknown_outlets(candidates),
            *_describe_single_outlet(candidates),
            *_describe_uncorroborated(candidates),
        ]
    ]


def list_sources(candidates: Candidates, changed_days: Mapping[str, date]) -> list[Line]:
    """Return one line per article in order of publication, with the day of its last text change if there was one."""
    return [
        Line(slot=Slot.SOURCES, text=_describe_source(article), note=_describe_change(changed_days.get(article.id)))
        for article in candidates.articles
    ]


def get_article_label(article: Article) -> str:
    """Return a label for an article: its title in quotation marks, or the words that it begins with."""
    if article.title:
        return f"“{article.title}”"
    body_words = mask_spans(article.text, article.boilerplate).split()
    opening = " ".join(body_words[:_OPENING_WORDS])
    return (
        f"the article that begins “{opening}{' …' if len(body_words) > _OPENING_WORDS else ''}”"
        if opening
        else f"“{article.id}”"
    )


def _describe_change(day: date | None) -> str | None:
    return f"changed on {format_day(day)}" if day else None


def _describe_source(article: Article) -> str:
    outlet = article.publisher or "unknown outlet"
    return f"{outlet}, {format_day(article.published)}: {article.url or article.id}"


def _describe_unread(candidates: Candidates) -> list[str]:
    """Say how many articles, or parts of articles, were not read."""
    sentences: list[str] = []
    if candidates.unread_count:
        read_count = len(candidates.articles)
        sentences.append(
            f"Older or undated articles that are not included: {candidates.unread_count:,}. "
            f"This briefing uses the {read_count} newest."
        )
    if candidates.is_truncated:
        sentences.append("Only the first sentences of each article are included, because there are so many articles.")
    return sentences


def _describe_undated(candidates: Candidates) -> list[str]:
    undated_articles = [article for article in candidates.articles if article.published is None]
    sentences = [
        f"The publication date of {get_article_label(article)} ({article.publisher or 'unknown outlet'})."
        for article in undated_articles
    ]
    return _truncate_list(sentences, "Other articles without a date")


def _describe_unknown_outlets(candidates: Candidates) -> list[str]:
    unknown_articles = [article for article in candidates.articles if article.publisher is None]
    return _truncate_list(
        [f"The outlet that published {get_article_label(article)}." for article in unknown_articles],
        "Other articles without an outlet",
    )


def _truncate_list(sentences: list[str], label: str) -> list[str]:
    rest_count = len(sentences) - _MAX_NAMED_ARTICLES
    return [*sentences[:_MAX_NAMED_ARTICLES], *([f"{label}: {rest_count}."] if rest_count > 0 else [])]


def _describe_single_outlet(candidates: Candidates) -> list[str]:
    """Say so when all articles come from one independent source."""
    outlet_count = candidates.outlets.count(article.id for article in candidates.articles)
    if outlet_count > 1:
        return []
    articles = (
        "one article" if len(candidates.articles) == 1 else f"{len(candidates.articles)} articles that share one source"
    )
    return [f"A second source: this briefing uses {articles}."]


def _describe_uncorroborated(candidates: Candidates) -> list[str]:
    """Name the largest figures that only one of several outlets gives, with or without a hedge."""
    if candidates.outlets.count(article.id for article in candidates.articles) < 2:
        return []
    mentions_by_value: dict[tuple[bool, tuple[float, ...]], list[FigureMention]] = {}
    for mention in candidates.figures:
        is_percentage = mention.figure.kind is QuantityKind.PERCENT
        if not (is_percentage and mention.value == _HUNDRED_PERCENT):
            mentions_by_value.setdefault((is_percentage, mention.figure.values), []).append(mention)
    single_outlet_figures = [
        mentions
        for mentions in mentions_by_value.values()
        if candidates.outlets.count(mention.article.id for mention in mentions) == 1
    ]
    single_outlet_figures.sort(
        key=lambda mentions: (mentions[0].figure.kind is QuantityKind.PERCENT, -mentions[0].value)
    )
    figure_texts = [
        f"“{_get_figure_text(mention)}” ({mention.article.publisher or 'unknown outlet'})"
        for mention, *_ in single_outlet_figures[:_MAX_FIGURES]
    ]
    if not figure_texts:
        return []
    return [f"A second outlet for these figures: {', '.join(figure_texts)}."]


def _get_figure_text(mention: FigureMention) -> str:
    """Return the figure with the next few words that say what it counts ("140,000 people")."""
    text, start, end = mention.article.text, mention.figure.value_span.start, mention.figure.value_span.end
    match = (
        _FOLLOWING_WORDS.match(text, end, mention.sentence.end)
        if mention.figure.kind is not QuantityKind.SCORE
        else None
    )
    words = match.group().split(" ")[1:] if match else []
    while words and fold(words[-1]) in lexicon.load_words("stop_words"):
        words.pop()
    return text[start : end + sum(len(word) + 1 for word in words)]
