"""Quotations of any number of articles, one after another, in constant memory, on several cores when asked.

Rule: articles come and go one at a time and in order; at most a few dozen are on their way at once.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from briefings.model import Article, Quote
from briefings.quotes.attributions import attributions

#: articles handed to a process at a time, and such batches on their way for each process
BATCH, AHEAD = 16, 3


def lines(articles: Iterable[Article], *, jobs: int = 1) -> Iterator[str]:
    """For each article, in order, a line of JSON without its line end: {"id", "quotes": [...]}; character offsets."""
    if jobs <= 1:
        yield from (line(article) for article in articles)
        return
    waiting: deque[Future[list[str]]] = deque()
    with ProcessPoolExecutor(jobs) as pool:
        for batch in _batches(articles):
            waiting.append(pool.submit(_lines, batch))
            if len(waiting) > jobs * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def line(article: Article) -> str:
    """One article's quotations as a line of JSON."""
    return json.dumps(
        {"id": article.id, "quotes": [_record(quote) for quote in attributions(article)]}, ensure_ascii=False
    )


def _lines(batch: list[Article]) -> list[str]:
    return [line(article) for article in batch]


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    source = iter(articles)
    while batch := list(islice(source, BATCH)):
        yield batch


def _record(quote: Quote) -> dict[str, object]:
    """The source is the mention that annotators mark: of who passed the words on, where somebody did."""
    source = quote.through or quote.source
    return {
        "content": [[span.start, span.end] for span in quote.content],
        "source": [source.start, source.end] if source else None,
        "cue": [quote.cue.start, quote.cue.end] if quote.cue else None,
        "speaker": quote.speaker.name if quote.speaker else None,
        "kind": str(quote.kind),
        "confidence": quote.confidence,
    }
