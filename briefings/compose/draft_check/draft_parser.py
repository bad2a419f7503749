"""Parse the quotations of a draft and the speakers that it names, and compare those speakers with an article's.

Rule: quotation marks and attributions are parsed as in an article. There a line is a paragraph, so lines that a text
editor wrapped are joined. A few unattributed words in marks may be a title or an ironic phrase. They count only if an
article quotes them. Each quotation belongs to the speaker of its own clause, even if the attribution of the whole draft
differs. Marks that cannot be paired, and quotations in a paragraph with too many marks, are unchecked. Each mark of a
draft is in a quotation, or has a reason why it is none (`marks`).

Rule: a speaker is called different only if the attribution is certain and the names conflict. A surname is enough. An
office means the person that the article gives it to. Any other description is unclear.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.attribution.features.quotation_marks import MIN_UNCUED_WORDS, Passage, find_passages
from briefings.attribution.name_completion import resolve_description
from briefings.compose.draft_check.clause_speakers import ClauseReading, read_clause
from briefings.compose.draft_check.marks import (
    LooseMark,
    explain_marks,
    find_loose_marks,
    find_marks,
)
from briefings.compose.draft_check.word_alignment import Words, split_pieces
from briefings.draft_report import IgnoredMarks, MarkReason
from briefings.errors import BadInput
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.text import lexicon
from briefings.text.folding import contains_phrase, fold_quotation_marks, make_search_key
from briefings.text.spans import SpanIndex, explain_unstorable, mask_spans, merge_spans, subtract_spans
from briefings.text.wrapped_lines import unwrap_lines

#: maximum characters of a draft
MAX_DRAFT_CHARACTERS = 200_000
#: maximum number of quotations in a draft
MAX_QUOTATIONS = 500
#: minimum probability of an attribution that can contradict a draft
MIN_SURE_CONFIDENCE = 0.75
#: marks of a draft that is read; prose has far fewer
_MAX_DRAFT_MARKS = 20_000
_NOWHERE = Span(0, 0)
_TOO_MANY_QUOTES = f"The draft has more than {MAX_QUOTATIONS} quotes. Check it in parts."
#: the end of a long line that does not end a sentence, before another line
_WRAPPED_LINE_END = re.compile(
    r"(?<=[^\n]{40})(?<![.!?…:])(?<![.!?…][\"'”’)])\r?\n(?=[^\S\n]*[^\s*•-])"
    r"|(?<=[^\s.!?…:])\r?\n(?=[^\S\n]*[a-z])"  # a line of any length, if the next one starts with a small letter
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks: their span in the draft, their pieces, and the speaker that the draft names."""

    span: Span
    pieces: tuple[Words, ...]
    claimed_speaker: Speaker | None
    #: the speaker was not read from the quotation's own clause, or is a pronoun there
    is_uncertain: bool = False
    #: the clause names two people, and each can be the speaker
    is_open: bool = False
    #: the words around the quotation name someone, although no speaker was read; their search key
    has_other_names: bool = False
    context_key: str = ""
    #: its marks could not be paired or attributed
    is_unchecked: bool = False
    #: the words with their marks; of an unpaired mark, only the mark
    outer: Span = _NOWHERE

    @property
    def word_count(self) -> int:
        """Return the number of quoted words."""
        return sum(len(piece.keys) for piece in self.pieces)

    @property
    def is_short(self) -> bool:
        """Tell whether it is only a few words without a named speaker."""
        return self.word_count < MIN_UNCUED_WORDS and self.claimed_speaker is None


@dataclass(frozen=True, slots=True)
class ParsedDraft:
    """Every quotation of a draft, and the marks that are not quotations, both in order."""

    quotations: tuple[Quotation, ...]
    ignored_marks: tuple[IgnoredMarks, ...]


def parse_quotations(draft: str) -> tuple[Quotation, ...]:
    """Return only the quotations that `parse_draft` returns."""
    return parse_draft(draft).quotations


