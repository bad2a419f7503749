"""Find claims that an event was staged or planned, and what a participant says in another outlet about their intent.

Rule: one article has the claim ("said the protest had been staged by activists"). The participant says "I didn't plan
to" or "I did not know". The claim names the participant, or the article gives them a role from the claim: "activist".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from briefings.compose.candidates import Candidates
from briefings.compose.selection import stem
from briefings.compose.story.article_reading import ArticleReading
from briefings.model import Article, Kind, Quote, Span
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key
from briefings.text.sentences import split_sentences

#: characters before the claim in which the article mentions the participant
_MAX_DISTANCE = 1_200
_CLAIM = re.compile(
    r"(?<!\w)(?:accus(?:ed|es|ing)|alleg(?:ed|es|ing)|argued|believes?|claim(?:ed|s|ing)|said|says|suggest(?:ed|s|ing)"
    r"|suspect(?:ed|s)?)(?!\w)"
)
_INTENT = re.compile(rf"(?<!\w)(?:{lexicon.build_alternation('intents')})(?!\w)")
_NEGATION = re.compile(r"(?<!\w)(?:no|not|never|denied|denies|denying|whether|if)(?!\w)|n't(?!\w)")
_NO_INTENT = re.compile(
    r"(?<!\w)(?:i|we) (?:(?:did|had)(?: not|n't)|never)(?: \w+){0,3}?"
    r" (?:intend(?:ed|ing)?|know|known|mean|meaning|meant|plan(?:ned|ning)?)(?!\w)"
    r"|(?<!\w)(?:i|we) had no (?:idea|intention|plan)(?!\w)"
    r"|(?<!\w)was(?: not|n't) (?:planned|staged|deliberate)(?!\w)"
)
#: a last clause without marks, which could belong to what follows it
_RELATIVE_CLAUSE = re.compile(r" (?:who|which) [^,;:\"]+$")
#: words before a surname that give a role: "Labour activist Tom Roe"
_ROLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class IntentConflict:
    """Claim that something was staged or planned, with the part that is shown, and a participant's own account."""

    article: Article
    sentence: Span
    speaker: str
    account_article: Article
    account: Span


def find_intent_conflicts(candidates: Candidates) -> Iterator[IntentConflict]:
    """Yield claims of intent with the accounts of participants, in the order of the articles."""
    claims = [
        (reading.article, sentence) for reading in candidates.readings for sentence in reading.derive(_find_claims)
    ]
    if not claims:
        return
    accounts = [
        (article, quote.speaker.name, span)
        for article, quotes in candidates.articles_with_quotes
        for quote in quotes
        if quote.speaker is not None and not quote.speaker.anonymous and quote.kind is not Kind.INDIRECT
        for span in _find_accounts(article, quote)
    ]
    for article, sentence in claims:
        for account_article, speaker, span in accounts:
            is_independent = candidates.outlets.count((article.id, account_article.id)) > 1
            if is_independent and _blames(article, sentence, make_search_key(speaker).split()[-1]):
                yield IntentConflict(article, _cut_relative_clause(article, sentence), speaker, account_article, span)


def _find_claims(reading: ArticleReading) -> tuple[Span, ...]:
    return tuple(sentence for sentence in reading.spans if _is_claim(fold(sentence.of(reading.unquoted_text))))


def _is_claim(folded_text: str) -> bool:
    claim, intent = _CLAIM.search(folded_text), _INTENT.search(folded_text)
    return claim is not None and intent is not None and _NEGATION.search(folded_text) is None


def _cut_relative_clause(article: Article, sentence: Span) -> Span:
    """Return the claim without a clause about the blamed people at its end: "by activists who came from Easton"."""
    folded_text = fold(sentence.of(article.text))
    intent = _INTENT.search(folded_text)
    clause = _RELATIVE_CLAUSE.search(folded_text, intent.end()) if intent else None
    return Span(sentence.start, sentence.start + clause.start()) if clause else sentence


def _find_accounts(article: Article, quote: Quote) -> Iterator[Span]:
    """Yield the first sentence of each passage of a quotation in which the speaker denies an intent."""
    for fragment in quote.content:
        sentences = (
            Span(fragment.start + span.start, fragment.start + span.end)
            for span in split_sentences(fragment.of(article.text))
        )
        denying_sentences = (span for span in sentences if _NO_INTENT.search(fold(span.of(article.text))))
        yield from islice(denying_sentences, 1)


def _blames(article: Article, sentence: Span, surname: str) -> bool:
    """Tell whether a claim is about the person: by name after the claim verb, or by the role that the article gives."""
    folded_text = fold(sentence.of(article.text))
    claim = _CLAIM.search(folded_text)
    blamed_words = make_search_key(folded_text[claim.end() if claim else 0 :]).split()
    if surname in blamed_words:
        return True
    if surname in make_search_key(folded_text).split():
        return False  # who claims it
    words_before = make_search_key(article.text[max(0, sentence.start - _MAX_DISTANCE) : sentence.start]).split()
    if surname not in words_before:
        return False
    index = words_before.index(surname)
    roles = {stem(word) for word in words_before[max(0, index - _ROLE_WORDS) : index]} & _stem_roles()
    return not roles.isdisjoint(map(stem, blamed_words))


def _stem_roles() -> frozenset[str]:
    return frozenset(map(stem, lexicon.load_words("offices")))
