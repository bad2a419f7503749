"""Whether a line is news beside what was told, and why.

Rule: the same matter is no news, whoever prints it and in whichever words, unless it has another figure, another day,
or has gone from expected or alleged to done, or from done to denied. What is compared is lines, never articles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from briefings.facts import State
from briefings.news.matter import Figure, Likeness, Matter
from briefings.news.told import Kind, Told

#: likeness from which two lines tell the same matter, and from which one may move on from the other
SAME, NEAR = 0.42, 0.25
#: days before its article's that an undated line may tell of
_RECENT = timedelta(days=1)
#: what a state moves on to
_ADVANCES = {
    State.EXPECTED: (State.HAPPENED, State.DENIED),
    State.ALLEGED: (State.HAPPENED, State.DENIED),
    State.HAPPENED: (State.DENIED,),
    State.DENIED: (State.HAPPENED,),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a line is news, and from which line told before it moves on."""

    kind: Kind
    before: Told | None = None


class Judge:
    """Knows what was told, as `told` and, in the same order, as `matters`; `candidates` are the texts to be judged."""

    def __init__(self, told: Sequence[Told], matters: Sequence[Matter], candidates: Sequence[str]) -> None:
        self._told = list(zip(told, matters, strict=True))
        self._likeness = Likeness([matter.text for matter in matters], candidates)

    def verdict(self, line: Matter) -> Verdict | None:
        """Why `line` is news; None when it is none."""
        near = [(like, *self._told[at]) for like, at in self._likeness.told_like(line.text, NEAR)]
        same = [matter for like, _, matter in near if like >= SAME]
        later = [(told, matter) for _, told, matter in near if not _is_older(line, matter)]
        if same and not _differs(line, same):
            return None
        for told, matter in later:
            if line.state in _ADVANCES[matter.state] and not _was_told(line, same):
                return Verdict(Kind.STATE, told)
        moved = [(told, matter) for told, matter in later if _is_moved(line, matter, [m for _, _, m in near])]
        if moved:
            return Verdict(Kind.FIGURE, _last(moved, same))
        return Verdict(Kind.FACT)


def _last(moved: Sequence[tuple[Told, Matter]], same: Sequence[Matter]) -> Told:
    """The one told last of those that tell the same matter; of lines less like, the likest."""
    alike = [told for told, matter in moved if any(matter is one for one in same)]
    return max(alike, key=lambda told: told.on, default=moved[0][0])


def _differs(line: Matter, same: Sequence[Matter]) -> bool:
    """Whether `line` tells more of a matter than `same`, which tell it, have told."""
    if not _was_told(line, same):
        return True
    if any(not new.small or any(new.is_another(old) for m in same for old in m.figures) for new in _new(line, same)):
        return True
    known = {day for matter in same for day in matter.days}
    recent = {day for matter in same if matter.published for day in _around(matter.published)}
    return bool(line.days - known - (recent if any(not matter.days for matter in same) else set()))


def _was_told(line: Matter, same: Sequence[Matter]) -> bool:
    """Whether the matter was told before as far as `line` has it, or farther."""
    return not same or not all(line.state in _ADVANCES[matter.state] for matter in same)


def _is_moved(line: Matter, told: Matter, near: Sequence[Matter]) -> bool:
    """Whether `line` has another figure in the place of one of `told`, which it has not itself; `near` have neither."""
    gone = [old for old in told.figures if not any(old.is_same(each) for each in line.figures)]
    return any(new.is_another(old) for new in _new(line, near) for old in gone)


def _new(line: Matter, told: Sequence[Matter]) -> list[Figure]:
    """The figures of `line` that none of `told` has."""
    return [each for each in line.figures if not any(each.is_same(old) for m in told for old in m.figures)]


def _is_older(line: Matter, told: Matter) -> bool:
    return line.published is not None and told.published is not None and line.published < told.published


def _around(day: date) -> tuple[date, date]:
    return day, day - _RECENT
