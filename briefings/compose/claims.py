"""Whether a quotation's speaker is the one whom a draft names.

Rule: an editor is told "somebody else" only where the record is sure and names are at odds; a surname is enough, and an
office is whoever the article calls so. What a description leaves open is unclear.
"""

from enum import Enum

from briefings.model import Article, Quote, Speaker
from briefings.quotes.described import described
from briefings.quotes.names import Person, one_letter_apart
from briefings.text import lexicon
from briefings.text.search_key import holds, search_key

#: probability from which the record's own attribution is held against a draft
SURE = 0.75


class Claim(Enum):
    """How the speaker whom a draft names stands to the one of a quotation."""

    SAME = "same"
    OTHER = "other"
    UNCLEAR = "unclear"


def claim(claimed: Speaker | None, article: Article, quote: Quote) -> Claim:
    """How `claimed` stands to the speaker of `quote`, a quote of `article`; whoever names nobody claims nothing."""
    speaker = quote.speaker
    if claimed is None:
        return Claim.SAME
    if speaker is None:
        return Claim.UNCLEAR
    found = _compared(claimed, article, speaker)
    return Claim.UNCLEAR if found is Claim.OTHER and quote.confidence < SURE else found


def is_same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's or body's, as a surname alone, or "J. Doe" and "Jane Doe"."""
    if holds(one, other) or holds(other, one):
        return True
    first, second = Person(one), Person(other)
    if not one_letter_apart(first.surname, second.surname):
        return False
    return not first.first or not second.first or first.first[0] == second.first[0]


def _compared(claimed: Speaker, article: Article, speaker: Speaker) -> Claim:
    match claimed.anonymous, speaker.anonymous:
        case False, False:
            return Claim.SAME if is_same_person(claimed.name, speaker.name) else Claim.OTHER
        case True, False:
            return _by_description(claimed.name, article, speaker)
        case False, True:
            if _is_kept_back(speaker.name):
                return Claim.OTHER
            named = described(article, speaker.name)
            return Claim.SAME if named and is_same_person(named, claimed.name) else Claim.UNCLEAR
        case _:
            return Claim.SAME if _words(claimed.name) & _words(speaker.name) else Claim.UNCLEAR


def _by_description(description: str, article: Article, speaker: Speaker) -> Claim:
    """Such as "the Labour leader": he is whoever the article calls so; another one only where the article says who."""
    if speaker.role and _words(description) <= _words(speaker.role):
        return Claim.SAME
    named = described(article, description)
    if named is None:
        return Claim.UNCLEAR
    return Claim.SAME if is_same_person(named, speaker.name) else Claim.OTHER


def _is_kept_back(description: str) -> bool:
    """Whether it is one of several, or of those whose names are kept back: nobody whom a draft could name."""
    words = search_key(description).split()
    heads, offices = lexicon.words("unnamed"), lexicon.words("offices")
    several = words[-1].endswith("s") and words[-1].removesuffix("s") in offices if words else False
    return several or any(word in heads or word.removesuffix("s") in heads for word in words)


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in search_key(text).split()} - lexicon.words("stop_words")
