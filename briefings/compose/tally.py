"""Counts of a story: articles and quotations day by day and outlet by outlet, and who is quoted how much.

Rule: everything in `read` is counted, each article and each quotation once; what is not known stays apart.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from briefings.model import Article, Quote, Speaker
from briefings.report import DayCount, SpeakerCount
from briefings.similarity.source_independence import IndependentOutlets

ArticlesWithQuotes = Sequence[tuple[Article, Sequence[Quote]]]


def count_by_day(articles_with_quotes: ArticlesWithQuotes) -> tuple[DayCount, ...]:
    """A count for each day and outlet that printed something, the undated last; outlets by name, the unknown last."""
    article_counts, quote_counts = Counter[tuple[date | None, str | None]](), Counter[tuple[date | None, str | None]]()
    for article, article_quotes in articles_with_quotes:
        article_counts[article.published, article.publisher] += 1
        quote_counts[article.published, article.publisher] += len(article_quotes)
    sorted_keys = sorted(
        article_counts, key=lambda key: (key[0] is None, key[0] or date.max, key[1] is None, key[1] or "")
    )
    return tuple(DayCount(*key, article_counts[key], quote_counts[key]) for key in sorted_keys)


def count_by_speaker(articles_with_quotes: ArticlesWithQuotes, outlets: IndependentOutlets) -> tuple[SpeakerCount, ...]:
    """Everybody quoted by name, the most quoted first, of equals those in more outlets; with the role given most."""
    quote_counts, role_counts, articles_by_speaker = Counter[str](), dict[str, Counter[str]](), dict[str, set[str]]()
    for article, speaker in _list_speakers(articles_with_quotes):
        if not speaker.anonymous:
            quote_counts[speaker.name] += 1
            articles_by_speaker.setdefault(speaker.name, set()).add(article.id)
            role_counts.setdefault(speaker.name, Counter()).update([speaker.role] if speaker.role else [])
    speaker_counts = [
        SpeakerCount(
            Speaker(name, _find_commonest_role(role_counts[name])),
            quote_count,
            len(articles_by_speaker[name]),
            outlets.count(articles_by_speaker[name]),
        )
        for name, quote_count in quote_counts.items()
    ]
    return tuple(
        sorted(
            speaker_counts,
            key=lambda speaker_count: (-speaker_count.quotes, -speaker_count.outlets, speaker_count.speaker.name),
        )
    )


def count_unnamed(articles_with_quotes: ArticlesWithQuotes) -> int:
    """How many quotations are of somebody whom the article does not name."""
    return sum(speaker.anonymous for _, speaker in _list_speakers(articles_with_quotes))


def count_unattributed(articles_with_quotes: ArticlesWithQuotes) -> int:
    """How many quotations are nobody's."""
    return sum(quote.speaker is None for _, quotes in articles_with_quotes for quote in quotes)


def _list_speakers(articles_with_quotes: ArticlesWithQuotes) -> list[tuple[Article, Speaker]]:
    return [(article, quote.speaker) for article, quotes in articles_with_quotes for quote in quotes if quote.speaker]


def _find_commonest_role(role_counts: Counter[str]) -> str | None:
    return min(role_counts, key=lambda role: (-role_counts[role], role)) if role_counts else None
