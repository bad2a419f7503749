"""Find what each cue reports: which words around its head are the content.

Rule: a linear chain with two states (in, out) runs over the cue's sentence and adjacent fully quoted sentences. Each
feature scores the step between two states. All cues of an article run at once; long quotations count only by their
edges. (Conditional random fields: Lafferty et al. 2001.) Rule: the chain sees a word and its neighbours. Boundary
rules correct the ends where the whole sentence matters (verb_boundaries.py): an aside does not end a content, a
second verb of the source does. If ", officials said." closes a sentence, everything before it is the content.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.clause import COMMA, Clause, find_clauses
from briefings.attribution.features.document import Document, Mentions
from briefings.attribution.models.verb_boundaries import cut_before_next_verb, extend_over_asides
from briefings.text.learned_models import AnyArray, BoolArray, FloatArray, IntArray, LinearModel, hash_features
from briefings.text.pos_tagger import TAG, VERBS, mark_tags
from briefings.text.tokenizer import STEM, WORD, hash_word

#: maximum tokens on each side of a cue
WINDOW_TOKENS = 70
#: tokens kept at each end of a quoted passage
EDGE_TOKENS = 4
#: bonuses for a content's first step, tried in turn if no content is found
ENTRY_BONUSES = (1.5, 3.0, 6.0, 12.0)
#: cues per batch
BATCH_SIZE = 256
_THAT = hash_word("that")
#: maximum words after a cue and source that close a sentence: "on Tuesday", "in a statement"
MAX_TAIL_TOKENS = 4
_ASIDE_TAGS = frozenset([TAG[":"], TAG["("]])


@dataclass(frozen=True, slots=True)
class Windows:
    """The rows of all cues, one cue after another.

    Row k is token `token[k]` for cue `cue[k]`. `starts` are the cues' first rows.
    """

    token: IntArray
    cue: IntArray
    starts: IntArray
    lengths: IntArray


def build_windows(document: Document, heads: IntArray) -> Windows:
    """Return the tokens that can be the content of each cue."""
    visible_tokens = np.flatnonzero(mark_visible_tokens(document))
    low_sentence, high_sentence = _find_sentence_ranges(document)
    sentence = document.sentence
    low = np.searchsorted(visible_tokens, np.searchsorted(sentence, low_sentence[sentence[heads]]))
    high = np.searchsorted(visible_tokens, np.searchsorted(sentence, high_sentence[sentence[heads]], side="right"))
    indexes = np.searchsorted(visible_tokens, heads)
    low, high = np.maximum(low, indexes - WINDOW_TOKENS), np.minimum(high, indexes + WINDOW_TOKENS)
    lengths = np.maximum(high - low, 0)
    cue = np.repeat(np.arange(len(heads)), lengths)
    starts = np.cumsum(lengths) - lengths
    token = (
        visible_tokens[np.arange(lengths.sum()) - np.repeat(starts - low, lengths)]
        if len(visible_tokens)
        else np.zeros(0, dtype=np.int64)
    )
    return Windows(token, cue, starts, lengths)


def build_feature_templates(
    document: Document, heads: IntArray, sources: IntArray, rows: Windows
) -> list[list[AnyArray]]:
    """Build the features of every row. `sources` is each cue's mention, -1 for none."""
    i, c = rows.token, heads[rows.cue]
    word, stem = _pad(document.shapes[:, WORD]), _pad(document.shapes[:, STEM])
    tag = _pad(document.tags + 1)
    inside, sentence = document.passage_ids, document.sentence
    is_after_cue = (i > c).astype(np.int64)
    distance = np.digitize(i - c, (-25, -12, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 13, 26))
    sentence_offset = sentence[i] - sentence[c] + 1
    quote_code = (
        (inside[i] > 0) + 2 * (inside[i] == inside[c]) + 4 * (_pad(inside)[i] != inside[i]) + 8 * sentence_offset
    )
    commas, verbs = (
        _count_between(document.tags == TAG[","], i, c),
        _count_between(mark_tags(document.tags, VERBS), i, c),
    )
    that_counts = _count_between(document.shapes[:, WORD] == _THAT, i, c)
    source = _encode_source_relation(document, sources[rows.cue], i)
    position_code = source + 8 * is_after_cue
    after_cue_tag = tag[c + 1]
    clause = np.minimum(commas, 3) + 4 * np.minimum(verbs, 3) + 16 * is_after_cue
    i, c = i + 1, c + 1  # `_pad` puts one token before
    return [
        [distance], [distance, quote_code], [distance, after_cue_tag], [distance, stem[c]], [position_code, distance],
        [position_code, quote_code], [position_code, tag[i]], [position_code, tag[i], tag[i - 1]],
        [is_after_cue, word[i]], [is_after_cue, word[i], word[i - 1]], [is_after_cue, tag[i - 1], tag[i], tag[i + 1]],
        [is_after_cue, word[i - 1], tag[i]], [is_after_cue, tag[i], word[i + 1]], [clause, tag[i]],
        [clause, tag[i - 1], tag[i]], [clause, position_code], [that_counts > 0, clause], [stem[c], position_code],
        [stem[c], is_after_cue, np.minimum(commas, 2)], [stem[c], is_after_cue, tag[i]],
        [after_cue_tag, word[c + 1], distance], [after_cue_tag, word[c + 1], position_code, clause],
        [quote_code, word[i - 1], is_after_cue], [quote_code, word[i], is_after_cue], [quote_code, clause],
        [after_cue_tag, word[c - 1], position_code, np.minimum(commas, 2)], [position_code, tag[i - 1], word[i]],
        [stem[c], word[i], is_after_cue], [after_cue_tag, position_code, distance, tag[i]],
        [that_counts > 0, is_after_cue, tag[i - 1], tag[i]], [word[i], clause],
    ]  # fmt: skip


