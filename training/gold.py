"""Convert PolNeAR's character spans to tokens, cue heads and mentions of a parsed article."""

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
    """A gold attribution: token indexes of its parts, and the head token of the cue (None without a cue)."""

    source: IntArray
    content: IntArray
    cue: IntArray
    head: int | None
    #: character sets, for matching
    source_chars: frozenset[int]
    content_chars: frozenset[int]


def read_attributions(article: dict[str, Any], parsed: Document) -> list[Attribution]:
    """Return the gold attributions of an article that have content."""
    gold_attributions = []
    for attribution in article["attributions"]:
        if attribution["content"]:
            cue = _find_tokens(parsed, attribution["cue"])
            gold_attributions.append(
                Attribution(
                    source=_find_tokens(parsed, attribution["source"]),
                    content=_find_tokens(parsed, attribution["content"]),
                    cue=cue,
                    head=_find_head(parsed, cue),
                    source_chars=_collect_chars(attribution["source"]),
                    content_chars=_collect_chars(attribution["content"]),
                )
            )
    return gold_attributions


def find_right_mentions(parsed: Document, chars: frozenset[int] | set[int]) -> BoolArray:
    """Tell for each mention whether at least half of its characters are in the gold source, as in the scorer."""
    starts = parsed.tokens.starts[parsed.mentions.first]
    ends = parsed.tokens.ends[parsed.mentions.last - 1]
    inside = np.zeros(len(parsed.text) + 1, dtype=np.int64)
    for at in chars:
        inside[at + 1] = 1
    total = np.cumsum(inside)
    right: BoolArray = (total[ends] - total[starts]) * 2 >= ends - starts
    return right


def _find_tokens(parsed: Document, fragments: list[list[int]]) -> IntArray:
    starts, ends = parsed.tokens.starts, parsed.tokens.ends
    parts = [np.arange(np.searchsorted(ends, s, side="right"), np.searchsorted(starts, e)) for s, e in fragments]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


def _collect_chars(fragments: list[list[int]]) -> frozenset[int]:
    return frozenset(at for s, e in fragments for at in range(s, e))


def _find_head(parsed: Document, cue: IntArray) -> int | None:
    if not len(cue):
        return None
    words, tags = parsed.tokens.words, parsed.tags
    verbs = [int(at) for at in cue if tags[at] in VERBS]
    for at in verbs:
        if words[at].lower() not in _AUXILIARY:
            return at
    nouns = [int(at) for at in cue if tags[at] in (TAG["NN"], TAG["NNS"])]
    return (nouns or verbs or [int(cue[0])])[0]
