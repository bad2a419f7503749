"""Find denials: what is denied, and who denies it.

Rule: a denial is "denied that", "denied taking", "rejected the claims", "said he did not", or a speaker's "I never". To
deny a request or a visa is to refuse it, and who does not know or want something denies no act.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefings.compose.candidates import Candidates
from briefings.compose.selection import stem
from briefings.compose.story.article_reading import ArticleReading
from briefings.facts.extraction import find_names
from briefings.model import Article, Kind, Quote, Span
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key

#: longest denied words, in characters
_MAX_DENIED_CHARACTERS = 160
#: maximum number of denials of a story
_MAX_DENIALS = 60
_CLAIM_NOUN = rf"(?:{lexicon.build_alternation('claim_words')})"
_NO_ACT = rf"(?! (?:\w+ly )?(?:{lexicon.build_alternation('no_denials')})(?!\w))"
_DENIAL = re.compile(
    r"(?<!\w)(?<!not )(?<!n't )(?<!never )(?<!been )(?<!to )"
    r"(?:den(?:ied|ies|ying)|disput(?:ed|es|ing)|refut(?:ed|es|ing)|reject(?:ed|s|ing)|dismiss(?:ed|es|ing))"
    rf"(?= (?:that|ever|any|he|she|it|they|\w+ing)(?!\w)|(?: (?!by |as )[\w'-]+){{0,4}} {_CLAIM_NOUN}(?!\w)"
    r"|(?: [\w'-]+){2,5} (?:happened|occurred|took place|was|were|had|did)(?!\w))"
    r"|(?<!\w)(?:said|says|insist(?:ed|s)|maintain(?:ed|s)|claim(?:ed|s))(?: that)? (?:he|she|it|they)"
    rf" (?:(?:did|had|has|have|was|were)(?: not|n't)|never){_NO_ACT}(?!\w)"
)
_OWN_DENIAL = re.compile(rf"(?<!\w)(?:i|we) (?:(?:did|have|had|was|were)(?: not|n't)|never){_NO_ACT}(?!\w)")
_CLAUSE_END = re.compile(
    r"[;:\"]| - |[.!?](?: |$)|, (?:and|but|saying|who|which|according|calling|as)\b"
    r"|,(?=[^,]* sa(?:id|ys)(?!\w))|(?<!\w)(?:but|although|while|after) "
)
_PRONOUN = re.compile(r"(?<!\w)(?:he|she|they)(?!\w)")
#: the sentence itself tells what came of the denial
_REVERSAL = re.compile(
    r"(?<!\w)(?:but|though|although|then|later|since) (?:\w+ )?(?:acknowledg|admitt|conced|confirm|revers)"
)
_CLAIMANT = re.compile(
    rf"(?P<name>[A-Z][\w’'-]+)[’']s? {_CLAIM_NOUN}\b|{_CLAIM_NOUN} (?:by|from|of) (?P<by>[A-Z][\w-]+)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Denial:
    """Sentence or quotation that denies something."""

    article: Article
    sentence: Span
    words: Span
    #: stems of what is denied, in order
    stems: tuple[str, ...]
    #: keys of the names of who denies; empty if only a pronoun tells
    deniers: frozenset[str]
    #: the denial is a quotation
    is_own: bool
    #: surname key of the person who made the denied claim ("Roe's claims"); "" if unknown
    claimant: str


def find_denials(candidates: Candidates) -> list[Denial]:
    """Return the denials of a story, in the order of the articles."""
    denials = [denial for reading in candidates.readings for denial in reading.derive(_find_denials_in)]
    return denials[:_MAX_DENIALS]


def _find_denials_in(reading: ArticleReading) -> tuple[Denial, ...]:
    return (*_find_reported_denials(reading), *_find_own_denials(reading.article, reading.quotes))


def is_denial(folded_text: str) -> bool:
    """Tell whether a folded sentence denies something."""
    return _DENIAL.search(folded_text) is not None


def stem_words(text: str) -> tuple[str, ...]:
    """Return the stems of the significant words of `text`, in order, without words for claims."""
    claim_words = lexicon.load_words("claim_words")
    return tuple(stem(term) for term in extract_terms(text) if len(term) > 1 and term not in claim_words)


def find_name_words(text: str, sentence: Span) -> frozenset[str]:
    """Return the keys of the words of the names in a sentence, and of its capitalised first word."""
    first_word = sentence.of(text).split(maxsplit=1)[:1]
    names = [*(name.of(text) for name in find_names(text, sentence)), *(word for word in first_word if word.istitle())]
    keys = {word for name in names for word in make_search_key(name).split() if len(word) > 2}
    return frozenset(keys.difference(*map(lexicon.load_words, ("stop_words", "offices", "months_and_days"))))


def _find_reported_denials(reading: ArticleReading) -> Iterator[Denial]:
    article, view = reading.article, reading.unquoted_text
    previous_sentence: Span | None = None
    for sentence in reading.spans:
        folded_text = fold(sentence.of(view))
        match = _DENIAL.search(folded_text)
        previous_sentence, earlier_sentence = sentence, previous_sentence
        if match is None or _REVERSAL.search(folded_text):
            continue
        denied_words = _find_denied_words(folded_text, match, sentence.start)
        deniers = find_name_words(article.text, Span(sentence.start, sentence.start + match.start()))
        if not deniers and earlier_sentence is not None and _PRONOUN.search(folded_text[: match.end()]):
            deniers = find_name_words(article.text, earlier_sentence)  # "He denied"
        claimant = _CLAIMANT.search(denied_words.of(view))
        claimant_key = make_search_key(claimant["name"] or claimant["by"]) if claimant else ""
        yield Denial(
            article, sentence, denied_words, stem_words(denied_words.of(article.text)), deniers, False, claimant_key
        )


def _find_own_denials(article: Article, quotes: tuple[Quote, ...]) -> Iterator[Denial]:
    """Yield what named speakers deny in their own words."""
    for quote in quotes:
        if quote.kind is Kind.INDIRECT or quote.speaker is None or quote.speaker.anonymous:
            continue
        for fragment in quote.content:
            folded_text = fold(fragment.of(article.text))
            match = _OWN_DENIAL.search(folded_text)
            if match is not None:
                denied_words = _find_denied_words(folded_text, match, fragment.start)
                names = frozenset(make_search_key(quote.speaker.name).split()[-1:])
                yield Denial(
                    article, fragment, denied_words, stem_words(denied_words.of(article.text)), names, True, ""
                )


def _find_denied_words(folded_text: str, match: re.Match[str], offset: int) -> Span:
    """Return the words after the verb, to the end of the clause."""
    end = _CLAUSE_END.search(folded_text, match.end() + 1)
    length = end.start() if end else len(folded_text)
    return Span(offset + match.end(), offset + min(length, match.end() + _MAX_DENIED_CHARACTERS))
