"""The slot of what the articles do not tell, in the program's own words, and the list of sources.

Rule: only what can be known from the record is said: which article has no date, which figure only one outlet gives.
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

#: figures of one outlet alone that are named, at most
_MAX_FIGURES = 3
#: words by which an article without a title is called
_OPENING_WORDS = 6
#: per cent that tell of no count
_HUNDRED_PERCENT = 100
#: articles named one by one, at most; of more, their number is told
_MAX_NAMED_ARTICLES = 5
_FOLLOWING_WORDS = re.compile(r"(?: [^\W_][\w'’-]*){0,2}")


def find_gaps(candidates: Candidates, exclusions: Sequence[str] = ()) -> list[Line]:
    """What a reader would ask and these articles leave open, after what was `left_out` of them."""
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
    """One line an article, in order of publication; with the day on which it took another text, if it did."""
    return [
        Line(slot=Slot.SOURCES, text=_describe_source(article), note=_describe_change(changed_days.get(article.id)))
        for article in candidates.articles
    ]


def _describe_change(day: date | None) -> str | None:
    return f"changed on {format_day(day)}" if day else None


def _describe_source(article: Article) -> str:
    outlet = article.publisher or "unknown outlet"
    return f"{outlet}, {format_day(article.published)}: {article.url or article.id}"


def get_article_label(article: Article) -> str:
    """How an article is called in a sentence: its title, or the words it begins with, in quotation marks."""
    if article.title:
        return f"“{article.title}”"
    body_words = mask_spans(article.text, article.boilerplate).split()
    opening = " ".join(body_words[:_OPENING_WORDS])
    return (
        f"the article that begins “{opening}{' …' if len(body_words) > _OPENING_WORDS else ''}”"
        if opening
        else f"“{article.id}”"
    )


def _describe_unread(candidates: Candidates) -> list[str]:
    """What of very many articles was not read."""
    sentences: list[str] = []
    if candidates.unread_count:
        read_count = len(candidates.articles)
        sentences.append(
            f"What {candidates.unread_count:,} older or undated articles say: only the {read_count} newest are read for this."
        )
    if candidates.is_truncated:
        sentences.append("What stands further down: of so many articles only the first sentences of each are read.")
    return sentences


def _describe_undated(candidates: Candidates) -> list[str]:
    undated_articles = [article for article in candidates.articles if article.published is None]
    sentences = [
        f"When {article.publisher or 'the outlet'} published {get_article_label(article)}: the article bears no date."
        for article in undated_articles
    ]
    return _truncate_list(sentences, "articles bear no date either.")


def _describe_unknown_outlets(candidates: Candidates) -> list[str]:
    unknown_articles = [article for article in candidates.articles if article.publisher is None]
    return _truncate_list(
        [f"Which outlet {get_article_label(article)} comes from." for article in unknown_articles],
        "articles name no outlet either.",
    )


def _truncate_list(sentences: list[str], ending: str) -> list[str]:
    return [
        *sentences[:_MAX_NAMED_ARTICLES],
        *([f"{len(sentences) - _MAX_NAMED_ARTICLES} other {ending}"] if len(sentences) > _MAX_NAMED_ARTICLES else []),
    ]


def _describe_single_outlet(candidates: Candidates) -> list[str]:
    """A briefing that rests on one voice says so."""
    outlet_count = candidates.outlets.count(article.id for article in candidates.articles)
    if outlet_count > 1:
        return []
    articles = (
        "one article" if len(candidates.articles) == 1 else f"{len(candidates.articles)} articles that are one voice"
    )
    return [f"What any other outlet says: this briefing rests on {articles}."]


def _describe_uncorroborated(candidates: Candidates) -> list[str]:
    """The largest figures that only one of several outlets gives, hedged or not."""
    if candidates.outlets.count(article.id for article in candidates.articles) < 2:
        return []
    mentions_by_value: dict[tuple[bool, tuple[float, ...]], list[FigureMention]] = {}
    for mentions in candidates.figures:
        is_percentage = mentions.figure.kind is QuantityKind.PERCENT
        if not (is_percentage and mentions.value == _HUNDRED_PERCENT):
            mentions_by_value.setdefault((is_percentage, mentions.figure.values), []).append(mentions)
    single_outlet_figures = [
        mentions
        for mentions in mentions_by_value.values()
        if candidates.outlets.count(other_mention.article.id for other_mention in mentions) == 1
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
    return [f"Whether a second outlet has these figures: {', '.join(figure_texts)}."]


def _get_figure_text(mention: FigureMention) -> str:
    """The figure as it stands, with the few words after it that tell what of ("140,000 people")."""
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
