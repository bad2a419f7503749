"""Quotations of any number of articles, one after another, in constant memory, on several cores when asked.

Rule: articles come and go one at a time and in order; at most a few dozen are on their way at once.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from briefings.attribution.attributions import find_attributions
from briefings.model import Article, Quote

#: articles handed to a process at a time, and such batches on their way for each process
BATCH_SIZE, MAX_BATCHES_AHEAD = 16, 3


def generate_json_lines(articles: Iterable[Article], *, jobs: int = 1) -> Iterator[str]:
    """For each article, in order, a line of JSON without its line end: {"id", "quotes": [...]}; character offsets."""
    if jobs <= 1:
        yield from (to_json_line(article) for article in articles)
        return
    pending_batches: deque[Future[list[str]]] = deque()
    with ProcessPoolExecutor(jobs) as pool:
        for batch in _split_into_batches(articles):
            pending_batches.append(pool.submit(_to_json_lines, batch))
            if len(pending_batches) > jobs * MAX_BATCHES_AHEAD:
                yield from pending_batches.popleft().result()
        while pending_batches:
            yield from pending_batches.popleft().result()


def to_json_line(article: Article) -> str:
    """One article's quotations as a line of JSON."""
    return json.dumps(
        {"id": article.id, "quotes": [_to_json(quote) for quote in find_attributions(article)]}, ensure_ascii=False
    )


def _to_json_lines(batch: list[Article]) -> list[str]:
    return [to_json_line(article) for article in batch]


def _split_into_batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    source = iter(articles)
    while batch := list(islice(source, BATCH_SIZE)):
        yield batch


def _to_json(quote: Quote) -> dict[str, object]:
    """The source is the mention that annotators mark: of who passed the words on, where somebody did."""
    source = quote.relay or quote.source
    return {
        "content": [[span.start, span.end] for span in quote.content],
        "source": [source.start, source.end] if source else None,
        "cue": [quote.cue.start, quote.cue.end] if quote.cue else None,
        "speaker": quote.speaker.name if quote.speaker else None,
        "kind": str(quote.kind),
        "confidence": quote.confidence,
    }