def tag_contents(
    document: Document, heads: IntArray, sources: IntArray, model: LinearModel
) -> tuple[list[IntArray], FloatArray]:
    """Return the content tokens of each cue, and the mean margin of its best path as a measure of certainty."""
    token_lists: list[IntArray] = []
    margins = [np.zeros(0, dtype=np.float32)]
    for start in range(0, len(heads), BATCH_SIZE):
        batch = slice(start, start + BATCH_SIZE)
        tokens, margin = _tag_batch(document, heads[batch], sources[batch], model)
        token_lists += tokens
        margins.append(margin)
    return token_lists, np.concatenate(margins)


def decode(scores: FloatArray, rows: Windows) -> BoolArray:
    """Return the best path of every cue at once (Viterbi), as True for rows in the content.

    `scores[:, 2 * before + now]` scores the step between two states (0 out, 1 in). The state before the first row is
    out.
    """
    count, longest = len(rows.lengths), int(rows.lengths.max(initial=0))
    path = np.zeros(len(scores), dtype=bool)
    if not longest:
        return path
    # the longest first, so that the cues with another row are always the first ones
    order = np.argsort(-rows.lengths, kind="stable")
    steps, lengths = np.arange(longest)[:, None], rows.lengths[order]
    active_counts = np.searchsorted(-lengths, -steps[:, 0], side="left").tolist()
    places = rows.starts[order] + steps
    step_scores = scores.take(places, axis=0, mode="clip").reshape(longest, count, 2, 2)
    best = np.zeros((count, 2, 1), dtype=np.float32)
    best[:, 1] = -np.inf
    backpointers = np.zeros((longest, count, 2), dtype=bool)
    for step, active in enumerate(active_counts):
        totals = best[:active] + step_scores[step, :active]
        stay, move = totals[:, 0], totals[:, 1]
        np.greater(move, stay, out=backpointers[step, :active])
        np.maximum(stay, move, out=best[:active, :, 0])
    states = np.zeros((longest, count), dtype=bool)
    state = best[:, 1, 0] > best[:, 0, 0]
    for step in range(longest - 1, -1, -1):
        active = active_counts[step]
        now = states[step, :active]
        now[:] = state[:active]
        state[:active] = np.where(now, backpointers[step, :active, 1], backpointers[step, :active, 0])
    is_row = steps < lengths
    path[places[is_row]] = states[is_row]
    return path