def parse_draft(draft: str) -> ParsedDraft:
    """Return every quotation of a draft, and its marks that are not quotations: together all marks, each once.

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
    if len(find_marks(draft)) > _MAX_DRAFT_MARKS:
        raise BadInput(f"The draft has more than {_MAX_DRAFT_MARKS:,} quotation marks. Check it in parts.")
    text = _join_wrapped_lines(draft)
    marked_passages = find_passages(text, max_marks=None)
    if len(marked_passages) > MAX_QUOTATIONS:
        raise BadInput(_TOO_MANY_QUOTES)
    outers = merge_spans(passage.outer for passage in marked_passages)
    ignored_marks = list(explain_marks(draft, outers))
    loose_marks = find_loose_marks(draft, text, outers, merge_spans(marks.span for marks in ignored_marks))
    if not marked_passages and not loose_marks:
        raise BadInput("The draft has no quotes: put the quoted words in quotation marks.")
    if len(marked_passages) + len(loose_marks) > MAX_QUOTATIONS:
        raise BadInput(_TOO_MANY_QUOTES)
    quotations = list(_parse_quotations(text, marked_passages))
    read_outers = merge_spans(quotation.outer for quotation in quotations)
    wordless_marks = [
        IgnoredMarks(span, MarkReason.NO_WORDS)
        for span in (part for outer in outers for part in subtract_spans(outer, read_outers))
    ]
    quotations += [_build_loose_quotation(loose_mark) for loose_mark in loose_marks]
    if not any(quotation.pieces for quotation in quotations):
        raise BadInput("The draft has no quotes: there are no words between its quotation marks.")
    return ParsedDraft(
        tuple(sorted(quotations, key=lambda quotation: (quotation.span, quotation.outer))),
        tuple(sorted([*ignored_marks, *wordless_marks], key=lambda marks: marks.span)),
    )


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
    """Replace line ends inside a paragraph by blanks, and unusual marks by curly ones; the length stays the same."""
    return _WRAPPED_LINE_END.sub(lambda match: " " * len(match.group()), fold_quotation_marks(unwrap_lines(draft)))


def _parse_quotations(draft: str, passages: Sequence[Passage]) -> Iterator[Quotation]:
    from briefings.attribution.analysis import extract_quotes  # slow to import, and answers do not need it

    article = Article("draft", draft)
    quotes = extract_quotes(article)
    index = SpanIndex(quote.span for quote in quotes)
    read_starts = {passage.inner.start for passage in find_passages(draft)}
    speaker: Speaker | None = None
    for number, (fragments, outer) in enumerate(speeches := list(_join_continued(passages))):
        parts = tuple(piece for fragment in fragments for piece in split_pieces(draft, fragment))
        if not parts:
            continue
        quote = _find_quote(fragments[0], [quotes[k] for k in index.find_overlapping_numbers(fragments[0])])
        previous_end = speeches[number - 1][1].end if number else 0
        next_start = speeches[number + 1][1].start if number + 1 < len(speeches) else len(draft) + 1
        reading = read_clause(draft, outer, previous_end, next_start)
        speaker, is_uncertain = _choose_speaker(draft, fragments, quote, reading, speaker)
        is_unchecked = fragments[0].start not in read_starts
        yield Quotation(
            _trim_comma(draft, Span(fragments[0].start, fragments[-1].end)),
            parts,
            speaker,
            is_uncertain,
            reading.is_open or _is_only_object(speaker, reading),
            reading.names_someone and speaker is None,
            reading.key,
            is_unchecked,
            outer,
        )


def _join_continued(passages: Sequence[Passage]) -> Iterator[tuple[list[Span], Span]]:
    """Yield the fragments of each speech, and its span with the marks. A speech can have several paragraphs."""
    fragments: list[Span] = []
    outer = Span(0, 0)
    for passage in passages:
        if fragments and not passage.is_continuation:
            yield fragments, outer
            fragments = []
        outer = Span(outer.start if fragments else passage.outer.start, passage.outer.end)
        fragments = [*fragments, passage.inner]
    if fragments:
        yield fragments, outer


def _find_quote(words: Span, quotes: Sequence[Quote]) -> Quote | None:
    """Return the quote that covers half of the words or more, or None."""
    best, size = None, len(words)
    for quote in quotes:
        shared = sum(max(0, min(part.end, words.end) - max(part.start, words.start)) for part in quote.content)
        if 2 * shared >= size and quote.kind is not Kind.INDIRECT:
            best, size = quote, 2 * shared + 1
    return best


def _choose_speaker(
    draft: str, fragments: Sequence[Span], quote: Quote | None, reading: ClauseReading, previous: Speaker | None
) -> tuple[Speaker | None, bool]:
    """Return the speaker that the draft names, and whether another reading is possible."""
    speaker = quote.speaker if quote else None
    if reading.is_continued and previous is not None:
        return previous, False
    if reading.is_open:
        return speaker, True
    if reading.speaker is None:
        if speaker is not None and not speaker.anonymous and _is_only_inside(draft, fragments, speaker.name):
            return None, False
        return speaker, speaker is not None
    if speaker is None or not is_same_person(speaker.name, reading.speaker):
        is_named_outside = speaker is not None and not _is_only_inside(draft, fragments, speaker.name)
        if reading.is_description and speaker is not None and not speaker.anonymous and is_named_outside:
            return speaker, True  # a description that the draft explains elsewhere
        return Speaker(reading.speaker, anonymous=reading.is_description), False
    if speaker.anonymous and not reading.is_description:
        return Speaker(reading.speaker), False
    return speaker, False


def _is_only_object(speaker: Speaker | None, reading: ClauseReading) -> bool:
    """Tell whether the clause names the speaker only as an object, and someone else as a subject."""
    if speaker is None or speaker.anonymous or reading.speaker is not None or not reading.subjects:
        return False
    is_subject = any(is_same_person(name, speaker.name) for name in reading.subjects)
    return not is_subject and contains_phrase(reading.key, Person(speaker.name).surname)


def _is_only_inside(draft: str, fragments: Sequence[Span], name: str) -> bool:
    """Tell whether a name occurs in the draft only inside this quotation, so that it cannot be its speaker."""
    return not contains_phrase(mask_spans(draft, fragments), name)


def _trim_comma(draft: str, span: Span) -> Span:
    """Return the span without a comma before the closing mark."""
    return Span(span.start, span.start + len(span.of(draft).rstrip(",")))


def _build_loose_quotation(loose_mark: LooseMark) -> Quotation:
    """Return an unpaired mark, with the words that it may begin or end, as an unchecked quotation."""
    pieces = loose_mark.pieces
    span = Span(pieces[0].spans[0].start, pieces[-1].spans[-1].end) if pieces else loose_mark.mark
    return Quotation(span, pieces, None, is_unchecked=True, outer=loose_mark.mark)


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
