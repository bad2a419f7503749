"""Replay a story day by day: the update that each day of publication brings to readers who had the days before.

Rule: a day's update is found without the articles of later days, and speakers' names are completed without them too.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from briefings.attribution import complete_speakers
from briefings.model import Article, Quote
from briefings.updates.model import ReadingHistory, UpdateItem
from briefings.updates.updates import MAX_WORDS, find_update


def replay_updates(
    articles_with_quotes: Sequence[tuple[Article, tuple[Quote, ...]]], *, max_words: int = MAX_WORDS
) -> Iterator[tuple[date, tuple[UpdateItem, ...]]]:
    """Yield each day of publication with its new lines, at most `max_words` words a day; a day may have none.

    Undated articles are left out.
    """
    history = ReadingHistory()
    for day in sorted({article.published for article, _ in articles_with_quotes if article.published}):
        known_pairs = [
            (article, quotes)
            for article, quotes in articles_with_quotes
            if article.published is not None and article.published <= day
        ]
        update = find_update(
            "",
            "",
            complete_speakers(known_pairs),
            history,
            cited_articles={article.id: article for article, _ in known_pairs},
            find_older_texts=lambda _: (),
            today=day,
            max_words=max_words,
        )
        if update:
            history = update.history
        yield day, update.items if update else ()
