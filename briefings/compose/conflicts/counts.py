"""Find counts of one thing that two outlets give differently: counts of any size, in digits or in words.

Rule: both count the same thing (the noun after the number) in the same event (words close to the number), from
independent outlets, and neither article contains the other's number. "Three others" and "two more" count the rest of
something and are not compared. A count with a year is of that year.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.alignment import (
    count_contrasting_groups,
    find_near_text,
    is_rounding,
    is_within_bound,
    name_only_others,
)
from briefings.compose.selection import stem
from briefings.compose.story.article_reading import ArticleReading
from briefings.model import Article, Span
from briefings.similarity.tfidf import extract_first_terms, extract_last_terms, extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold

#: smallest count that is compared, and the largest ratio of two counts of one thing
_MIN_COUNT, _MAX_RATIO = 3, 1.6
#: significant words before and after a number that tell what happened
_WORDS_BEFORE, _WORDS_AFTER = 5, 7
#: significant words after the number among which the counted noun is
_UNIT_WORDS = 2
#: letters that the forms of a noun share ("protester", "protestor")
_NOUN_LETTERS = 6
#: words in more than this share of the sentences say nothing about the event
_MAX_SENTENCE_SHARE = 0.25
#: least similarity, 0 to 1, of what is said around two counts
MIN_CONTEXT_SIMILARITY = 0.25
#: maximum number of counts to compare; the number of pairs is quadratic
_MAX_COUNTS = 300
#: numbers in words with their values
NUMBER_WORDS = {
    word.strip(): int(value) for word, _, value in (entry.partition("=") for entry in lexicon.load_words("numbers"))
}
_NUMBER = re.compile(
    r"(?<![\w.,$£€#-])(?:(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?!\s?(?:%|per\s?cent|million|billion|thousand|[ap]\.?m))"
    rf"|\b(?P<word>(?i:{'|'.join(sorted(NUMBER_WORDS))}))\b)(?![\w%]|[.,:]\d|-\w|['’]s)"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]{3,}|\.|$)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:.()–—]|$")
_MAX_UNIT_DISTANCE = 60


@dataclass(frozen=True, slots=True, eq=False)
class CountMention:
    """Count with its article and sentence, the stems of what it counts, and the stems close to it."""

    article: Article
    sentence: Span
    words: Span
    value: float
    #: the first significant word after the number, and the first two
    unit: str
    unit_stems: frozenset[str]
    near_stems: frozenset[str]
    years: frozenset[str]


@dataclass(frozen=True, slots=True)
class CountConflict:
    """Two counts of what may be one thing, and the similarity, 0 to 1, of what is said around them."""

    first: CountMention
    second: CountMention
    similarity: float


def find_count_conflicts(candidates: Candidates) -> Iterator[CountConflict]:
    """Yield pairs of counts that differ, in the order of the articles."""
    all_mentions = (mention for reading in candidates.readings for mention in reading.derive(_find_count_mentions))
    mentions = list(islice(all_mentions, _MAX_COUNTS))
    for first, second in combinations(mentions, 2):
        if not _are_comparable(candidates, first, second):
            continue
        similarity = _measure_similarity(candidates, first, second)
        if similarity >= MIN_CONTEXT_SIMILARITY:
            yield CountConflict(first, second, similarity)


def _find_count_mentions(reading: ArticleReading) -> tuple[CountMention, ...]:
    """Return the counts of things in an article's sentences, in order."""
    article, mentions = reading.article, list[CountMention]()
    for sentence in reading.spans:
        years = frozenset(_YEAR.findall(sentence.of(article.text)))
        for match in _NUMBER.finditer(article.text, sentence.start, sentence.end):
            mention = _build_mention(article, sentence, years, match)
            if mention is not None:
                mentions.append(mention)
    return tuple(mentions)


def find_near_stems(text: str, sentence: Span, number: Span) -> frozenset[str]:
    """Return the stems of the significant words close to a number in a sentence, which tell what happened."""
    before = extract_last_terms(text[sentence.start : number.start], _WORDS_BEFORE)
    after = extract_first_terms(text[number.end : sentence.end], _WORDS_AFTER)
    return frozenset(stem(term) for term in [*before, *after] if not term.isdigit())


