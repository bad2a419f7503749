"""Turns PolNeAR's character spans into tokens, cue heads and mentions of a parsed article."""

from dataclasses import dataclass

import numpy as np

from briefings.quotes.parse import Parsed
from briefings.text.tagger import TAG, VERBS

_AUXILIARY = frozenset(
    "be is are was were been being am has have had having do does did go goes going went gone".split()
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One gold attribution: token indexes of its parts, and the cue's head token (None without a cue)."""

    source: np.ndarray
    content: np.ndarray
    cue: np.ndarray
    head: int | None
    #: character sets, for matching
    source_chars: frozenset
    content_chars: frozenset


def attributions(article, parsed: Parsed):
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


def right_mentions(parsed: Parsed, chars):
    """For each mention, whether at least half of its characters lie inside the gold source, as the scorer asks."""
    starts = parsed.tokens.starts[parsed.mentions.first]
    ends = parsed.tokens.ends[parsed.mentions.last - 1]
    inside = np.zeros(len(parsed.text) + 1, dtype=np.int64)
    for at in chars:
        inside[at + 1] = 1
    total = np.cumsum(inside)
    return (total[ends] - total[starts]) * 2 >= ends - starts


def _tokens(parsed, fragments):
    starts, ends = parsed.tokens.starts, parsed.tokens.ends
    parts = [np.arange(np.searchsorted(ends, s, side="right"), np.searchsorted(starts, e)) for s, e in fragments]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


def _chars(fragments):
    return frozenset(at for s, e in fragments for at in range(s, e))


def _head(parsed, cue):
    if not len(cue):
        return None
    words, tags = parsed.tokens.words, parsed.tags
    verbs = [int(at) for at in cue if tags[at] in VERBS]
    for at in verbs:
        if words[at].lower() not in _AUXILIARY:
            return at
    nouns = [int(at) for at in cue if tags[at] in (TAG["NN"], TAG["NNS"])]
    return (nouns or verbs or [int(cue[0])])[0]
