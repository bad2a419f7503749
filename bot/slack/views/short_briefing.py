"""Selects the lines of a briefing's short form: the news, three events, two voices and the sharpest difference.

Rule: the short form has at most 120 words of verbatim text, so that it fits on a phone. The composer has ranked the
lines, so each place gets the first line of its slots that fits. Voices and the difference are chosen before most
events: events without a second voice or the difference tell less than fewer events with them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from briefings import Briefing, Line, Slot, Speaker
from briefings.text import make_search_key

#: maximum words of verbatim text in the short form
MAX_WORDS = 120
#: longest line after the first one, in words: a longer one takes the place of two others. A difference has two sides
_MAX_LINE_WORDS, _MAX_DIFFERENCE_WORDS = 40, 50


def select_lines(briefing: Briefing, max_words: int = MAX_WORDS) -> tuple[Line, ...]:
    """Return the lines of the short form, in the briefing's order. The first line may exceed `max_words`."""
    selection: list[Line] = []
    for rank_lines in _PLACES:
        lines = [line for line in rank_lines(briefing, selection) if _can_add(line, selection, max_words)]
        selection += lines[:1]
    return tuple(line for line in briefing.lines if _contains(selection, line))


def _rank_news(briefing: Briefing, _: Sequence[Line]) -> list[Line]:
    return list(briefing.get_slot_lines(Slot.STATUS))


def _rank_events(briefing: Briefing, selection: Sequence[Line]) -> list[Line]:
    """Rank the lines for an event: first another lead, then an expected event, then days, then all other leads."""
    status_lines = [line for line in briefing.get_slot_lines(Slot.STATUS) if not _contains(selection, line)]
    past_lines = [line for line in status_lines if not line.expected]
    expected_lines = [line for line in status_lines if line.expected]
    days = _rank_days(briefing.get_slot_lines(Slot.TIMELINE))
    events = [line for line in selection[1:] if line.slot in (Slot.STATUS, Slot.TIMELINE)]
    if not events:
        return [*past_lines, *expected_lines, *days]
    if not any(line.expected for line in events):
        return [*expected_lines, *days, *past_lines]
    return [*days, *past_lines, *expected_lines]


def _rank_voices(briefing: Briefing, selection: Sequence[Line]) -> list[Line]:
    """Return the quotations of speakers who have none in the selection, by the place of the speaker's first one.

    So a key voice whose first words are in the news is shown with other words. Unnamed speakers, and words that are
    understood only with a note, come last.
    """
    lines_by_speaker: dict[Speaker | None, list[Line]] = {}
    for line in briefing.get_slot_lines(Slot.QUOTES):
        lines_by_speaker.setdefault(line.speaker, []).append(line)
    shown_speakers = [line.speaker for line in selection if line.slot is Slot.QUOTES]
    lines = [
        line
        for speaker, speaker_lines in lines_by_speaker.items()
        if speaker not in shown_speakers
        for line in speaker_lines
    ]
    return sorted(lines, key=lambda line: line.note is not None or line.speaker is None or line.speaker.anonymous)


def _rank_differences(briefing: Briefing, _: Sequence[Line]) -> list[Line]:
    return list(briefing.get_slot_lines(Slot.DIFFERENCES))


def _rank_days(timeline_lines: Sequence[Line]) -> list[Line]:
    """Rank one line per day before second lines; days with most outlets and most lines first, undated lines last."""
    line_counts = Counter(line.day for line in timeline_lines)
    seen_counts: Counter[date | None] = Counter()
    sort_entries: list[tuple[tuple[bool, int, int, int, int], Line]] = []
    for line in timeline_lines:
        negative_ordinal = -line.day.toordinal() if line.day else 0
        sort_entries.append(
            ((line.day is None, seen_counts[line.day], -line.outlets, -line_counts[line.day], negative_ordinal), line)
        )
        seen_counts[line.day] += 1
    return [line for _, line in sorted(sort_entries, key=lambda entry: entry[0])]


#: places in order of choice
_PLACES: tuple[Callable[[Briefing, Sequence[Line]], list[Line]], ...] = (
    _rank_news,
    _rank_voices,
    _rank_differences,
    _rank_events,
    _rank_voices,
    _rank_events,
    _rank_events,
)


def _can_add(line: Line, selection: Sequence[Line], max_words: int) -> bool:
    """Whether a line fits and says something that the selection does not."""
    if _contains(selection, line) or any(_repeats(line, selected_line) for selected_line in selection):
        return False
    remaining_words = max_words - sum(map(_count_words, selection))
    max_line_words = _MAX_DIFFERENCE_WORDS if line.slot is Slot.DIFFERENCES else _MAX_LINE_WORDS
    return not selection or _count_words(line) <= min(remaining_words, max_line_words)


def _repeats(line: Line, other: Line) -> bool:
    """Whether the words of one line occur in the other. A difference repeats words on purpose."""
    if Slot.DIFFERENCES in (line.slot, other.slot):
        return False
    shorter_text, longer_text = sorted((make_search_key(line.text), make_search_key(other.text)), key=len)
    return f" {shorter_text} " in f" {longer_text} "


def _contains(lines: Sequence[Line], line: Line) -> bool:
    return any(line is other for other in lines)


def _count_words(line: Line) -> int:
    """Count the words of a line, and of the sentence around a quotation, which its note repeats."""
    frame = line.note or "" if line.slot is Slot.QUOTES else ""
    return len(line.text.split()) + len(frame.split())
