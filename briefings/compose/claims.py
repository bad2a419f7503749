"""Whether a quotation's speaker is the one whom a draft names.

Rule: an editor is told "somebody else" only where the record is sure and names are at odds; a surname is enough, and an
office is whoever the article calls so. What a description leaves open is unclear.
"""

from enum import Enum

from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.attribution.name_completion import resolve_description
from briefings.model import Article, Quote, Speaker
from briefings.text import lexicon
from briefings.text.folding import contains_phrase, make_search_key

#: probability from which the record's own attribution is held against a draft
MIN_SURE_CONFIDENCE = 0.75


class SpeakerMatch(Enum):
    """How the speaker whom a draft names stands to the one of a quotation."""

    SAME = "same"
    OTHER = "other"
    UNCLEAR = "unclear"


def match_speaker(claimed_speaker: Speaker | None, article: Article, quote: Quote) -> SpeakerMatch:
    """How `claimed` stands to the speaker of `quote`, a quote of `article`; whoever names nobody claims nothing."""
    speaker = quote.speaker
    if claimed_speaker is None:
        return SpeakerMatch.SAME
    if speaker is None:
        return SpeakerMatch.UNCLEAR
    match = _compare_speakers(claimed_speaker, article, speaker)
    return SpeakerMatch.UNCLEAR if match is SpeakerMatch.OTHER and quote.confidence < MIN_SURE_CONFIDENCE else match


def is_same_person(name: str, other_name: str) -> bool:
    """Whether two names may be one person's or body's, as a surname alone, or "J. Doe" and "Jane Doe"."""
    if contains_phrase(name, other_name) or contains_phrase(other_name, name):
        return True
    person, other_person = Person(name), Person(other_name)
    if not differ_by_one_letter(person.surname, other_person.surname):
        return False
    return not person.first_name or not other_person.first_name or person.first_name[0] == other_person.first_name[0]


def _compare_speakers(claimed_speaker: Speaker, article: Article, speaker: Speaker) -> SpeakerMatch:
    match claimed_speaker.anonymous, speaker.anonymous:
        case False, False:
            return SpeakerMatch.SAME if is_same_person(claimed_speaker.name, speaker.name) else SpeakerMatch.OTHER
        case True, False:
            return _match_description(claimed_speaker.name, article, speaker)
        case False, True:
            if _is_unnamed_group(speaker.name):
                return SpeakerMatch.OTHER
            described_name = resolve_description(article, speaker.name)
            return (
                SpeakerMatch.SAME
                if described_name and is_same_person(described_name, claimed_speaker.name)
                else SpeakerMatch.UNCLEAR
            )
        case _:
            return (
                SpeakerMatch.SAME
                if _extract_words(claimed_speaker.name) & _extract_words(speaker.name)
                else SpeakerMatch.UNCLEAR
            )


def _match_description(description: str, article: Article, speaker: Speaker) -> SpeakerMatch:
    """Such as "the Labour leader": he is whoever the article calls so; another one only where the article says who."""
    if speaker.role and _extract_words(description) <= _extract_words(speaker.role):
        return SpeakerMatch.SAME
    described_name = resolve_description(article, description)
    if described_name is None:
        return SpeakerMatch.UNCLEAR
    return SpeakerMatch.SAME if is_same_person(described_name, speaker.name) else SpeakerMatch.OTHER


def _is_unnamed_group(description: str) -> bool:
    """Whether it is one of several, or of those whose names are kept back: nobody whom a draft could name."""
    words = make_search_key(description).split()
    unnamed_nouns, offices = lexicon.load_words("unnamed"), lexicon.load_words("offices")
    is_plural = words[-1].endswith("s") and words[-1].removesuffix("s") in offices if words else False
    return is_plural or any(word in unnamed_nouns or word.removesuffix("s") in unnamed_nouns for word in words)


def _extract_words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in make_search_key(text).split()} - lexicon.load_words("stop_words")
