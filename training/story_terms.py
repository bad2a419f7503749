"""Count in how many news articles each word occurs: python -m training.story_terms STORIES.jsonl.gz [LIST].

Source: the 969 unlabelled articles of 273 stories (2012 to 2020, several outlets). The list has words and counts only.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from briefings.model import Article
from briefings.stories.likeness import weigh_terms

DEFAULT_PATH = Path(__file__).parent.parent / "briefings" / "text" / "lexicon" / "article_counts.txt"
#: words of fewer articles are left out: they weigh as much as unknown ones, and they are often typing errors
MIN_ARTICLES = 3
_HEADER = (
    "# In how many of {} news articles each word occurs in the opening, for words of {} articles or more. Counted by\n"
    "# training/story_terms.py. The links between stories are built with it: whoever changes it adds a revision.\n"
)


def count_articles(articles: Iterable[Article]) -> tuple[Counter[str], int]:
    """Return the number of articles whose title or opening has each term, and the number of articles."""
    counts: Counter[str] = Counter()
    total = 0
    for article in articles:
        counts.update(weigh_terms(article).keys())
        total += 1
    return counts, total


def format_list(counts: Counter[str], total: int) -> str:
    """Return the text of the word list, sorted by word."""
    lines = [f"{word}\t{count}\n" for word, count in sorted(counts.items()) if count >= MIN_ARTICLES]
    return _HEADER.format(total, MIN_ARTICLES) + "".join(lines)


def main(arguments: list[str]) -> None:
    """Count the words of a file of JSON lines, and write the list."""
    if not 1 <= len(arguments) <= 2:
        sys.exit(__doc__)
    path = Path(arguments[1]) if len(arguments) == 2 else DEFAULT_PATH
    with gzip.open(arguments[0], "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        counts, total = count_articles(Article(row["id"], row["text"], title=row.get("title")) for row in rows)
    path.write_text(format_list(counts, total), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
