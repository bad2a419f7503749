"""Find the attributions of many articles in constant memory, optionally in several processes.

Rule: articles are read one at a time and results keep their order. At most a few dozen articles are in progress.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from briefings.article.metadata import Language, detect_language
from briefings.attribution.attributions import find_attributions
from briefings.model import Article, Quote

#: articles per batch, and batches in progress per process
BATCH_SIZE, MAX_BATCHES_AHEAD = 16, 3


def generate_json_lines(articles: Iterable[Article], *, jobs: int = 1) -> Iterator[str]:
    """Yield one line of JSON per article, in order, without a line end: {"id", "quotes": [...]}.

    Offsets are in characters. `jobs` is the number of processes.
    """
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
    """Return one article's attributions as a line of JSON. An article in another language is not read, and named so."""
    if detect_language(article) is Language.OTHER:
        return json.dumps({"id": article.id, "quotes": [], "not_read": Language.OTHER.value}, ensure_ascii=False)
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
    """Convert a quote. Its "source" is the mention that annotators mark: the relay if there is one."""
    source = quote.relay or quote.source
    return {
        "content": [[span.start, span.end] for span in quote.content],
        "source": [source.start, source.end] if source else None,
        "cue": [quote.cue.start, quote.cue.end] if quote.cue else None,
        "speaker": quote.speaker.name if quote.speaker else None,
        "kind": str(quote.kind),
        "confidence": quote.confidence,
    }
