"""Answer a free-text question: lines with its words, and how many articles mention them.

Rule: a briefing on free words shows at least one line with these words when any article has such a sentence. Where
less than half of the articles mention them, the briefing says so.
"""

from dataclasses import dataclass

from briefings.compose.candidates import Candidates
from briefings.compose.narrative import NarrativeSelector
from briefings.compose.selection import WordBudget, stem
from briefings.compose.voices.speakers import KnownSpeakers
from briefings.model import Article, Kind, Line, Slot, Span
from briefings.similarity.tfidf import extract_terms
from briefings.text.sentences import split_sentences
from briefings.text.words import count_words

#: lines with the words that are asked for
_MAX_LINES = 2


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """What a briefing says about the words: additional lines, and a sentence for the missing slot, if any."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def extract_question_terms(question: str) -> frozenset[str]:
    """Return the stems of the significant words that are asked for."""
    return frozenset(map(stem, extract_terms(question)))


def answer_question(
    question: str,
    candidates: Candidates,
    narrative_selector: NarrativeSelector,
    budget: WordBudget,
    searched_count: int | None = None,
) -> QuestionAnswer:
    """Select lines with the words of `question`, and describe how many articles mention it. "" asks nothing.

    `searched_count` is the number of articles that were searched, if the candidates are only some of them.
    """
    terms = extract_question_terms(question)
    if not terms:
        return QuestionAnswer((), ())
    has_line = narrative_selector.select_about(terms, _MAX_LINES) or any(
        contains_terms(variant.text, terms) for variant in narrative_selector.list_selected()
    )
    mentions = [
        (article, span)
        for article in candidates.articles
        for span in candidates.get_sentence_spans(article)
        if contains_terms(span.of(article.text), terms)
    ]
    article_count = searched_count or len(candidates.articles)
    mentioning_count = len({article.id for article, _ in mentions})
    lines: tuple[Line, ...] = ()
    if not has_line and mentions:
        article, span = min(mentions, key=lambda mention: count_words(mention[1].of(mention[0].text)))
        line = _quote_mention(candidates, article, span, terms) or _show_mention(candidates, article, span)
        if budget.fits(line.text):
            budget.spend(line.text)
            lines = (line,)
    if 2 * mentioning_count > article_count:
        return QuestionAnswer(lines, ())
    return QuestionAnswer(lines, (_describe_mentions(question, mentioning_count, article_count),))


def _show_mention(candidates: Candidates, article: Article, span: Span) -> Line:
    evidence = candidates.make_evidence(article, span)
    return Line(Slot.STATUS, evidence.text, evidence=(evidence,), outlets=1)


def _quote_mention(candidates: Candidates, article: Article, span: Span, terms: frozenset[str]) -> Line | None:
    """Return the quoted words of a sentence that only a known speaker says, or None."""
    if contains_terms(span.of(candidates.get_unquoted_text(article)), terms):
        return None
    known_speakers = KnownSpeakers(candidates)
    quotes = dict(candidates.articles_with_quotes)[article]
    spoken_sentences = [
        (speaker, Span(fragment.start + sentence.start, fragment.start + sentence.end))
        for quote in quotes
        if quote.kind is not Kind.INDIRECT and (speaker := known_speakers.find_shown_speaker(article, quote))
        for fragment in quote.content
        if span.start < fragment.end and fragment.start < span.end
        for sentence in split_sentences(fragment.of(article.text))
    ]
    for speaker, sentence in spoken_sentences:
        if contains_terms(sentence.of(article.text), terms):
            evidence = candidates.make_evidence(article, sentence)
            return Line(Slot.QUOTES, evidence.text, evidence=(evidence,), speaker=speaker, outlets=1)
    return None


def _describe_mentions(question: str, mentioning_count: int, article_count: int) -> str:
    if not mentioning_count:
        return f"No sentence has all of the words “{question}”."
    verb = "mentions" if mentioning_count == 1 else "mention"
    articles = "article" if article_count == 1 else "articles"
    return f"{mentioning_count} of {article_count} {articles} {verb} “{question}”."


def contains_terms(text: str, terms: frozenset[str]) -> bool:
    """Tell whether `text` has every stem of `terms`."""
    return terms <= frozenset(map(stem, extract_terms(text)))
