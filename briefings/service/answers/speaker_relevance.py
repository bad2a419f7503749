"""Tell which quotes of an answer can be by the speaker who is asked for, before names are completed.

Rule: completing a name changes one letter of a full name at most, or adds a middle name. It takes most of an answer's
time, so it is left out for full names of other people.
"""

from collections.abc import Callable, Iterable

from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.model import Quote
from briefings.text.folding import make_search_key


def make_speaker_filter(by: str | None, quotes: Iterable[Quote]) -> Callable[[Quote], bool]:
    """Return a test for the quotes that can be by `by`, given all quotes that were read; None accepts all.

    If nobody who is quoted has the surname, the words of `by` may be a first or middle name, and all quotes can be.
    """
    if by is None or not (words := make_search_key(by).split()):
        return _accept
    surname = make_search_key(Person(by).surname)
    if not any(_has_surname(quote, surname) for quote in quotes):
        return _accept
    return lambda quote: _may_have_word(quote, words)


def _accept(_: Quote) -> bool:
    return True


def _has_surname(quote: Quote, surname: str) -> bool:
    speaker = quote.speaker
    if speaker is None or speaker.anonymous:
        return False
    return differ_by_one_letter(make_search_key(Person(speaker.name).surname), surname)


def _may_have_word(quote: Quote, words: Iterable[str]) -> bool:
    """Whether a speaker is not named in full, or has one of the words in the name, give or take a letter."""
    speaker = quote.speaker
    if speaker is None or speaker.anonymous or " " not in speaker.name:
        return True
    return any(
        differ_by_one_letter(word, other_word) for word in make_search_key(speaker.name).split() for other_word in words
    )
