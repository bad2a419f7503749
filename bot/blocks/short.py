"""Which lines of a briefing make the first answer, the one that fits a phone.

Rule: where it stands, the days that matter, two or three voices, the sharpest difference; about 200 words of sources'
text. The composer has ranked the lines; here the best of each slot are taken in turn until the words are used up, and
shown in the briefing's own order.
"""

from collections import Counter
from datetime import date

from briefings.model import Briefing, Line, Slot, Speaker

#: words of verbatim text in the first answer
MAX_WORDS = 200

_SLOT_ORDER = (
    Slot.STATUS,
    Slot.STATUS,
    Slot.TIMELINE,
    Slot.QUOTES,
    Slot.DIFFERENCES,
    Slot.QUOTES,
    Slot.TIMELINE,
    Slot.TIMELINE,
    Slot.QUOTES,
)


def select_lines(briefing: Briefing, max_words: int = MAX_WORDS) -> tuple[Line, ...]:
    """The chosen lines, in the briefing's order. The first is taken whatever its length."""
    queues = {slot: _rank_lines(briefing, slot) for slot in Slot}
    selection: list[Line] = []
    remaining_words = max_words
    for slot in _SLOT_ORDER:
        queue = queues[slot]
        if not queue:
            continue
        line = queue.pop(0)
        count = len(line.text.split())
        if not selection or count <= remaining_words:
            selection.append(line)
            remaining_words -= count
    return tuple(line for line in briefing.lines if any(line is selected_line for selected_line in selection))


def _rank_lines(briefing: Briefing, slot: Slot) -> list[Line]:
    slot_lines = briefing.get_slot_lines(slot)
    if slot is Slot.STATUS:  # what has happened and what is to come, before more of either
        first_lines = [
            next((line for line in slot_lines if line.expected is is_expected), None) for is_expected in (False, True)
        ]
        return [line for line in first_lines if line] + [
            line for line in slot_lines if not any(line is first_line for first_line in first_lines)
        ]
    if slot is Slot.TIMELINE:
        return _rank_days(slot_lines)
    if slot is Slot.QUOTES:
        return _take_one_per_speaker(slot_lines)
    return list(slot_lines)


def _take_one_per_speaker(slot_lines: tuple[Line, ...]) -> list[Line]:
    lines_by_speaker: dict[Speaker | None, Line] = {}
    for line in slot_lines:
        lines_by_speaker.setdefault(line.speaker, line)
    return list(lines_by_speaker.values())


def _rank_days(slot_lines: tuple[Line, ...]) -> list[Line]:
    """A line a day first; days that most outlets carry, and most is told of, before others; lines without one last."""
    line_counts = Counter(line.day for line in slot_lines)
    seen_counts: Counter[date | None] = Counter()
    sort_entries: list[tuple[tuple[bool, int, int, int, int], Line]] = []
    for line in slot_lines:
        negative_ordinal = -line.day.toordinal() if line.day else 0
        sort_entries.append(
            ((line.day is None, seen_counts[line.day], -line.outlets, -line_counts[line.day], negative_ordinal), line)
        )
        seen_counts[line.day] += 1
    return [line for _, line in sorted(sort_entries, key=lambda entry: entry[0])]