def mark_visible_tokens(document: Document) -> BoolArray:
    """Return a mask that is False for the middle of long quoted passages."""
    is_visible = np.ones(len(document.tokens), dtype=bool)
    starts = np.flatnonzero(np.diff(np.r_[0, document.passage_ids]) != 0)
    ends = np.r_[starts[1:], len(is_visible)]
    for start, end in zip(starts, ends, strict=False):
        if document.passage_ids[start] and end - start > 2 * EDGE_TOKENS + 2:
            is_visible[start + EDGE_TOKENS : end - EDGE_TOKENS] = False
    return is_visible


def correct_boundaries(
    document: Document, heads: IntArray, sources: IntArray, tokens: list[IntArray], cue: FloatArray
) -> list[IntArray]:
    """Return the contents with corrected ends, one for each cue head.

    `sources` is each cue's mention, -1 for none. `cue` is each token's probability of being a cue head.
    """
    return [
        _correct_content(document.mentions, clause, source, content) if len(content) else content
        for clause, source, content in zip(find_clauses(document, heads, cue), sources.tolist(), tokens, strict=True)
    ]


def _tag_batch(
    document: Document, heads: IntArray, sources: IntArray, model: LinearModel
) -> tuple[list[IntArray], FloatArray]:
    rows = build_windows(document, heads)
    if not len(rows.token):
        return [np.zeros(0, dtype=np.int64) for _ in heads], np.zeros(len(heads), dtype=np.float32)
    scores = model.compute_scores(hash_features(build_feature_templates(document, heads, sources, rows), model.bits))
    is_content = ensure_not_empty(scores, rows, decode(scores, rows))
    token_lists = [rows.token[a : a + n][is_content[a : a + n]] for a, n in zip(rows.starts, rows.lengths, strict=True)]
    return [_restore_quote_middles(document, tokens) for tokens in token_lists], _compute_margins(
        scores, is_content, rows
    )


def ensure_not_empty(scores: FloatArray, rows: Windows, is_content: BoolArray) -> BoolArray:
    """Give every cue a content: if the best path is empty, raise the score of entering a content until it is not.

    All bonuses are decoded at once, and the lowest one that gives a content counts.
    """
    count = len(rows.lengths)
    is_empty = np.bincount(rows.cue, weights=is_content, minlength=count) == 0
    retry_rows = is_empty[rows.cue]
    if not retry_rows.any():
        return is_content
    tries = len(ENTRY_BONUSES)
    raised_scores = np.tile(scores[retry_rows], (tries, 1, 1))
    raised_scores[:, :, 1] += np.array(ENTRY_BONUSES, dtype=np.float32)[:, None]
    cues, lengths = rows.cue[retry_rows], np.tile(rows.lengths[is_empty], tries)
    tokens, all_cues = np.tile(rows.token[retry_rows], tries), np.tile(cues, tries)
    windows = Windows(tokens, all_cues, np.cumsum(lengths) - lengths, lengths)
    paths = decode(raised_scores.reshape(-1, scores.shape[1]), windows).reshape(tries, -1)
    cells = np.arange(tries)[:, None] * count + cues
    sizes = np.bincount(cells.ravel(), weights=paths.ravel(), minlength=tries * count).reshape(tries, count)
    is_content = is_content.copy()
    is_content[retry_rows] = paths[(sizes > 0).argmax(axis=0)[cues], np.arange(len(cues))]
    return is_content


def _compute_margins(scores: FloatArray, is_content: BoolArray, rows: Windows) -> FloatArray:
    """Return the mean score difference between in and out over a content's rows."""
    gain = np.maximum(scores[:, 1], scores[:, 3]) - np.maximum(scores[:, 0], scores[:, 2])
    total = np.bincount(rows.cue, weights=gain * is_content, minlength=len(rows.lengths))
    return (total / np.maximum(np.bincount(rows.cue, weights=is_content, minlength=len(rows.lengths)), 1)).astype(
        np.float32
    )


