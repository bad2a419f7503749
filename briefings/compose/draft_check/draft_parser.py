"""The quotations of a draft: what stands in its marks, and whom it names for them.

Rule: the marks and the attribution are read as those of an article are, where a line is a paragraph; so lines that a
text editor broke are read as one. A few words in marks that the draft gives to nobody may be a title or held at arm's
length: they count only when somebody is found to have said them.

Whether a quotation's speaker is the one whom a draft names.

Rule: an editor is told "somebody else" only where the record is sure and names are at odds; a surname is enough, and an
office is whoever the article calls so. What a description leaves open is unclear.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from briefings.attribution import extract_quotes
from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.attribution.features.quotation_marks import find_passages
from briefings.attribution.name_completion import resolve_description
from briefings.attribution.quotations import MIN_UNCUED_WORDS
from briefings.compose.draft_check.word_alignment import Words, split_pieces
from briefings.compose.who_said import get_spoken_span
from briefings.errors import BadInput
from briefings.model import Article, Quote, Span, Speaker
from briefings.text import lexicon
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.spans import explain_unstorable

#: characters of a draft, and quotations in one
MAX_DRAFT_CHARACTERS, MAX_QUOTATIONS = 200_000, 500
#: the end of a long line without the end of a sentence, and another line below it
_WRAPPED_LINE_END = re.compile(r"(?<=[^\n]{40})(?<![.!?…:])(?<![.!?…][\"'”’)])\r?\n(?=[^\S\n]*[^\s])")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in marks: where they stand in the draft, in which pieces, and whom it names as their speaker."""

    span: Span
    pieces: tuple[Words, ...]
    claimed_speaker: Speaker | None

    @property
    def word_count(self) -> int:
        """How many words are quoted."""
        return sum(len(piece.keys) for piece in self.pieces)

    @property
    def is_short(self) -> bool:
        """Whether it is a few words that the draft gives to nobody."""
        return self.word_count < MIN_UNCUED_WORDS and self.claimed_speaker is None


def parse_quotations(draft: str) -> tuple[Quotation, ...]:
    """Every quotation of a draft, in order. Raises BadInput for one that is empty, no text, too long or has none."""
    if not draft.strip():
        raise BadInput("The draft is empty: there is nothing to check.")
    if reason := explain_unstorable(draft):
        raise BadInput(f"The draft {reason}. Correct it and check it again.")
    if len(draft) > MAX_DRAFT_CHARACTERS:
        raise BadInput(
            f"The draft is {len(draft):,} characters, and at most {MAX_DRAFT_CHARACTERS:,} are checked at once. "
            "Check it in parts."
        )
    text = _join_wrapped_lines(draft)
    if not (marked_passages := find_passages(text)):
        raise BadInput("The draft holds no quotation: nothing in it stands between quotation marks.")
    if len(marked_passages) > MAX_QUOTATIONS:
        raise BadInput(f"The draft holds over {MAX_QUOTATIONS} quotations. Check it in parts.")
    starts = {passage.inner.start for passage in marked_passages}
    parsed_quotations = tuple(_parse_quotations(text, starts))
    if not parsed_quotations:
        raise BadInput("The draft holds no quotation: no words stand between its quotation marks.")
    return parsed_quotations


def _join_wrapped_lines(draft: str) -> str:
    """`draft` with a blank, or two, for each end of a line that is none of a paragraph: of the same length."""
    return _WRAPPED_LINE_END.sub(lambda match: " " * len(match.group()), draft)


def _parse_quotations(draft: str, starts: set[int]) -> Iterator[Quotation]:
    article = Article("draft", draft)
    for quote in extract_quotes(article):
        if quote.content[0].start not in starts:
            continue  # reported speech, which claims no words
        parts = tuple(piece for fragment in quote.content for piece in split_pieces(draft, fragment))
        if parts:
            yield Quotation(get_spoken_span(article, quote), parts, quote.speaker)


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
