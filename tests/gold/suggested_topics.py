"""Print the topics that are suggested while a record fills day by day, so that an editor can judge their names.

    python -m tests.gold.suggested_topics [FILE] [EVERY]

FILE has articles as JSON lines, compressed or not. Of all suggestions, every EVERY-th is printed with the headlines of
its articles. A name is printed once: later suggestions with the same name are left out.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

import briefings
from briefings import Article, BriefingService, SuggestedTopic
from briefings.ingest import read_raw_articles
from briefings.stories import filter_by_topic
from tests.support.shared_data import SHARED

_FILE = SHARED / "stories/unlabelled.jsonl.gz"
#: headlines printed of a suggestion
_MAX_HEADLINES = 4


def generate_suggestions(
    service: BriefingService, articles: Sequence[Article]
) -> Iterator[tuple[SuggestedTopic, list[Article]]]:
    """Add the articles day by day, and yield each new suggestion with the articles of the record that it would have."""
    dated = sorted((article for article in articles if article.published), key=lambda article: article.published)
    names: set[str] = set()
    added: list[Article] = []
    for day, group in groupby(dated, key=lambda article: article.published):
        added += (day_articles := list(group))
        for _ in service.ingest(day_articles):
            pass
        for suggestion in service.news.suggest_topics(day).suggestions:
            if suggestion.name not in names:
                names.add(suggestion.name)
                topic = briefings.Topic("suggested", suggestion.name, suggestion.words)
                yield suggestion, filter_by_topic(topic, [a for a in added if (day - a.published).days < 7])


def main(arguments: Sequence[str]) -> None:
    """Print the suggestions."""
    file = arguments[0] if arguments else str(_FILE)
    step = int(arguments[1]) if len(arguments) > 1 else 1
    count = 0
    with briefings.open(":memory:") as service:
        for count, (suggestion, articles) in enumerate(
            generate_suggestions(service, list(read_raw_articles(file))), start=1
        ):
            if count % step:
                continue
            counts = f"{suggestion.outlets} outlets, {suggestion.articles} articles"
            lines = [f"{suggestion.name} ({counts})", f"    words: {', '.join(suggestion.words)}"]
            lines += [f"    {a.published} {a.publisher}: {a.title}" for a in articles[:_MAX_HEADLINES]]
            sys.stdout.write("\n".join([*lines, ""]))
            sys.stdout.flush()
    sys.stdout.write(f"{count} suggestions\n")


if __name__ == "__main__":
    main(sys.argv[1:])
