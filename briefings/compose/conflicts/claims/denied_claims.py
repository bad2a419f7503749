"""Find what one outlet reports and another reports as denied: "hit the guard" and "denied that he hit the guard".

Rule: the statement names who denies it and has most of the denied words, by weight, without a negation or a condition.
Where only "Roe's claims" are denied, the statement is what another outlet reports Roe to claim of who denies it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.claims.denials import Denial, find_denials, find_name_words, is_denial, stem_words
from briefings.compose.story.article_reading import ArticleReading
from briefings.model import Article, Span
from briefings.text.folding import fold
from briefings.text.words import find_words

#: share, 0 to 1, of the denied words that the statement has, by weight
_MIN_CONTAINMENT = 0.45
#: least number of denied words in the statement; two are enough if they are next to each other in both
_MIN_SHARED, _MIN_ADJACENT = 3, 2
_NEGATION = re.compile(
    r"(?<!\w)(?:no|not|never|nothing|nobody|none|neither|without|unclear|whether|if|false|falsely|would|den(?:y|ied|ies|ying)|denials?"
    r"|refut(?:ed|es|ing)|skeptical|sceptical|disput(?:ed|es|ing))(?!\w)"
    r"|n't(?!\w)|\?"
)
_STRONG_CLAIM = re.compile(r"(?<!\w)(?:accus(?:ed|es|ing)|alleg|blame|claim|report(?:ed|s)|suggest|suspect)")
_CLAIM = re.compile(r"(?<!\w)(?:accus(?:ed|es)|alleg(?:ed|es)|claim(?:ed|s)|testified|said|says|told)(?!\w)")


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """Sentence that states something, with its stems in order and the words of its names."""

    article: Article
    sentence: Span
    stems: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class DeniedClaim:
    """Statement in one article, its denial in another, and the share, 0 to 1, of the denied words that it has."""

    statement: Statement
    denial: Denial
    similarity: float


def find_denied_claims(candidates: Candidates) -> Iterator[DeniedClaim]:
    """Yield each denial with the sentence of another outlet that has most of what it denies."""
    denials = find_denials(candidates)
    if not denials:
        return
    denied_stems = frozenset(stem for denial in denials for stem in denial.stems)
    claimants = {stem for denial in denials if denial.claimant for stem in stem_words(denial.claimant)}
    statements = [
        statement for reading in candidates.readings for statement in _find_statements(reading, denied_stems, claimants)
    ]
    for denial in denials:
        rated_statements = [
            (similarity, statement)
            for statement in statements
            if (similarity := _measure_similarity(candidates, denial, statement))
            and candidates.outlets.count((denial.article.id, statement.article.id)) > 1
        ]
        if rated_statements:
            similarity, statement = max(rated_statements, key=lambda rated: (rated[0], -len(rated[1].stems)))
            yield DeniedClaim(statement, denial, similarity)


def find_shared_words(denied_claim: DeniedClaim) -> Span:
    """Return the part of the statement from its first to its last denied word; all of it if no word is denied."""
    statement, denied_stems = denied_claim.statement, set(denied_claim.denial.stems)
    text = statement.article.text
    words = [word for word in find_words(text, statement.sentence) if denied_stems & set(stem_words(word.of(text)))]
    return Span(words[0].start, words[-1].end) if words else statement.sentence


def _find_statements(reading: ArticleReading, denied_stems: frozenset[str], claimants: set[str]) -> Iterator[Statement]:
    """Yield the sentences of an article that state something and may have what one of the denials denies."""
    article = reading.article
    all_stems = reading.derive(_stem_sentences)
    for sentence, stems in zip(reading.spans, all_stems, strict=True):
        if len(denied_stems.intersection(stems)) < _MIN_ADJACENT and claimants.isdisjoint(stems):
            continue  # finding names takes longer
        folded_text = fold(sentence.of(article.text))
        if not is_denial(folded_text) and not _NEGATION.search(folded_text):
            yield Statement(article, sentence, stems, find_name_words(article.text, sentence))


def _stem_sentences(reading: ArticleReading) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(stem_words(span.of(reading.article.text))) for span in reading.spans)


def _measure_similarity(candidates: Candidates, denial: Denial, statement: Statement) -> float:
    """Return the share of the denied words that the statement has; 0 if it is not what is denied."""
    if denial.article.id == statement.article.id or denial.deniers.isdisjoint(statement.names):
        return 0.0
    if denial.claimant and len(set(denial.stems)) < _MIN_SHARED:
        return float(_is_claim_of(denial, statement))
    shared = set(denial.stems) & set(statement.stems)
    adjacent = set(pairwise(denial.stems)) & set(pairwise(statement.stems))
    if len(shared) < _MIN_SHARED and not (len(shared) == _MIN_ADJACENT and adjacent):
        return 0.0
    if denial.is_own and not _STRONG_CLAIM.search(fold(statement.sentence.of(statement.article.text))):
        return 0.0
    if shared <= statement.names | denial.deniers:
        return 0.0  # only names are shared, not what happened
    weights = candidates.term_weights
    total = weights.sum_weights(sorted(set(denial.stems)))
    similarity = weights.sum_weights(sorted(shared)) / total if total else 0.0
    return similarity if similarity >= _MIN_CONTAINMENT else 0.0


def _is_claim_of(denial: Denial, statement: Statement) -> bool:
    """Tell whether the statement says that the claimant claimed something, and names who denies it after that."""
    folded_text = fold(statement.sentence.of(statement.article.text))
    claim = _CLAIM.search(folded_text)
    return (
        claim is not None
        and bool(denial.deniers)
        and denial.claimant in folded_text[: claim.start()]
        and any(name in folded_text[claim.end() :] for name in denial.deniers)
    )
