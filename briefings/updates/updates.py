"""Find what is new in a story since its readers' last update, as verbatim lines within a word budget.

Rule: only articles that are new, or whose text has changed, are considered. A line is new when no earlier text contains
its words and no sent line makes its statement. The order of the articles makes no difference.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from briefings.article.source_name import describe_source, name_source
from briefings.attribution.name_completion import PeopleLookup, find_full_names
from briefings.compose.candidates import Candidates
from briefings.compose.quote_slot import QuoteSelector
from briefings.compose.selection import WordBudget
from briefings.compose.verification import is_verbatim
from briefings.facts import Factuality
from briefings.model import Article, Line, Quote, Slot
from briefings.text.words import count_words
from briefings.updates.model import Correction, ReadingHistory, SentLine, Update, UpdateItem, UpdateKind
from briefings.updates.news_selector import QUIET_LINES, NewsSelector, make_line_builder
from briefings.updates.novelty import NoveltyFilter, filter_new_quotes, find_corrections, join_texts
from briefings.updates.seen_story import SeenStory

#: default maximum of words in an update
MAX_WORDS = 200
#: maximum number of sent lines to keep, the newest
MAX_SEEN_LINES = 400
#: share of the words that is kept for quotes, and the maximum number of quotes and of lines
QUOTE_SHARE, MAX_QUOTES, MAX_LINES = 0.12, 3, 12
#: least share of a quote's words that the update's lines do not have, and that no two earlier sentences have
MIN_UNCOVERED_SHARE, MIN_NEW_QUOTE_SHARE = 0.4, 0.4


def find_update(
    topic: str,
    title: str,
    articles_with_quotes: Sequence[tuple[Article, tuple[Quote, ...]]],
    history: ReadingHistory,
    *,
    cited_articles: Mapping[str, Article],
    find_older_texts: Callable[[str], Iterable[str]],
    today: date,
    max_words: int = MAX_WORDS,
    people_lookup: PeopleLookup = find_full_names,
    duplicates: Sequence[tuple[str, str]] = (),
) -> Update | None:
    """Return what the articles and quotes add to `history`, in at most `max_words` words, or None when nothing is new.

    `cited_articles` are the current articles of the lines in `history`, by id. `find_older_texts` returns the earlier
    texts of an article by its id. `today` is the readers' local day. `people_lookup` and `duplicates` are as in
    `compose`.
    """
    corrected_lines = find_corrections(history.lines, cited_articles)
    valid_lines = _remove_corrected(history.lines, corrected_lines)
    unseen_articles = [
        (article, quotes)
        for article, quotes in articles_with_quotes
        if history.text_hashes.get(article.id) != hash_article_text(article)
    ]
    seen_articles = [
        replace(article, text=text)
        for article, _ in articles_with_quotes
        for text in _find_seen_texts(article, history, find_older_texts)
    ]
    items, sent_lines = (
        _build_items(
            Candidates(unseen_articles, people_lookup, duplicates),
            (*valid_lines, *history.lines_of_other_stories),
            seen_articles,
            today,
            max_words,
        )
        if unseen_articles
        else ((), ())
    )
    if not items and not corrected_lines:
        return None
    articles = {article.id: article for article, _ in unseen_articles}
    cited_ids = {piece.article for item in items for piece in item.line.evidence}
    text_hashes = {article.id: hash_article_text(article) for article, _ in unseen_articles}
    return Update(
        topic=topic,
        title=title,
        items=items,
        corrections=corrected_lines,
        sources=tuple(describe_source(articles[article_id]) for article_id in sorted(cited_ids)),
        words=sum(count_words(item.line.text) for item in items),
        sent_lines=sent_lines,
        text_hashes=text_hashes,
        history=ReadingHistory(
            (*valid_lines, *sent_lines)[-MAX_SEEN_LINES:],
            history.lines_of_other_stories,
            {**history.text_hashes, **text_hashes},
        ),
        is_first=not history.text_hashes,
    )


def hash_article_text(article: Article) -> str:
    """Return 16 hexadecimal digits that identify the text of an article."""
    return _hash_text(article.text)


def _hash_text(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _find_seen_texts(
    article: Article, history: ReadingHistory, find_older_texts: Callable[[str], Iterable[str]]
) -> list[str]:
    """Return the text of `article` that was read before, if any: the current one or an older one."""
    text_hash = history.text_hashes.get(article.id)
    if text_hash is None or text_hash == hash_article_text(article):
        return [] if text_hash is None else [article.text]
    return [text for text in find_older_texts(article.id) if _hash_text(text) == text_hash]


def _build_items(
    candidates: Candidates,
    sent_lines: Sequence[SentLine],
    seen_articles: Sequence[Article],
    today: date,
    max_words: int,
) -> tuple[tuple[UpdateItem, ...], tuple[SentLine, ...]]:
    """Return the new lines, sentences before quotes, and the same lines in the form to store.

    `seen_articles` are the articles that were read before, with their texts of that time.
    """
    budget = WordBudget(max_words)
    seen_text = join_texts(sorted(article.text for article in seen_articles))
    novelty_filter = NoveltyFilter(candidates, sent_lines, seen_text)
    seen_story = SeenStory(seen_articles, [sentence.text for sentence in candidates.sentences])
    news_selector = NewsSelector(candidates, budget, seen_story, novelty_filter)
    sent_quotes = [line.text for line in sent_lines if line.slot is Slot.QUOTES]
    max_lines = QUIET_LINES if news_selector.is_quiet else MAX_LINES
    budget.release(round(max_words * (1 - QUOTE_SHARE)))
    variants = news_selector.select(max_lines - 1)
    known_text = join_texts([seen_text, *(variant.text for variant in variants)])
    quote_selector = QuoteSelector(
        candidates,
        budget,
        [],
        lambda passages: [
            passage
            for passage in filter_new_quotes(passages, sent_quotes, known_text)
            if seen_story.measure_uncovered_share(passage.text) >= MIN_UNCOVERED_SHARE
            and seen_story.measure_new_share(passage.text) >= MIN_NEW_QUOTE_SHARE
        ],
    )
    budget.release(max_words)
    quote_selector.select()
    quote_lines = quote_selector.to_lines()[: min(MAX_QUOTES, max_lines - len(variants))]
    articles = {article.id: article for article in candidates.articles}
    line_builder = make_line_builder(candidates)
    items_with_lines: list[tuple[UpdateItem, SentLine]] = []
    for variant in variants:
        line, verdict = line_builder.to_line(variant), novelty_filter.judge(variant)
        if verdict and is_verbatim(line, articles):
            sent_line = _make_sent_line(
                line, articles, novelty_filter.classify_state(variant), tuple(sorted(variant.days)), today
            )
            items_with_lines.append((UpdateItem(line, verdict.kind, verdict.previous), sent_line))
    items_with_lines += [
        (UpdateItem(line, UpdateKind.QUOTE), _make_sent_line(line, articles, Factuality.HAPPENED, (), today))
        for line in quote_lines
        if is_verbatim(line, articles)
    ]
    return tuple(item for item, _ in items_with_lines), tuple(sent_line for _, sent_line in items_with_lines)


def _make_sent_line(
    line: Line, articles: Mapping[str, Article], state: Factuality, days: tuple[date, ...], today: date
) -> SentLine:
    first_article = articles[line.evidence[0].article]
    return SentLine(
        text=line.text,
        evidence=line.evidence,
        slot=line.slot,
        state=state,
        days=days,
        outlet=name_source(first_article),
        published=first_article.published,
        sent_on=today,
        speaker=line.speaker,
    )


def _remove_corrected(sent_lines: Sequence[SentLine], corrected_lines: Sequence[Correction]) -> tuple[SentLine, ...]:
    corrected_fingerprints = {correction.line.fingerprint for correction in corrected_lines}
    return tuple(line for line in sent_lines if line.fingerprint not in corrected_fingerprints)
