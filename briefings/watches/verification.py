"""Decides whether an article matches a query, and finds the best place: a quotation first, then a sentence.

Rule: a phrase and a speaker match as in `/whosaid`, by the same functions. A phrase also matches next to a quotation,
in the same sentence. Words match if `/briefing` finds the article by them, and if they are near each other: in one
quotation, within 40 words of the text, or all in the title.
Rule: with a speaker, only that speaker's quotations match. A quotation keeps its stored speaker: none is guessed.
"""

from collections.abc import Iterable, Sequence

from briefings.compose.marked_words import find_marked_words
from briefings.compose.who_said.hits import build_hits, build_narration_hit
from briefings.compose.who_said.search import find_unquoted_sentences
from briefings.model import MIN_CERTAIN_CONFIDENCE, Article, Hit, Kind, Quote, Span
from briefings.similarity.quote_matching import get_quote_text
from briefings.text.folding import contains_phrase
from briefings.watches.article_words import ArticleWords
from briefings.watches.model import WatchFinding
from briefings.watches.positions import Run, find_runs, find_smallest_window
from briefings.watches.requirements import CompiledQuery
from briefings.watches.speakers import is_by, is_named

#: words of the text within which all words of a watch must be; about two sentences
MAX_WINDOW_WORDS = 40
#: places of the words in one quotation or sentence
_MAX_PLACES = 20


def find_best(watch: CompiledQuery, words: ArticleWords) -> WatchFinding | None:
    """Return the best place in an article that has the lexemes of a query, or None if it does not match."""
    query = watch.query
    if query.outlet and not contains_phrase(words.article.publisher or "", query.outlet):
        return None
    if watch.about_keys and not any(key in words.text_key or key in words.title_key for key in watch.about_keys):
        return None
    if query.phrase:
        has_words = not query.words or _find_words(watch, words) is not None
        return _find_phrase(watch, words) if has_words else None
    if query.by:
        indexes = words.list_quotes_by(query.by)
        quotes_with_words = [words.quotes[index] for index in indexes if _has_words(watch, words.quote_keys[index])]
        quotes = _keep_about(watch, words, quotes_with_words)
        return _build_finding(watch, words, quotes) if quotes else None
    return _find_words(watch, words)


def _find_phrase(watch: CompiledQuery, words: ArticleWords) -> WatchFinding | None:
    """Find a phrase as `/whosaid` does: in a quotation, as a speaker's name, in marks, or in the article's words."""
    runs = find_runs(words.located_words, watch.runs)
    quotes = _find_quotes_with_phrase(watch, words, runs)
    may_be_name = bool(watch.name_lexemes) and watch.name_lexemes <= words.lexemes
    if not quotes and may_be_name:
        quotes = _keep_about(
            watch, words, [quote for quote in words.quotes if is_named(quote, watch.query.phrase or "")]
        )
    if quotes:
        return _build_finding(watch, words, quotes)
    finding = _find_plain_sentence(watch, words, runs)
    if finding is None and (watch.contains_key(words.text_key) or watch.contains_key(words.pieces_key)):
        finding = _find_outside_quotes(watch, words)
    if finding is None and may_be_name:  # the last thing that `/whosaid` tries: a part of a name
        indexes = words.list_quotes_by(watch.query.phrase)
        quotes = _keep_about(watch, words, [words.quotes[index] for index in indexes])
        finding = _build_finding(watch, words, quotes) if quotes else None
    if finding is None and watch.query.by is None:
        finding = _find_beside_quote(watch, words, runs)
    return finding


def _find_quotes_with_phrase(watch: CompiledQuery, words: ArticleWords, runs: Sequence[Run]) -> Sequence[Quote]:
    """Return the stored quotes that contain the phrase; `runs` are its places in the text."""
    spans = [words.located_words.get_span(run) for run in runs]
    quotes: list[Quote] = []
    for index in words.list_quotes_by(watch.query.by):
        quote = words.quotes[index]
        if (
            any(quote.content[0].covers(span) for span in spans)
            if len(quote.content) == 1
            else watch.contains_key(words.quote_keys[index])
        ):
            quotes.append(quote)
    return _keep_about(watch, words, quotes)


def _find_plain_sentence(watch: CompiledQuery, words: ArticleWords, runs: Sequence[Run]) -> WatchFinding | None:
    """Find the phrase in the article's own words, if no place of it is in a sentence with marks or quotes.

    Without this short cut, the result is the same and takes ten times longer.
    """
    if watch.query.by or not runs or words.is_foreign:
        return None
    numbers = words.sentence_numbers
    sentences = {numbers[index] for run in runs for index in run}
    is_crossing = any(numbers[first] != numbers[last] for first, last in runs)
    if is_crossing or -1 in sentences or any(words.has_marks[number] for number in sentences):
        return None
    if watch.contains_key(words.pieces_key):
        return None
    own_sentences = [words.sentences[number] for number in sorted(sentences) if not words.has_boilerplate[number]]
    for sentence in own_sentences:
        if _is_about(watch, words, sentence):
            return WatchFinding(words.article.id, None, sentence, _locate(watch, words, sentence))
    return None


def _find_outside_quotes(watch: CompiledQuery, words: ArticleWords) -> WatchFinding | None:
    """Find a phrase in marks that no stored quote has, or in the article's own words."""
    by = watch.query.by

    def contains_text(text: str) -> bool:
        return watch.contains_key(words.make_key(text))

    marked_quotes = find_marked_words(words.article, words.quotes, contains_text)
    whole_quotes = [
        quote for quote in marked_quotes if is_by(quote, by) and contains_text(get_quote_text(words.article, quote))
    ]
    if quotes := _keep_about(watch, words, whole_quotes):
        return _build_finding(watch, words, quotes)
    if by is None and not words.is_foreign:
        all_quotes = [*words.quotes, *marked_quotes]
        sentences = find_unquoted_sentences(words.article, all_quotes, contains_text, lambda _: words.sentences)
        for sentence in sentences:
            if _is_about(watch, words, sentence):
                return WatchFinding(words.article.id, None, sentence, _locate(watch, words, sentence))
    return None


