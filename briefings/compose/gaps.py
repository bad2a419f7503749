"""Write the lines about what is not known of the articles, and list the sources.

Rule: state only what follows from the stored articles: an article has no date or no outlet, or was not read. What the
articles themselves call unknown is in `outlook`.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from briefings.article.source_name import name_outlet
from briefings.compose.candidates import Candidates
from briefings.model import Article, Line, Slot
from briefings.text.dates import format_day
from briefings.text.spans import mask_spans

#: an article without a title is identified by this many opening words
_OPENING_WORDS = 6
#: maximum number of articles to name; the others are counted
_MAX_NAMED_ARTICLES = 5


def find_gaps(candidates: Candidates, exclusions: Sequence[str] = ()) -> list[Line]:
    """Return the lines about what is not known of the articles; `exclusions` come first."""
    return [
        Line(slot=Slot.MISSING, text=text)
        for text in [
            *exclusions,
            *_describe_unread(candidates),
            *_describe_undated(candidates),
            *_describe_unknown_outlets(candidates),
            *_describe_single_outlet(candidates),
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
    outlet = name_outlet(article) or "unknown outlet"
    return f"{outlet}, {format_day(article.published)}: {article.url or get_article_label(article)}"


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
        f"The publication date of {get_article_label(article)} ({name_outlet(article) or 'unknown outlet'})."
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
    uncertain_count = sum(not article.provenance.is_certain for article in candidates.articles)
    if uncertain_count and len(candidates.articles) > 1:
        verb = "is" if uncertain_count == 1 else "are"
        missing = "A confirmed outlet" if uncertain_count == len(candidates.articles) else "A second confirmed outlet"
        count = f"{uncertain_count} of these {len(candidates.articles)} articles"
        return [f"{missing}: {count} {verb} from outlets that no one confirmed."]
    articles = (
        "one article" if len(candidates.articles) == 1 else f"{len(candidates.articles)} articles that share one source"
    )
    return [f"A second source: this briefing uses {articles}."]