def _find_sentence_ranges(document: Document) -> tuple[IntArray, IntArray]:
    """Return the first and last sentence of each sentence's range: it and fully quoted neighbours in its paragraph."""
    count = int(document.sentence[-1]) + 1
    is_punctuation = mark_tags(document.tags, (TAG["''"], TAG["."], TAG[","]))
    is_fully_quoted = (
        np.bincount(document.sentence, weights=(document.passage_ids == 0) & ~is_punctuation, minlength=count) == 0
    )
    line = document.tokens.paragraph[np.searchsorted(document.sentence, np.arange(count))]
    low, high = np.arange(count), np.arange(count)
    for index in range(1, count):
        if is_fully_quoted[index - 1] and line[index - 1] == line[index]:
            low[index] = low[index - 1]
    for index in range(count - 2, -1, -1):
        if is_fully_quoted[index + 1] and line[index + 1] == line[index]:
            high[index] = high[index + 1]
    return low, high


def _restore_quote_middles(document: Document, tokens: IntArray) -> IntArray:
    """Return the content including the middles of its quoted passages."""
    if not len(tokens) or tokens[-1] - tokens[0] == len(tokens) - 1:
        return tokens
    gaps = np.flatnonzero((tokens[1:] - tokens[:-1] > 1) & (document.passage_ids[tokens[:-1]] > 0))
    gaps = gaps[document.passage_ids[tokens[gaps]] == document.passage_ids[tokens[gaps + 1]]]
    if not len(gaps):
        return tokens
    return np.unique(np.concatenate([tokens, *[np.arange(tokens[gap], tokens[gap + 1]) for gap in gaps]]))


def _encode_source_relation(document: Document, mention: IntArray, token: IntArray) -> IntArray:
    """Return the position of a token relative to the source: 0 no source, 1 before, 2 inside, 3 after."""
    if not len(document.mentions):
        return np.zeros(len(token), dtype=np.int64)
    first, last = document.mentions.first[mention], document.mentions.last[mention]
    return np.where(mention < 0, 0, 1 + (token >= first) + (token >= last))


def _count_between(flags: AnyArray, token: IntArray, head: IntArray) -> IntArray:
    total = np.r_[0, np.cumsum(flags)]
    low, high = np.minimum(token, head + 1), np.maximum(token, head)
    count: IntArray = np.maximum(total[high] - total[low], 0)
    return count


def _pad(values: IntArray) -> IntArray:
    result = np.zeros(len(values) + 2, dtype=np.int64)
    result[1:-1] = values
    return result


def _correct_content(mentions: Mentions, clause: Clause, source: int, content: IntArray) -> IntArray:
    tokens = content.tolist()
    if tokens[0] > clause.head:
        corrected_tokens = cut_before_next_verb(clause, extend_over_asides(clause, tokens))
        return content if corrected_tokens is tokens else np.array(corrected_tokens, dtype=np.int64)
    closing_comma = _find_closing_comma(mentions, clause, source) if source >= 0 else -1
    if closing_comma >= 0 and _is_whole_report(clause, tokens, closing_comma):
        return np.arange(clause.start, closing_comma)
    return content


def _find_closing_comma(mentions: Mentions, clause: Clause, source: int) -> int:
    """Return the comma before a cue and source that close the sentence, or -1."""
    first, last = int(mentions.first[source]), int(mentions.last[source])
    before, after = min(first, clause.head), max(last, clause.head + 1)
    is_adjacent = after - before <= last - first + 2
    tail = range(after, clause.end)
    closes_sentence = is_adjacent and len(tail) <= MAX_TAIL_TOKENS + 1 and not clause.has_finite_verb(tail)
    return before - 1 if closes_sentence and before > clause.start + 1 and clause.tags[before - 1] == COMMA else -1


def _is_whole_report(clause: Clause, tokens: list[int], closing_comma: int) -> bool:
    """Whether everything before `closing_comma` is one report: the content ends there and has no insertion."""
    tokens_before = [token for token in tokens if token < closing_comma]
    if (
        not tokens_before
        or tokens_before[-1] != closing_comma - 1
        or any(clause.passage_ids[clause.start : closing_comma])
    ):
        return False
    missing_tokens = range(clause.start, tokens_before[0])
    if any(clause.tags[index] in _ASIDE_TAGS for index in missing_tokens):
        return False
    return COMMA not in clause.tags[clause.start : closing_comma] or not clause.has_rival_cue(missing_tokens)
