"""Groups the items of a typed schedule: which times belong to which days. Pure.

Rule: "weekdays at 8:30 and weekends at 10" are two groups. If a text can be grouped in several ways, or a day or a
time is left over, it is refused. Nothing is dropped, and no time is multiplied.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from bot.digests.scheduling.items import (
    CountItem,
    CycleItem,
    DayItem,
    ExceptItem,
    HourlyItem,
    Item,
    MeridiemItem,
    SpanItem,
    StartItem,
    TimeItem,
    TimeLike,
    UnknownPart,
)
from briefings import BadQuestion

#: most days and times of one text
MAX_ITEMS = 60


@dataclass(slots=True)
class Group:
    """Days and the times on them, with what is said about both."""

    days: list[DayItem] = field(default_factory=list)
    times: list[TimeLike] = field(default_factory=list)
    cycles: list[CycleItem] = field(default_factory=list)
    exceptions: list[ExceptItem] = field(default_factory=list)
    counts: list[CountItem] = field(default_factory=list)
    starts: list[StartItem] = field(default_factory=list)

    def add(self, item: Item) -> None:
        """Add an item that is not about the half of the day, a zone or unknown."""
        match item:
            case DayItem():
                self.days.append(item)
            case CycleItem():
                self.cycles.append(item)
            case ExceptItem():
                self.exceptions.append(item)
            case CountItem():
                self.counts.append(item)
            case StartItem():
                self.starts.append(item)
            case TimeItem() | HourlyItem() | SpanItem():
                self.times.append(item)


def group_items(items: Sequence[Item]) -> list[Group]:
    """Return the groups of a schedule, in order. Raises BadQuestion if it is unclear what belongs together."""
    placed_items = _join_spans(_apply_meridiems(list(items)))
    if len(placed_items) > MAX_ITEMS:
        raise BadQuestion("That schedule is too long. Try weekdays at 8:30.")
    positions = [n for n, item in enumerate(placed_items) if isinstance(item, DayItem | TimeLike)]
    sizes = _find_group_sizes([placed_items[n] for n in positions])
    groups = [Group() for _ in sizes] or [Group()]
    group_numbers = [number for number, size in enumerate(sizes) for _ in range(size)]
    number_by_position = dict(zip(positions, group_numbers, strict=True))
    for position, item in enumerate(placed_items):
        groups[_find_group(placed_items, position, number_by_position)].add(item)
    return groups


def _find_group(items: Sequence[Item], position: int, number_by_position: dict[int, int]) -> int:
    """Return the number of the group of an item: its own, or that of a day or time before or after it."""
    before = [number for at, number in number_by_position.items() if at <= position]
    after = [number for at, number in number_by_position.items() if at >= position]
    if not before or not after:
        return (before[-1:] or after[:1] or [0])[0]
    item = items[position]
    is_before_days = isinstance(items[min(position + 1, len(items) - 1)], DayItem)
    looks_ahead = isinstance(item, CountItem) or (isinstance(item, CycleItem) and is_before_days)
    return after[0] if looks_ahead else before[-1]


def _apply_meridiems(items: list[Item]) -> list[Item]:
    """Return the items without those about the half of the day: their times say "am" or "pm" instead."""
    placed_items = list(items)
    for position, item in enumerate(items):
        if not isinstance(item, MeridiemItem):
            continue
        targets = _find_times_for(items, position)
        if not targets:
            raise UnknownPart(f"At what time in “{item.text}”? Try every morning at 8:30, or weekdays at 8:30.")
        for target in targets:
            time_item = placed_items[target]
            if isinstance(time_item, TimeItem):
                placed_items[target] = replace(time_item, meridiem=item.meridiem)
    return [item for item in placed_items if not isinstance(item, MeridiemItem)]


def _find_times_for(items: Sequence[Item], position: int) -> list[int]:
    """Return the positions of the times that a MeridiemItem is about."""
    item = items[position]
    before = _take_times(items, range(position - 1, -1, -1))
    after = _take_times(items, range(position + 1, len(items)))
    is_prefix = isinstance(item, MeridiemItem) and item.is_prefix
    if is_prefix and after:
        return after
    earlier = next((n for n in range(position - 1, -1, -1) if isinstance(items[n], TimeItem)), None)
    return before or after or ([] if earlier is None else _take_times(items, range(earlier, -1, -1)))


def _take_times(items: Sequence[Item], positions: range) -> list[int]:
    times = []
    for position in positions:
        if not isinstance(items[position], TimeItem):
            break
        times.append(position)
    return times


def _join_spans(items: list[Item]) -> list[Item]:
    """Return the items with the hours of an hourly schedule right after "hourly", even if days are between them."""
    joined_items = list(items)
    for position, item in enumerate(items):
        if isinstance(item, SpanItem):
            neighbours = [n for n, other in enumerate(items) if isinstance(other, HourlyItem)]
            owner = min(neighbours, key=lambda n: (abs(n - position), n), default=None)
            if owner is not None and abs(owner - position) > 1:
                joined_items.remove(item)
                joined_items.insert(joined_items.index(items[owner]) + 1, item)
    return joined_items


def _find_group_sizes(items: Sequence[Item]) -> list[int]:
    """Return the number of days and times in each group, in order. Raises BadQuestion."""
    runs = [(is_day, list(run)) for is_day, run in groupby(items, lambda item: isinstance(item, DayItem))]
    if len(runs) <= 1:
        return [len(items)] if items else []
    if len(runs) % 2 == 0:
        return [len(first) + len(second) for (_, first), (_, second) in zip(runs[::2], runs[1::2], strict=True)]
    partitions = []
    for sizes in _iterate_partitions([isinstance(item, DayItem) for item in items]):
        partitions.append(sizes)
        if len(partitions) > 1:
            break
    if len(partitions) == 1:
        return partitions[0]
    raise _build_unclear_error(runs)


def _build_unclear_error(runs: Sequence[tuple[bool, list[Item]]]) -> BadQuestion:
    is_day, last_run = runs[-1]
    example = "Try weekdays at 8:30 and weekends at 10:00."
    if len(runs) == 3 and len(runs[1][1]) == 1:
        text = last_run[0].text
        problem = f"At what time on “{text}”?" if is_day else f"On which days at “{text}”?"
        return BadQuestion(f"{problem} {example}")
    text = " ".join(item.text for _, run in runs for item in run)
    return BadQuestion(f"I'm not sure which time is for which day in “{text[:100]}”. {example}")


def _iterate_partitions(kinds: Sequence[bool]) -> Iterator[list[int]]:
    """Yield the ways to split the kinds (True for a day) into parts of days and then times, or the reverse."""
    if not kinds:
        yield []
        return
    for size in range(2, len(kinds) + 1):
        changes = sum(first != second for first, second in pairwise(kinds[:size]))
        if changes > 1:
            return
        if changes == 1:
            for rest in _iterate_partitions(kinds[size:]):
                yield [size, *rest]