def _find_beside_quote(watch: CompiledQuery, words: ArticleWords, runs: Sequence[Run]) -> WatchFinding | None:
    """Find a phrase in a sentence that quotes other words: "Roe of Easton Ferries said: “No.”".

    `/whosaid` leaves such a sentence out, because it is neither a quotation nor narration.
    """
    for first, last in runs:
        number = words.sentence_numbers[first]
        is_own = number >= 0 and number == words.sentence_numbers[last] and not words.has_boilerplate[number]
        if is_own and _is_about(watch, words, words.sentences[number]):
            return _build_sentence_finding(watch, words, words.sentences[number])
    return None


def _find_words(watch: CompiledQuery, words: ArticleWords) -> WatchFinding | None:
    """Find words, or a phrase of a topic: in a quotation, near each other in the text, or in the title."""
    if words.is_foreign or not _has_words(watch, words.running_key):
        return None
    if _has_words(watch, words.quoted_key):
        quotes = [q for q, key in zip(words.quotes, words.quote_keys, strict=True) if _has_words(watch, key)]
        if about_quotes := _keep_about(watch, words, quotes):
            return _build_finding(watch, words, about_quotes)
    place = _find_place(watch, words)
    if place and _is_about(watch, words, place):
        return _build_sentence_finding(watch, words, words.get_sentence(place))
    is_title_about = watch.subject is None or watch.subject.is_mentioned_in(words.article.title or "")
    return WatchFinding(words.article.id, None, None) if is_title_about and _has_words(watch, words.title_key) else None


def _find_place(watch: CompiledQuery, words: ArticleWords) -> Span | None:
    """Return where the words are nearest to each other in the text, or the first phrase of a topic."""
    if watch.topic_keys:
        runs = find_runs(words.located_words, [key.split() for key in watch.topic_keys])
        spans = map(words.located_words.get_span, runs)
        return next((span for span in spans if not words.is_boilerplate(span)), None)
    window = find_smallest_window(words.find_running_positions(watch.terms), watch.terms)
    if window is None or window[1] - window[0] >= MAX_WINDOW_WORDS:
        return None
    return words.located_words.get_span(window)


def _has_words(watch: CompiledQuery, key: str) -> bool:
    """Whether a search key has all words of the query, or a phrase of its topic."""
    if watch.topic_keys:
        return any(topic_key in key for topic_key in watch.topic_keys)
    return all(term_key in key for term_key in watch.term_keys)


def _keep_about(watch: CompiledQuery, words: ArticleWords, quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return the quotes that are about the subject; all without one, and for a topic."""
    subject = watch.subject
    return [quote for quote in quotes if subject.is_subject_of(words.article, quote)] if subject else quotes


def _is_about(watch: CompiledQuery, words: ArticleWords, span: Span) -> bool:
    """Whether the sentences around a span are about the subject."""
    return watch.subject is None or watch.subject.is_mentioned_around(words.article, span)


def _choose(watch: CompiledQuery, words: ArticleWords, quotes: Sequence[Quote]) -> Quote:
    """Return the quote that says most: about the subject, by a certain speaker, in marks; and the first of those."""

    def rate(quote: Quote) -> tuple[bool, bool, bool, bool, Span]:
        is_about = not watch.about_keys or _mentions(watch.about_keys, words, quote)
        is_certain = quote.confidence >= MIN_CERTAIN_CONFIDENCE
        return not is_about, quote.speaker is None, not is_certain, quote.kind is Kind.INDIRECT, quote.span

    return quotes[0] if len(quotes) == 1 else min(quotes, key=rate)


def _mentions(keys: Iterable[str], words: ArticleWords, quote: Quote) -> bool:
    """Whether the sentences of a quote have one of these phrases."""
    passage_key = f" {words.make_key(words.get_sentence(quote.span).of(words.article.text))} "
    return any(key in passage_key for key in keys)


def _build_finding(watch: CompiledQuery, words: ArticleWords, quotes: Sequence[Quote]) -> WatchFinding:
    """Return the finding of the best of these quotes."""
    quote = _choose(watch, words, quotes)
    return WatchFinding(words.article.id, quote, words.get_sentence(quote.span), _locate(watch, words, quote.span))


def _build_sentence_finding(watch: CompiledQuery, words: ArticleWords, sentence: Span) -> WatchFinding:
    """Return the finding of a sentence, with the quotation in it, if there is one."""
    quotes = [quote for quote in words.quotes if quote.span.overlaps(sentence)]
    quote = _choose(watch, words, quotes) if quotes else None
    return WatchFinding(words.article.id, quote, sentence, _locate(watch, words, sentence))


def _locate(watch: CompiledQuery, words: ArticleWords, span: Span) -> tuple[Span, ...]:
    """Return where the watched words are inside a span of the text, in order."""
    spans = map(words.located_words.get_span, find_runs(words.located_words, watch.runs))
    return tuple([place for place in spans if span.covers(place)][:_MAX_PLACES])


def build_hit(article: Article, finding: WatchFinding) -> Hit | None:
    """Return a finding as a hit: the whole quotation, or the sentence with the words; None if only the title has them.

    A hit's speaker is the stored one, with its probability and reason. A sentence has none.
    """
    if finding.quote is not None:
        return build_hits([[(article, finding.quote)]])[0]
    return build_narration_hit(article, finding.sentence) if finding.sentence else None
