"""Turns PolNeAR's character spans into tokens, cue heads and mentions of a parsed article."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import BoolArray, IntArray
from briefings.text.pos_tagger import TAG, VERBS

_AUXILIARY = frozenset(
    [
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "being",
        "am",
        "has",
        "have",
        "had",
        "having",
        "do",
        "does",
        "did",
        "go",
        "goes",
        "going",
        "went",
        "gone",
    ]
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One gold attribution: token indexes of its parts, and the cue's head token (None without a cue)."""

    source: IntArray
    content: IntArray
    cue: IntArray
    head: int | None
    #: character sets, for matching
    source_chars: frozenset[int]
    content_chars: frozenset[int]


def attributions(article: dict[str, Any], parsed: Document) -> list[Attribution]:
    """The gold attributions that have a content."""
    out = []
    for one in article["attributions"]:
        if one["content"]:
            cue = _tokens(parsed, one["cue"])
            out.append(
                Attribution(
                    _tokens(parsed, one["source"]), _tokens(parsed, one["content"]), cue, _head(parsed, cue),
                    _chars(one["source"]), _chars(one["content"]),
                )
            )  # fmt: skip
    return out


def right_mentions(parsed: Document, chars: frozenset[int] | set[int]) -> BoolArray:
    """For each mention, whether at least half of its characters lie inside the gold source, as the scorer asks."""
    starts = parsed.tokens.starts[parsed.mentions.first]
    ends = parsed.tokens.ends[parsed.mentions.last - 1]
    inside = np.zeros(len(parsed.text) + 1, dtype=np.int64)
    for at in chars:
        inside[at + 1] = 1
    total = np.cumsum(inside)
    right: BoolArray = (total[ends] - total[starts]) * 2 >= ends - starts
    return right


def _tokens(parsed: Document, fragments: list[list[int]]) -> IntArray:
    starts, ends = parsed.tokens.starts, parsed.tokens.ends
    parts = [np.arange(np.searchsorted(ends, s, side="right"), np.searchsorted(starts, e)) for s, e in fragments]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


def _chars(fragments: list[list[int]]) -> frozenset[int]:
    return frozenset(at for s, e in fragments for at in range(s, e))


def _head(parsed: Document, cue: IntArray) -> int | None:
    if not len(cue):
        return None
    words, tags = parsed.tokens.words, parsed.tags
    verbs = [int(at) for at in cue if tags[at] in VERBS]
    for at in verbs:
        if words[at].lower() not in _AUXILIARY:
            return at
    nouns = [int(at) for at in cue if tags[at] in (TAG["NN"], TAG["NNS"])]
    return (nouns or verbs or [int(cue[0])])[0]
