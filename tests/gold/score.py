"""Scores the engine on the four seeds against gold written by reading, and tells gains from losses.

Rule: a gold entry is right when some quote covers the same words (half of what both cover together) and names the same
speaker; "optional" entries, on which readers differ, count neither way; a "nobody" entry must not
pass for words that somebody said.
"""

import json
from pathlib import Path
from typing import Any

from briefings.model import Article, Quote, Span

GOLD = Path(__file__).parent / "quotes"


def load_gold(seed: str) -> list[dict[str, Any]]:
    """The gold entries of one seed."""
    return [json.loads(line) for line in (GOLD / f"{seed}.jsonl").read_text(encoding="utf-8").splitlines()]


def judge_entries(article: Article, quotes: tuple[Quote, ...], entries: list[dict[str, Any]]) -> dict[str, bool]:
    """For each gold entry that counts, by its opening words, whether the engine has it right."""
    out = {}
    for number, entry in enumerate(entries):
        if not entry.get("optional"):
            key = f"{article.id[:3]}.{number:02d} {entry['content'][0][:40]}"
            out[key] = _right(article.text, quotes, entry)
    return out


def get_characters(spans: tuple[Span, ...]) -> set[int]:
    """The characters of some spans."""
    return {at for span in spans for at in range(span.start, span.end)}


def locate_entry(text: str, entry: dict[str, Any]) -> set[int]:
    """The characters of a gold entry; `nth` tells which of several places."""
    found: set[int] = set()
    for piece in entry["content"]:
        at = -1
        for _ in range(entry.get("nth", 1)):
            at = text.index(piece, at + 1)
        found |= set(range(at, at + len(piece)))
    return found


def _right(text: str, quotes: tuple[Quote, ...], entry: dict[str, Any]) -> bool:
    wanted = locate_entry(text, entry)
    best = max(quotes, key=lambda quote: _shared(get_characters(quote.content), wanted), default=None)
    hit = best is not None and _shared(get_characters(best.content), wanted) >= 0.5
    if entry["kind"] == "nobody":
        return best is None or not hit or best.kind == "indirect"
    # a passage may be reported paragraph by paragraph, or sentence by sentence: then every piece must have the speaker
    pieces = [best] if hit else [quote for quote in quotes if get_characters(quote.content) <= wanted]
    covered = set().union(*(get_characters(quote.content) for quote in pieces)) if pieces else set()
    if not pieces or _shared(covered, wanted) < 0.5:
        return False
    names = {_plain(name) for name in [entry["speaker"], *entry.get("aliases", [])]}
    return all(
        quote is not None and quote.speaker is not None and _plain(quote.speaker.name) in names for quote in pieces
    )


def _plain(name: str) -> str:
    return name.lower().replace("’", "'")


def _shared(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
