"""List what the program does with one text, stage by stage, for the cost benchmark.

Each stage is a function of a text that returns the work to measure. What is another stage's work (an article is parsed
and stored before anyone asks about it) is done before.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from html import escape

from briefings.article import find_headline, parse_article
from briefings.article.citation import build_link
from briefings.article.marked_view import build_prose_view
from briefings.article.metadata import detect_language
from briefings.attribution.analysis import extract_quotes
from briefings.attribution.name_completion import find_full_names
from briefings.errors import BriefingsError
from briefings.facts import extract_facts
from briefings.feeds.article_builder import build_from_feed
from briefings.feeds.plain_text import read_plain_text
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.registry import read_document
from briefings.ingest.formats.file_type import FileType, detect_file_type
from briefings.ingest.pages.html import find_feed_links, is_paywalled, read_page
from briefings.ingest.syndication.feed import looks_like_feed, read_feed
from briefings.ingest.text_header.header import read_header
from briefings.model import Article, Kind, Quote, Span
from briefings.service.service import MAX_WORDS, BriefingService
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.feed_repository import FeedMetadata
from briefings.stories import cluster_articles
from briefings.stories.summarizer import summarise
from briefings.text.sentences import split_sentences
from briefings.watches import Watch, WatchIndex, WatchQuery

#: characters of a draft, in which ordinary news has fewer quotations than a draft may have
MAX_DRAFT = 50_000
#: characters of the page text that a feed's entry may have
_MAX_ENTRY = 400_000
#: marked passages that stand in for the analysis where a stage only stores or shows it
_QUOTE_LENGTH, _QUOTE_DISTANCE = 60, 600
#: about half the bytes of a page are in such elements
_MENU = '<nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>'

_WORD = re.compile(r"[^\W\d_]+")

Work = Callable[[], object]
Stage = Callable[[str], Work]


def iterate_stages(neighbour_texts: list[str]) -> Iterator[tuple[str, Stage]]:
    """Yield the name and the function of each stage; `neighbour_texts` are ordinary articles to compare with."""
    for name, read in _READERS.items():
        yield name, _make_reading_stage(read)
    for file_type, head in _DOCUMENT_HEADS.items():
        yield f"document_{file_type.name.lower()}", _make_reading_stage(partial(_read_document, file_type, head))
    neighbours = [_make_article(text, f"neighbour-{number}") for number, text in enumerate(neighbour_texts)]
    yield "stories", _make_article_stage(lambda article: cluster_articles([article, *neighbours]))
    yield "summary", _make_article_stage(lambda article: summarise([article, *neighbours], MAX_WORDS))
    yield "facts", _make_article_stage(_extract_all_facts)
    yield "links", _make_article_stage(_build_links)
    yield "watches", _make_watch_stage()
    yield "store", _make_storing_stage(neighbours)
    yield "briefing", _make_answer_stage(neighbours, lambda service, _: service.brief("*"))
    yield "story", _make_answer_stage(neighbours, lambda service, text: service.brief(_choose_words(text)))
    yield "whosaid", _make_answer_stage(neighbours, lambda service, text: service.who_said(_choose_common_word(text)))
    yield "check", _make_answer_stage(neighbours, lambda service, text: service.check(text[:MAX_DRAFT]))
    yield "article_page", _make_answer_stage(neighbours, lambda service, _: service.view_article("cost"))


def build_page(text: str) -> bytes:
    """Build an HTML page with a paragraph for each line; text that is markup already stays as it is."""
    body = text if text.startswith("<") else "".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n"))
    title = "<title>Bridge opens</title>"
    return f"<!doctype html><html><head>{title}</head><body>{_MENU}<article>{body}</article></body></html>".encode()


def build_feed(text: str) -> bytes:
    """Build an RSS feed with an entry for each 2,000 characters."""
    items = "".join(
        f"<item><title>{escape(text[start : start + 60])}</title><link>https://paper.example/{start}</link>"
        f"<description>{escape(text[start : start + 2_000])}</description></item>"
        for start in range(0, len(text), 2_000)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()


def _parse(text: str) -> object:
    article = parse_article(Article("cost", text))
    return detect_language(article), find_headline(article)


def _attribute(text: str) -> object:
    article = parse_article(Article("cost", text))
    return extract_quotes(article), find_full_names(article)


def _extract_all_facts(article: Article) -> object:
    view = build_prose_view(article)
    return [extract_facts(article.text, view, sentence, None) for sentence in split_sentences(article.text)]


def _check_page(text: str) -> object:
    """Do what the bot's own process does with a page before the sandbox reads it."""
    data = build_page(text)
    page = data.decode("latin-1")
    return is_paywalled(page), looks_like_feed(data, "text/html"), find_feed_links(page)


def _read_entry(text: str) -> object:
    metadata = FeedMetadata(title="Bridge opens", html=build_page(text).decode()[:_MAX_ENTRY])
    return build_from_feed("https://paper.example/1", metadata, read_page, date(2020, 1, 1))


