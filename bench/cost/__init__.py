"""Measure what each step of reading and answering costs in seconds a megabyte: odd texts, and ordinary news.

Ordinary news: distinct generated articles (`bench.generated`, about 200 words with five quotations each), joined by
blank lines to a text of the same size, in the same run. No way of a text into an answer may cost over three times as
much. A way is a list of stages: `cost.way.page` is everything that happens with a page. An answer is a way by itself;
its question asks for the text's most frequent word, so that ordinary news too has as many hits as an answer shows.
Sizes: every text with 100,000 characters; the dearest of each stage again with a million, which shows what grows faster
than its text. A megabyte of a page or a feed includes its markup. Time is CPU time: other programs disturb it little.
"""

import gc
import time
from collections.abc import Callable, Iterator

from bench.cost.stages import MAX_DRAFT, Stage, build_feed, build_page, iterate_stages
from bench.cost.texts import build_odd_texts
from bench.figures import Figure
from bench.generated import generate_articles
from bench.hostile_texts import build_hostile_texts

SIZE, LARGE_SIZE = 100_000, 1_000_000
#: seconds that the dearest text of a stage may take with the large size; it is not measured if it would take longer
_MAX_LARGE_SECONDS = 40.0
#: articles that the text is compared with
_NEIGHBOURS = 10

_READING = ("parse", "attribution", "store", "watches")
#: what happens with a text, as lists of stages; an answer is a way by itself
WAYS: dict[str, tuple[str, ...]] = {
    "text": ("text_header", "plain_text", *_READING),
    "page": ("page_checks", "html", *_READING),
    "feed": ("feed", *_READING),
    "feed_entry": ("feed_entry", *_READING),
    "email": ("document_email", *_READING),
    "mailbox": ("document_mailbox", *_READING),
    "rtf": ("document_rtf", *_READING),
    "subtitles": ("document_subtitles", *_READING),
    "nexis": ("document_nexis", *_READING),
    "factiva": ("document_factiva", *_READING),
    "briefing": ("briefing",),
    "story": ("story",),
    "summary": ("summary",),
    "whosaid": ("whosaid",),
    "check": ("check",),
    "article_page": ("article_page",),
}
#: the size of what arrives, for stages and ways whose texts come in markup
_SIZES: dict[str, Callable[[str], int]] = {
    "page": lambda text: len(build_page(text)),
    "html": lambda text: len(build_page(text)),
    "page_checks": lambda text: len(build_page(text)),
    "feed": lambda text: len(build_feed(text)),
    "check": lambda text: min(len(text), MAX_DRAFT),
    "feed_entry": lambda text: min(len(build_page(text)), len(text) * 4),
}


def measure() -> Iterator[Figure]:
    """Yield the dearest text of each stage, with both sizes, and then the dearest text of each way."""
    neighbours = [article.text for article, _ in generate_articles(quotes=10 * _NEIGHBOURS, seed=3)][:_NEIGHBOURS]
    texts, news = build_texts(SIZE), build_news(SIZE)
    seconds: dict[str, dict[str, float]] = {}
    news_seconds: dict[str, float] = {}
    for name, stage in iterate_stages(neighbours):
        for text in (news[: SIZE // 20], *(text[: SIZE // 100] for text in texts.values())):
            stage(text)()  # loads modules, models and word lists
        news_seconds[name] = measure_seconds(stage, news)
        seconds[name] = {text_name: measure_seconds(stage, text) for text_name, text in texts.items()}
        rates = {key: _divide(seconds[name][key], name, text) for key, text in texts.items()}
        dearest = max(rates, key=lambda text_name: rates[text_name])
        yield Figure(f"cost.stage.{name}.{dearest}.s_per_mb", rates[dearest], _divide(news_seconds[name], name, news))
        if seconds[name][dearest] * LARGE_SIZE / SIZE <= _MAX_LARGE_SECONDS:
            text = build_texts(LARGE_SIZE, dearest)[dearest]
            rate = _divide(measure_seconds(stage, text), name, text)
            yield Figure(f"cost.growth.{name}.{dearest}.s_per_mb", rate, rates[dearest])
    for way, stages in WAYS.items():
        totals = {key: _divide(sum(seconds[stage][key] for stage in stages), way, text) for key, text in texts.items()}
        dearest = max(totals, key=lambda text_name: totals[text_name])
        ordinary = _divide(sum(news_seconds[stage] for stage in stages), way, news)
        yield Figure(f"cost.way.{way}.{dearest}.s_per_mb", totals[dearest], ordinary)


def build_texts(size: int, only: str | None = None) -> dict[str, str]:
    """Return the texts by name, or only one of them."""
    pairs = (*build_hostile_texts(size), *build_odd_texts(size))
    return {name: text for name, text in pairs if only in (None, name)}


def build_news(size: int) -> str:
    """Return ordinary news: distinct articles, joined by blank lines."""
    parts: list[str] = []
    length = 0
    for article, _ in generate_articles(seed=7):
        parts.append(article.text)
        length += len(article.text) + 2
        if length >= size:
            break
    return "\n\n".join(parts)[:size]


def measure_seconds(stage: Stage, text: str) -> float:
    """Return the seconds of CPU time that a stage takes.

    The garbage collector does not look at what was there before: that is the benchmark's, and not the text's.
    """
    work = stage(text)
    gc.collect()
    gc.freeze()
    started_at = time.process_time()
    work()
    seconds = time.process_time() - started_at
    gc.unfreeze()
    return seconds


def _divide(seconds: float, name: str, text: str) -> float:
    """Return seconds a megabyte of what arrives at a stage or way."""
    return seconds * 1_000_000 / _SIZES.get(name, len)(text)
