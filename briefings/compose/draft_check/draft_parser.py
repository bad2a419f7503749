"""Parse the quotations of a draft and the speakers that it names, and compare those speakers with an article's.

Rule: quotation marks and attributions are parsed as in an article. There a line is a paragraph, so lines that a text
editor wrapped are joined. A few unattributed words in marks may be a title or an ironic phrase. They count only if an
article quotes them.

Rule: a speaker is called different only if the attribution is certain and the names conflict. A surname is enough. An
office means the person that the article gives it to. Any other description is unclear.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from briefings.attribution import extract_quotes
from briefings.attribution.analysis import MIN_UNCUED_WORDS
from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.attribution.features.quotation_marks import find_passages
from briefings.attribution.name_completion import resolve_description
from briefings.compose.draft_check.word_alignment import Words, split_pieces
from briefings.compose.who_said import get_spoken_span
from briefings.errors import BadInput
from briefings.model import Article, Quote, Span, Speaker
from briefings.text import lexicon
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.spans import explain_unstorable

#: maximum characters of a draft and maximum number of quotations in it
MAX_DRAFT_CHARACTERS, MAX_QUOTATIONS = 200_000, 500
#: minimum probability of an attribution that can contradict a draft
MIN_SURE_CONFIDENCE = 0.75
#: the end of a long line that does not end a sentence, before another line
_WRAPPED_LINE_END = re.compile(r"(?<=[^\n]{40})(?<![.!?…:])(?<![.!?…][\"'”’)])\r?\n(?=[^\S\n]*[^\s])")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks: their span in the draft, their pieces, and the speaker that the draft names."""

    span: Span
    pieces: tuple[Words, ...]
    claimed_speaker: Speaker | None

    @property
    def word_count(self) -> int:
        """Return the number of quoted words."""
        return sum(len(piece.keys) for piece in self.pieces)

    @property
    def is_short(self) -> bool:
        """Tell whether it is only a few words without a named speaker."""
        return self.word_count < MIN_UNCUED_WORDS and self.claimed_speaker is None


def parse_quotations(draft: str) -> tuple[Quotation, ...]:
    """Return every quotation of a draft, in order.

    Raises BadInput when the draft is empty, not valid text, too long, or has no quotations or too many.
    """
    if not draft.strip():
        raise BadInput("The draft is empty. Paste some text to check.")
    if reason := explain_unstorable(draft):
        raise BadInput(f"The draft {reason}. Correct it and check it again.")
    if len(draft) > MAX_DRAFT_CHARACTERS:
        raise BadInput(
            f"The draft has {len(draft):,} characters; the limit is {MAX_DRAFT_CHARACTERS:,}. Check it in parts."
        )
    text = _join_wrapped_lines(draft)
    if not (marked_passages := find_passages(text)):
        raise BadInput("The draft has no quotes: put the quoted words in quotation marks.")
    if len(marked_passages) > MAX_QUOTATIONS:
        raise BadInput(f"The draft has more than {MAX_QUOTATIONS} quotes. Check it in parts.")
    starts = {passage.inner.start for passage in marked_passages}
    parsed_quotations = tuple(_parse_quotations(text, starts))
    if not parsed_quotations:
        raise BadInput("The draft has no quotes: there are no words between its quotation marks.")
    return parsed_quotations


class SpeakerMatch(Enum):
    """Result of comparing the speaker that a draft names with a quote's speaker."""

    SAME = "same"
    OTHER = "other"
    UNCLEAR = "unclear"


def match_speaker(claimed_speaker: Speaker | None, article: Article, quote: Quote) -> SpeakerMatch:
    """Compare `claimed_speaker` with the speaker of `quote` in `article`.

    A draft that names no speaker always matches.
    """
    speaker = quote.speaker
    if claimed_speaker is None:
        return SpeakerMatch.SAME
    if speaker is None:
        return SpeakerMatch.UNCLEAR
    match = _compare_speakers(claimed_speaker, article, speaker)
    return SpeakerMatch.UNCLEAR if match is SpeakerMatch.OTHER and quote.confidence < MIN_SURE_CONFIDENCE else match


def is_same_person(name: str, other_name: str) -> bool:
    """Tell whether two names may mean one person or body, such as a surname, or "J. Doe" and "Jane Doe"."""
    if contains_phrase(name, other_name) or contains_phrase(other_name, name):
        return True
    person, other_person = Person(name), Person(other_name)
    if not differ_by_one_letter(person.surname, other_person.surname):
        return False
    return not person.first_name or not other_person.first_name or person.first_name[0] == other_person.first_name[0]


def _join_wrapped_lines(draft: str) -> str:
    """Replace line ends inside a paragraph by blanks; the length stays the same."""
    return _WRAPPED_LINE_END.sub(lambda match: " " * len(match.group()), draft)


def _parse_quotations(draft: str, starts: set[int]) -> Iterator[Quotation]:
    article = Article("draft", draft)
    for quote in extract_quotes(article):
        if quote.content[0].start not in starts:
            continue  # reported speech does not claim exact words
        parts = tuple(piece for fragment in quote.content for piece in split_pieces(draft, fragment))
        if parts:
            yield Quotation(get_spoken_span(article, quote), parts, quote.speaker)


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
    """Compare a description ("the Labour leader") with a speaker.

    Only an article that names the person can contradict it.
    """
    if speaker.role and _extract_words(description) <= _extract_words(speaker.role):
        return SpeakerMatch.SAME
    described_name = resolve_description(article, description)
    if described_name is None:
        return SpeakerMatch.UNCLEAR
    return SpeakerMatch.SAME if is_same_person(described_name, speaker.name) else SpeakerMatch.OTHER


def _is_unnamed_group(description: str) -> bool:
    """Tell whether a description means a group or an unnamed source, which a named speaker cannot match."""
    words = make_search_key(description).split()
    unnamed_nouns, offices = lexicon.load_words("unnamed"), lexicon.load_words("offices")
    is_plural = words[-1].endswith("s") and words[-1].removesuffix("s") in offices if words else False
    return is_plural or any(word in unnamed_nouns or word.removesuffix("s") in unnamed_nouns for word in words)


def _extract_words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in make_search_key(text).split()} - lexicon.load_words("stop_words")