def _read_document(file_type: FileType, head: str, text: str) -> object:
    data = (head + text).encode("utf-8", "replace")
    return read_document(data, file_type, "a", "cost", ReadOptions())


def _build_links(article: Article) -> object:
    return [build_link(article, span) for span in _choose_spans(article.text, 20)]


def _make_reading_stage(read: Callable[[str], object]) -> Stage:
    """Return a stage that reads the text as it arrives."""
    return lambda text: lambda: _attempt(lambda: read(text))


def _make_article_stage(use: Callable[[Article], object]) -> Stage:
    """Return a stage that uses the parsed article."""

    def prepare(text: str) -> Work:
        article = _make_article(text)
        return lambda: use(article)

    return prepare


def _make_watch_stage() -> Stage:
    index = WatchIndex()
    index.add(Watch(0, WatchQuery(words="the bridge")))
    index.add(Watch(1, WatchQuery(phrase="said that", by="Jane Roe")))
    return _make_article_stage(lambda article: index.match((article, _make_quotes(article.text))))


def _make_storing_stage(neighbours: list[Article]) -> Stage:
    """Return a stage that stores the parsed article with stand-in quotes."""

    def prepare(text: str) -> Work:
        repository, article, quotes = _open_filled_repository(neighbours), _make_article(text), _make_quotes(text)
        return lambda: repository.upsert(article, quotes, names=())

    return prepare


def _make_answer_stage(neighbours: list[Article], ask: Callable[[BriefingService, str], object]) -> Stage:
    """Return a stage that asks about the stored text."""

    def prepare(text: str) -> Work:
        repository = _open_filled_repository(neighbours)
        repository.upsert(_make_article(text), _make_quotes(text), names=())
        return lambda: _attempt(lambda: ask(BriefingService(repository), text))

    return prepare


def _open_filled_repository(neighbours: list[Article]) -> Repository:
    repository = open_repository("sqlite://", lambda: datetime.now(UTC))
    for neighbour in neighbours:
        repository.upsert(neighbour, _make_quotes(neighbour.text), names=())
    return repository


def _make_article(text: str, article_id: str = "cost") -> Article:
    return parse_article(Article(article_id, text, "Paper", date(2020, 1, 1), f"https://paper.example/{article_id}"))


def _make_quotes(text: str) -> tuple[Quote, ...]:
    return tuple(
        Quote((span,), None, None, None, Kind.DIRECT, 0.0, "the article does not name the speaker")
        for span in _choose_spans(text, len(text) // _QUOTE_DISTANCE)
    )


def _choose_spans(text: str, count: int) -> list[Span]:
    step = max(_QUOTE_LENGTH, len(text) // max(1, count))
    return [Span(start, start + _QUOTE_LENGTH) for start in range(0, len(text) - _QUOTE_LENGTH, step)]


def _choose_words(text: str) -> str:
    return " ".join(text[len(text) // 2 :].split()[1:4])[:60] or "bridge"


def _choose_common_word(text: str) -> str:
    """Return the most frequent word: the dearest question, with as many hits as an answer may have."""
    words: list[str] = _WORD.findall(text) or ["bridge"]
    return Counter(words).most_common(1)[0][0][:60]


def _attempt(work: Callable[[], object]) -> object:
    """Return the result of `work`, or its refusal: refusing a text must be cheap too."""
    try:
        return work()
    except BriefingsError as error:
        return error


_DOCUMENT_HEADS = {
    FileType.EMAIL: (
        "From: Jane Roe <jane@paper.example>\nTo: desk@paper.example\nSubject: Bridge opens\n"
        "Date: Mon, 6 Jan 2020 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
    ),
    FileType.MAILBOX: (
        "From jane@paper.example Mon Jan  6 10:00:00 2020\nFrom: jane@paper.example\nSubject: Bridge opens\n\n"
    ),
    FileType.RTF: "{\\rtf1\\ansi ",
    FileType.SUBTITLES: "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n",
    FileType.NEXIS: "1 of 1 DOCUMENTS\n\nThe Tribune\n\nJanuary 6, 2020 Monday\n\nBridge opens\n\nLENGTH: 300 words\n\n"
    "BODY:\n\n",
    FileType.FACTIVA: "HD Bridge opens\nWC 300 words\nPD 6 January 2020\nSN The Tribune\nLP\n",
}

_READERS: dict[str, Callable[[str], object]] = {
    "parse": _parse,
    "attribution": _attribute,
    "html": lambda text: read_page(build_page(text), "https://paper.example/1", "text/html"),
    "page_checks": _check_page,
    "feed": lambda text: read_feed(build_feed(text), "https://paper.example/feed", "application/rss+xml"),
    "feed_entry": _read_entry,
    "plain_text": lambda text: read_plain_text(
        text.encode(), "https://paper.example/1.txt", "text/plain; charset=utf-8"
    ),
    "text_header": lambda text: (read_header(text), detect_file_type(text.encode(), "a.txt")),
}
