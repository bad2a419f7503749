"""Finds what a cue reports: for each cue head, which words around it are the content.

Rule: a two-state linear chain (in, out) over the cue's sentence and the wholly quoted sentences beside it;
every feature scores the step from one state to the next. All cues of an article at once; long quotations count by
their edges only.
(Conditional random fields: Lafferty et al. 2001.)
"""

from dataclasses import dataclass

import numpy as np

from briefings.quotes.parse import Parsed
from briefings.text.arrays import Anything, Bools, Floats, Ints
from briefings.text.linear import Linear, mix
from briefings.text.shapes import STEM, WORD, word_hash
from briefings.text.tagger import TAG, VERBS

#: tokens looked at on either side of a cue
REACH = 70
#: tokens kept at the two ends of a quoted passage
EDGE = 4
#: what is added to the score of a content's first step, in turn, where none was found
COAXING = (1.5, 3.0, 6.0, 12.0)
#: cues whose windows are read at once
AT_ONCE = 256
_THAT = word_hash("that")


@dataclass(frozen=True, slots=True)
class Windows:
    """The rows of all cues, one cue after another: `token[k]` is read for `cue[k]`; `starts`: first rows."""

    token: Ints
    cue: Ints
    starts: Ints
    lengths: Ints


def windows(parsed: Parsed, heads: Ints) -> Windows:
    """The tokens that may be the content of each cue."""
    shown = np.flatnonzero(kept(parsed))
    low_sentence, high_sentence = _reach(parsed)
    sentence = parsed.sentence
    low = np.searchsorted(shown, np.searchsorted(sentence, low_sentence[sentence[heads]]))
    high = np.searchsorted(shown, np.searchsorted(sentence, high_sentence[sentence[heads]], side="right"))
    at = np.searchsorted(shown, heads)
    low, high = np.maximum(low, at - REACH), np.minimum(high, at + REACH)
    lengths = np.maximum(high - low, 0)
    cue = np.repeat(np.arange(len(heads)), lengths)
    starts = np.cumsum(lengths) - lengths
    token = (
        shown[np.arange(lengths.sum()) - np.repeat(starts - low, lengths)]
        if len(shown)
        else np.zeros(0, dtype=np.int64)
    )
    return Windows(token, cue, starts, lengths)


def templates(parsed: Parsed, heads: Ints, sources: Ints, rows: Windows) -> list[list[Anything]]:
    """The features of every row. `sources` is each cue's mention, -1 for nobody."""
    i, c = rows.token, heads[rows.cue]
    word, stem = _padded(parsed.shapes[:, WORD]), _padded(parsed.shapes[:, STEM])
    tag = _padded(parsed.tags + 1)
    inside, sentence = parsed.inside, parsed.sentence
    ahead = (i > c).astype(np.int64)
    far = np.digitize(i - c, (-25, -12, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 13, 26))
    same = sentence[i] - sentence[c] + 1
    quoted = (inside[i] > 0) + 2 * (inside[i] == inside[c]) + 4 * (_padded(inside)[i] != inside[i]) + 8 * same
    commas, verbs = _between(parsed.tags == TAG[","], i, c), _between(np.isin(parsed.tags, list(VERBS)), i, c)
    thats = _between(parsed.shapes[:, WORD] == _THAT, i, c)
    source = _source_relation(parsed, sources[rows.cue], i)
    where = source + 8 * ahead
    kind = tag[c + 1]
    clause = np.minimum(commas, 3) + 4 * np.minimum(verbs, 3) + 16 * ahead
    i, c = i + 1, c + 1  # `_padded` puts one token before
    return [
        [far], [far, quoted], [far, kind], [far, stem[c]], [where, far], [where, quoted], [where, tag[i]],
        [where, tag[i], tag[i - 1]], [ahead, word[i]], [ahead, word[i], word[i - 1]],
        [ahead, tag[i - 1], tag[i], tag[i + 1]],
        [ahead, word[i - 1], tag[i]], [ahead, tag[i], word[i + 1]], [clause, tag[i]], [clause, tag[i - 1], tag[i]],
        [clause, where], [thats > 0, clause], [stem[c], where], [stem[c], ahead, np.minimum(commas, 2)],
        [stem[c], ahead, tag[i]], [kind, word[c + 1], far], [kind, word[c + 1], where, clause],
        [quoted, word[i - 1], ahead], [quoted, word[i], ahead], [quoted, clause],
        [kind, word[c - 1], where, np.minimum(commas, 2)],
        [where, tag[i - 1], word[i]], [stem[c], word[i], ahead], [kind, where, far, tag[i]],
        [thats > 0, ahead, tag[i - 1], tag[i]], [word[i], clause],
    ]  # fmt: skip


