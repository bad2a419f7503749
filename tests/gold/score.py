"""Scores the quotes of the four seed articles against gold entries that a person annotated.

Rule: an entry is correct if a quote has the same speaker and an overlap of at least half (Jaccard index).
An "optional" entry, on which readers disagree, does not count. A "no one" entry is correct if no quote covers it.
"""

import json
from pathlib import Path
from typing import Any

from briefings.model import Article, Quote, Span

GOLD = Path(__file__).parent / "quotes"


def load_gold(seed: str) -> list[dict[str, Any]]:
    """Return the gold entries of one seed article."""
    return [json.loads(line) for line in (GOLD / f"{seed}.jsonl").read_text(encoding="utf-8").splitlines()]


def judge_entries(article: Article, quotes: tuple[Quote, ...], entries: list[dict[str, Any]]) -> dict[str, bool]:
    """Return for each entry that counts whether it is correct. The key has the entry's first words."""
    results = {}
    for number, entry in enumerate(entries):
        if not entry.get("optional"):
            key = f"{article.id[:3]}.{number:02d} {entry['content'][0][:40]}"
            results[key] = _is_correct(article.text, quotes, entry)
    return results


def get_characters(spans: tuple[Span, ...]) -> set[int]:
    """Return the offsets of all characters in the spans."""
    return {offset for span in spans for offset in range(span.start, span.end)}


def locate_entry(text: str, entry: dict[str, Any]) -> set[int]:
    """Return the offsets of the characters of an entry. Its `nth` selects one of several occurrences."""
    offsets: set[int] = set()
    for piece in entry["content"]:
        start = -1
        for _ in range(entry.get("nth", 1)):
            start = text.index(piece, start + 1)
        offsets |= set(range(start, start + len(piece)))
    return offsets


def _is_correct(text: str, quotes: tuple[Quote, ...], entry: dict[str, Any]) -> bool:
    gold_offsets = locate_entry(text, entry)
    best = max(quotes, key=lambda quote: _measure_overlap(get_characters(quote.content), gold_offsets), default=None)
    match = best if best and _measure_overlap(get_characters(best.content), gold_offsets) >= 0.5 else None
    if entry["kind"] == "nobody":
        return match is None or match.kind == "indirect"
    # several quotes may cover the passage, by paragraph or by sentence: then each needs the same speaker
    pieces = [match] if match else [quote for quote in quotes if get_characters(quote.content) <= gold_offsets]
    covered = set().union(*(get_characters(quote.content) for quote in pieces)) if pieces else set()
    if not pieces or _measure_overlap(covered, gold_offsets) < 0.5:
        return False
    names = {_normalise(name) for name in [entry["speaker"], *entry.get("aliases", [])]}
    return all(quote.speaker is not None and _normalise(quote.speaker.name) in names for quote in pieces)


def _normalise(name: str) -> str:
    return name.lower().replace("’", "'")


def _measure_overlap(first: set[int], second: set[int]) -> float:
    return len(first & second) / len(first | second) if first | second else 0.0
