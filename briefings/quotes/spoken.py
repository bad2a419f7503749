"""Ranks the mentions for each quoted passage, on what the cues around it say and on what its neighbours chose.

Rule: two passes; the second looks at the likeliest mentions alone, and sees what the first one made of the
passages before and behind.
"""

from dataclasses import dataclass, replace

import numpy as np

from briefings.quotes.pairs import Anchors, Pairs, Signals, pairs
from briefings.quotes.parse import Parsed
from briefings.quotes.reported import Reported, choose
from briefings.quotes.trees import Forest
from briefings.text.arrays import Bools, Floats, Ints
from briefings.text.shapes import WORD, word_hash

#: mentions that the second pass still looks at for each passage
CLOSER = 8
_SELF = frozenset(word_hash(word) for word in ("i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've"))
_OTHER = frozenset(word_hash(word) for word in ("you", "your", "you're"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """Parallel to the passages: the source mention (-1 nobody), its share, and the share of nobody."""

    sources: Ints
    sure: Floats
    nobody: Floats
    #: each passage's best mention, even where nobody is likelier; -1 without any
    best: Ints
    best_sure: Floats


def spoken(signals: Signals, found: Reported, held: Floats, first: Forest, second: Forest) -> Spoken:
    """The source of every passage. `held` is the probability that each reported candidate is right."""
    anchors = passage_anchors(signals.parsed)
    rows = first_look(signals, anchors, found, held)
    few = second_look(signals.parsed, anchors, rows, first.scores(rows.features))
    return chosen(few, second.scores(few.features), len(anchors))


def first_look(signals: Signals, anchors: Anchors, found: Reported, held: Floats) -> Pairs:
    """What the first pass sees of every passage and mention."""
    rows = pairs(signals, anchors)
    more = support(signals.parsed, anchors, rows, found, held)
    return replace(rows, features=np.concatenate([rows.features, more], axis=1))


def second_look(parsed: Parsed, anchors: Anchors, rows: Pairs, scores: Floats) -> Pairs:
    """What the second pass sees: the likeliest mentions alone, by the first pass's `scores` of all rows."""
    count = len(anchors)
    shares = softmax(scores, rows.anchor, count)
    order = np.lexsort((np.where(rows.mention < 0, -np.inf, -scores), rows.anchor))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(rows.anchor, np.arange(count))[rows.anchor[order]]
    keep = rank <= CLOSER
    few = Pairs(rows.anchor[keep], rows.mention[keep], rows.features[keep])
    more = [few.features, neighbours(parsed, anchors, few, shares[keep]), wording(parsed, anchors, few)]
    return replace(few, features=np.concatenate(more, axis=1))


def passage_anchors(parsed: Parsed) -> Anchors:
    """The token range of every passage, at least one token wide."""
    starts = np.array([passage.inner.start for passage in parsed.passages], dtype=np.int64)
    ends = np.array([passage.inner.end for passage in parsed.passages], dtype=np.int64)
    first = np.minimum(np.searchsorted(parsed.tokens.starts, starts), len(parsed.tokens) - 1)
    return Anchors(first, np.maximum(np.searchsorted(parsed.tokens.starts, ends), first + 1))


def chosen(rows: Pairs, scores: Floats, count: int) -> Spoken:
    """The best mention of each passage, and the best but nobody."""
    shares = softmax(scores, rows.anchor, count)
    sources, _, sure = choose(scores, rows.anchor, rows.mention, count)
    nobody = shares[rows.mention == -1]
    somebody = np.where(rows.mention == -1, -1e6, scores).astype(np.float32)
    best, best_row, _ = choose(somebody, rows.anchor, rows.mention, count)
    return Spoken(sources, sure, nobody, best, np.where(best >= 0, shares[best_row], 0) if count else nobody)


def softmax(scores: Floats, anchor: Ints, count: int) -> Floats:
    """Each row's share of its anchor."""
    if not count:
        return np.zeros(0, dtype=np.float32)
    starts = np.searchsorted(anchor, np.arange(count))
    lift = np.exp(scores - np.maximum.reduceat(scores, starts)[anchor])
    return (lift / np.add.reduceat(lift, starts)[anchor]).astype(np.float32)


def support(parsed: Parsed, anchors: Anchors, rows: Pairs, found: Reported, held: Floats) -> Floats:
    """What the reported candidates that cover a passage say of each mention, and how likely the best of them is."""
    cover = coverage(anchors, found, len(parsed.tokens))
    own = np.zeros(len(rows.anchor), dtype=np.float32)
    near = np.zeros(len(rows.anchor), dtype=np.float32)
    best = np.zeros(len(anchors), dtype=np.float32)
    starts = np.searchsorted(rows.anchor, np.arange(len(anchors) + 1))
    for passage, candidates in enumerate(cover):
        part = slice(starts[passage], starts[passage + 1])
        for candidate in candidates:
            weight = held[candidate]
            best[passage] = max(best[passage], weight)
            source = found.sources[candidate]
            hit = rows.mention[part] == source
            own[part] = np.maximum(own[part], np.where(hit, weight * found.source_sure[candidate], 0))
            if source >= 0:
                touch = _touches(parsed, rows.mention[part], source)
                near[part] = np.maximum(near[part], np.where(touch, weight, 0))
    return np.stack([own, near, best[rows.anchor]], axis=1)


def coverage(anchors: Anchors, found: Reported, size: int) -> list[list[int]]:
    """For each passage the reported candidates whose content holds at least half of its tokens, at most eight."""
    out: list[list[int]] = [[] for _ in range(len(anchors))]
    if not len(anchors):
        return out
    owner = np.full(size + 1, -1)
    for passage in range(len(anchors)):
        owner[anchors.first[passage] : anchors.last[passage]] = passage
    for candidate, tokens in enumerate(found.tokens):
        owners = owner[tokens]
        for passage in np.unique(owners[owners >= 0]):
            width = anchors.last[passage] - anchors.first[passage]
            if 2 * int((owners == passage).sum()) >= width and len(out[passage]) < 8:
                out[passage].append(candidate)
    return out


def neighbours(parsed: Parsed, anchors: Anchors, rows: Pairs, shares: Floats) -> Floats:
    """What the passages just before and just behind made of the same mention, and of the same name."""
    count = len(anchors)
    starts = np.searchsorted(rows.anchor, np.arange(count + 1))
    line = parsed.tokens.paragraph[anchors.first]
    head = _heads(parsed)
    columns = []
    for step in (-1, 1):
        same, name = np.full(len(shares), -1.0), np.full(len(shares), -1.0)
        gap = np.full(len(shares), -1.0)
        for passage in range(max(0, -step), count - max(0, step)):
            other = passage + step
            part, their = slice(starts[passage], starts[passage + 1]), slice(starts[other], starts[other + 1])
            weights = dict(zip(rows.mention[their].tolist(), shares[their].tolist(), strict=True))
            names: dict[int, float] = {}
            for mention, share in weights.items():
                names[head[mention]] = names.get(head[mention], 0.0) + share
            mine = rows.mention[part].tolist()
            same[part] = [weights.get(mention, 0.0) for mention in mine]
            name[part] = [names.get(head[mention], 0.0) for mention in mine]
            gap[part] = abs(int(line[passage] - line[other]))
        columns += [same, name, gap]
    follows = np.array([passage.continues for passage in parsed.passages], dtype=np.float32)
    return np.stack([*columns, follows[rows.anchor]], axis=1).astype(np.float32)


def wording(parsed: Parsed, anchors: Anchors, rows: Pairs) -> Floats:
    """Whether the passage says "I", or "you", or names the mention, and whether the mention is "I" itself."""
    word = parsed.shapes[:, WORD]
    heads = word[parsed.mentions.head]
    within = [set(word[a:b].tolist()) for a, b in zip(anchors.first, anchors.last, strict=True)]
    own = np.array([not _SELF.isdisjoint(words) for words in within], dtype=bool)
    other = np.array([not _OTHER.isdisjoint(words) for words in within], dtype=bool)
    real = np.maximum(rows.mention, 0)
    named = [h in within[a] for a, h in zip(rows.anchor.tolist(), heads[real].tolist(), strict=True)]
    itself = np.isin(heads, list(_SELF))[real] & (rows.mention >= 0)
    columns = [own[rows.anchor], other[rows.anchor], np.array(named, dtype=bool), itself]
    return np.stack(columns, axis=1).astype(np.float32)


def _heads(parsed: Parsed) -> list[int]:
    """The hash of each mention's head word; the last entry, reached by -1, stands for nobody."""
    return [*parsed.shapes[parsed.mentions.head, WORD].tolist(), 0]


def _touches(parsed: Parsed, mentions: Ints, other: int) -> Bools:
    first, last = parsed.mentions.first, parsed.mentions.last
    real = np.maximum(mentions, 0)
    shared: Bools = (mentions >= 0) & (first[real] < last[other]) & (first[other] < last[real])
    return shared