def contents(parsed: Parsed, heads: Ints, sources: Ints, model: Linear) -> tuple[list[Ints], Floats]:
    """For each cue the tokens of its content, and how sure the chain is: the mean margin of its best path."""
    found: list[Ints] = []
    margins = [np.zeros(0, dtype=np.float32)]
    for start in range(0, len(heads), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        tokens, margin = _contents(parsed, heads[part], sources[part], model)
        found += tokens
        margins.append(margin)
    return found, np.concatenate(margins)


def _contents(parsed: Parsed, heads: Ints, sources: Ints, model: Linear) -> tuple[list[Ints], Floats]:
    rows = windows(parsed, heads)
    if not len(rows.token):
        return [np.zeros(0, dtype=np.int64) for _ in heads], np.zeros(len(heads), dtype=np.float32)
    scores = model.scores(mix(templates(parsed, heads, sources, rows), model.bits))
    inside = _never_empty(scores, rows, decode(scores, rows))
    found = [rows.token[a : a + n][inside[a : a + n]] for a, n in zip(rows.starts, rows.lengths, strict=True)]
    return [_whole(parsed, tokens) for tokens in found], _margin(scores, inside, rows)


def decode(scores: Floats, rows: Windows) -> Bools:
    """The best path of every cue at once (Viterbi). `scores[:, 2 * before + now]`; before the first row is out."""
    count, longest = len(rows.lengths), int(rows.lengths.max(initial=0))
    order = np.argsort(-rows.lengths, kind="stable")
    starts, lengths = rows.starts[order], rows.lengths[order]
    best = np.zeros((count, 2), dtype=np.float32)
    best[:, 1] = -np.inf
    came = np.zeros((longest, count, 2), dtype=bool)
    for step in range(longest):
        live = int(np.searchsorted(-lengths, -step, side="left"))
        here = scores[starts[:live] + step]
        stay, move = best[:live, :1] + here[:, :2], best[:live, 1:] + here[:, 2:]
        came[step, :live] = move > stay
        best[:live] = np.maximum(stay, move)
    path = np.zeros(len(scores), dtype=bool)
    state = (best[:, 1] > best[:, 0]).astype(np.int64)
    for step in range(longest - 1, -1, -1):
        live = int(np.searchsorted(-lengths, -step, side="left"))
        path[starts[:live] + step] = state[:live] > 0
        state[:live] = came[step, np.arange(live), state[:live]]
    return path


def _never_empty(scores: Floats, rows: Windows, inside: Bools) -> Bools:
    """A cue reports something: where the best path holds nothing, entering a content is made cheaper until it does."""
    for bonus in COAXING:
        empty = np.bincount(rows.cue, weights=inside, minlength=len(rows.lengths)) == 0
        again = empty[rows.cue]
        if not again.any():
            break
        lengths = rows.lengths[empty]
        part = Windows(rows.token[again], rows.cue[again], np.cumsum(lengths) - lengths, lengths)
        coaxed = scores[again].copy()
        coaxed[:, 1] += np.float32(bonus)
        inside = inside.copy()
        inside[again] = decode(coaxed, part)
    return inside


def _margin(scores: Floats, inside: Bools, rows: Windows) -> Floats:
    """Mean score of a content's rows for being in rather than out."""
    gain = np.maximum(scores[:, 1], scores[:, 3]) - np.maximum(scores[:, 0], scores[:, 2])
    total = np.bincount(rows.cue, weights=gain * inside, minlength=len(rows.lengths))
    return (total / np.maximum(np.bincount(rows.cue, weights=inside, minlength=len(rows.lengths)), 1)).astype(
        np.float32
    )


def kept(parsed: Parsed) -> Bools:
    """False for the middle of long quoted passages."""
    keep = np.ones(len(parsed.tokens), dtype=bool)
    starts = np.flatnonzero(np.diff(np.r_[0, parsed.inside]) != 0)
    ends = np.r_[starts[1:], len(keep)]
    for start, end in zip(starts, ends, strict=False):
        if parsed.inside[start] and end - start > 2 * EDGE + 2:
            keep[start + EDGE : end - EDGE] = False
    return keep


def _reach(parsed: Parsed) -> tuple[Ints, Ints]:
    """For each sentence the first and last of its stretch: itself and wholly quoted neighbours in its paragraph."""
    count = int(parsed.sentence[-1]) + 1
    signs = np.isin(parsed.tags, [TAG["''"], TAG["."], TAG[","]])
    free = np.bincount(parsed.sentence, weights=(parsed.inside == 0) & ~signs, minlength=count) == 0
    line = parsed.tokens.paragraph[np.searchsorted(parsed.sentence, np.arange(count))]
    low, high = np.arange(count), np.arange(count)
    for at in range(1, count):
        if free[at - 1] and line[at - 1] == line[at]:
            low[at] = low[at - 1]
    for at in range(count - 2, -1, -1):
        if free[at + 1] and line[at + 1] == line[at]:
            high[at] = high[at + 1]
    return low, high


def _whole(parsed: Parsed, tokens: Ints) -> Ints:
    """The content with the middles of its quoted passages put back."""
    if not len(tokens):
        return tokens
    gaps = np.flatnonzero((np.diff(tokens) > 1) & (parsed.inside[tokens[:-1]] > 0))
    gaps = gaps[parsed.inside[tokens[gaps]] == parsed.inside[tokens[gaps + 1]]]
    if not len(gaps):
        return tokens
    return np.unique(np.concatenate([tokens, *[np.arange(tokens[gap], tokens[gap + 1]) for gap in gaps]]))


def _source_relation(parsed: Parsed, mention: Ints, token: Ints) -> Ints:
    """0 no source, 1 before it, 2 in it, 3 behind it."""
    if not len(parsed.mentions):
        return np.zeros(len(token), dtype=np.int64)
    first, last = parsed.mentions.first[mention], parsed.mentions.last[mention]
    return np.where(mention < 0, 0, 1 + (token >= first) + (token >= last))


def _between(flags: Anything, token: Ints, head: Ints) -> Ints:
    total = np.r_[0, np.cumsum(flags)]
    low, high = np.minimum(token, head + 1), np.maximum(token, head)
    count: Ints = np.maximum(total[high] - total[low], 0)
    return count


def _padded(values: Ints) -> Ints:
    wide: Ints = np.r_[0, values, 0]
    return wide