def _build_mention(
    article: Article, sentence: Span, years: frozenset[str], match: re.Match[str]
) -> CountMention | None:
    text, digits = article.text, match["digits"]
    value = float(digits.replace(",", "")) if digits else float(NUMBER_WORDS[fold(match["word"])])
    following_text = text[match.end() : min(sentence.end, match.end() + _MAX_UNIT_DISTANCE)]
    clause_end = _CLAUSE_END.search(following_text)
    clause_text = following_text[: clause_end.start() if clause_end else 0]
    unit_terms = extract_terms(clause_text)[:_UNIT_WORDS]
    if (
        value < _MIN_COUNT
        or not unit_terms
        or _is_other_number(
            text[max(sentence.start, match.start() - _MAX_UNIT_DISTANCE) : match.start()], match, unit_terms
        )
    ):
        return None
    if not lexicon.load_words("rest_words").isdisjoint(fold(clause_text).split()[:2]):
        return None
    return CountMention(
        article,
        sentence,
        Span(*match.span()),
        value,
        stem(unit_terms[0])[:_NOUN_LETTERS],
        frozenset(stem(term)[:_NOUN_LETTERS] for term in unit_terms),
        find_near_stems(text, sentence, Span(*match.span())),
        years,
    )


def _is_other_number(text_before: str, match: re.Match[str], unit_terms: list[str]) -> bool:
    """Tell whether a number is a date, a measure, or counts a part or the rest of something ("three more")."""
    words_before = fold(text_before).split()[-2:]
    if words_before[-1:] == ["than"]:
        words_before = []  # "more than 130" counts all of them
    is_year = match["digits"] is not None and _YEAR.fullmatch(match["digits"]) is not None
    other_units = lexicon.load_words("time_units") | lexicon.load_words("measures") | lexicon.load_words("currencies")
    return (
        is_year
        or _MONTH.match(text_before.rsplit(maxsplit=1)[-1] if text_before.strip() else "") is not None
        or _MONTH.match(unit_terms[0]) is not None
        or unit_terms[0] in other_units
        or words_before[-1:] == ["including"]
        or not lexicon.load_words("rest_words").isdisjoint(words_before)
    )


def _are_comparable(candidates: Candidates, first: CountMention, second: CountMention) -> bool:
    """Tell whether two outlets give different counts that may be of one thing."""
    return (
        first.article.id != second.article.id
        and first.value != second.value
        and max(first.value, second.value) <= _MAX_RATIO * min(first.value, second.value)
        and first.years == second.years
        and first.unit == second.unit
        and candidates.outlets.count((first.article.id, second.article.id)) > 1
        and not name_only_others((first.article, first.sentence), (second.article, second.sentence))
        and not count_contrasting_groups(_find_near_text(first), _find_near_text(second))
        and not is_rounding(first.value, second.value, is_approximate=False)
        and not _is_within_bound(*sorted((first, second), key=lambda mention: mention.value))
        and not _contains_number(second.article, first)
        and not _contains_number(first.article, second)
    )


def _find_near_text(mention: CountMention) -> str:
    return find_near_text(mention.article.text, mention.sentence, mention.words)


def _is_within_bound(lower: CountMention, higher: CountMention) -> bool:
    words_before = fold(lower.article.text[lower.sentence.start : lower.words.start]).split()[-2:]
    return is_within_bound(lower.value, " ".join(words_before), higher.value) or is_within_bound(
        lower.value, " ".join(words_before[-1:]), higher.value
    )


def _contains_number(article: Article, mention: CountMention) -> bool:
    number = re.escape(mention.words.of(mention.article.text))
    return re.search(rf"(?<![\w.,]){number}(?![\w]|[.,]\d)", article.text, re.IGNORECASE) is not None


def _measure_similarity(candidates: Candidates, first: CountMention, second: CountMention) -> float:
    """Return the share, 0 to 1, of what is said close to the counts that both say, by weight."""
    weights = candidates.term_weights
    units = first.unit_stems & second.unit_stems
    shared = {
        term
        for term in first.near_stems & second.near_stems
        if term[:_NOUN_LETTERS] not in units and not weights.is_common(term, _MAX_SENTENCE_SHARE)
    }
    if not shared and len(units) < _UNIT_WORDS:
        return 0.0
    unit_terms = {term for term in first.near_stems | second.near_stems if term[:_NOUN_LETTERS] in units}
    total = min(weights.sum_weights(sorted(mention.near_stems)) for mention in (first, second))
    return weights.sum_weights(sorted(shared | unit_terms)) / total if total else 0.0
