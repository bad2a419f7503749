"""Score every token as the head of a cue: "said", "according", "accused", "statement".

Rule: one linear model over hashed features of the token and its neighbours, for all tokens of an article at once.
"""

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import AnyArray, FloatArray, IntArray, LinearModel, hash_features, shift_values
from briefings.text.pos_tagger import TAG, mark_tags
from briefings.text.tokenizer import FIRST_UPPER, STEM, SUFFIX3, WORD, hash_word

_THAT = hash_word("that")
_CHAIN_TAGS = tuple(TAG[name] for name in ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD", "TO"))
_MARK_HASHES = [hash_word(mark) for mark in '“”"‘`']


def score_cues(document: Document, model: LinearModel) -> FloatArray:
    """Return each token's probability of being the head of a cue."""
    if not len(document.tokens):
        return np.zeros(0, dtype=np.float32)
    return model.predict_probability(hash_features(build_feature_templates(document), model.bits))


def build_feature_templates(document: Document) -> list[list[AnyArray]]:
    """Build the features of every token."""
    word, stem, suffix = (document.shapes[:, column] for column in (WORD, STEM, SUFFIX3))
    tags, group = document.tags + 1, document.sentence
    inside = (document.passage_ids > 0).astype(np.int64)
    w = {offset: shift_values(word, offset, group) for offset in (-3, -2, -1, 1, 2, 3)}
    t = {offset: shift_values(tags, offset, group) for offset in (-3, -2, -1, 0, 1, 2, 3)}
    s = {offset: shift_values(stem, offset, group) for offset in (-1, 1)}
    mention_before, mention_after = _encode_mention_before(document), _encode_mention_after(document)
    quote_code = _encode_nearby_quotes(document)
    subject = mention_before + 16 * inside
    that_follows = _has_flag_within(word == _THAT, 4, group)
    distance_from_start = np.minimum(_count_from_start(group), 6)
    verb_chain = _encode_verb_chain(tags, t)
    is_capitalised = document.shapes[:, FIRST_UPPER]
    return [
        [word], [word, t[0]], [stem], [stem, t[0]], [suffix, t[0]], [t[0], inside], [stem, w[1]], [stem, w[-1]],
        [stem, t[1]], [stem, t[-1]], [stem, t[-1], t[1]], [stem, subject], [stem, mention_after], [stem, quote_code],
        [stem, that_follows], [stem, inside], [stem, distance_from_start == 0, is_capitalised], [stem, verb_chain],
        [w[-1], t[0], w[1]], [w[-1], t[0]], [t[0], w[1]], [w[-2], w[-1], t[0]], [t[0], w[1], w[2]], [stem, w[1], w[2]],
        [stem, w[-1], w[-2]], [t[-1], t[0], t[1]], [t[-2], t[-1], t[0]], [t[0], t[1], t[2]],
        [t[-2], t[-1], t[0], t[1], t[2]], [t[0], subject, quote_code], [t[0], subject, mention_after],
        [t[0], that_follows, subject], [t[0], distance_from_start], [s[-1], t[0]], [s[1], t[0]], [t[0], w[-3]],
        [t[0], w[3]], [t[0], w[2]], [t[0], w[-2]], [suffix, quote_code, mention_before],
        [suffix, mention_after, mention_before], [t[0], verb_chain, mention_after],
        [stem, mention_after, mention_before, that_follows], [t[0], quote_code, distance_from_start],
        [stem, t[1], t[2]],
    ]  # fmt: skip


def _encode_mention_before(document: Document) -> IntArray:
    """Return the form of the mention that ends before each token, skipping adverbs and auxiliaries (adds 8)."""
    result = np.zeros(len(document.tokens), dtype=np.int64)
    result[np.minimum(document.mentions.last, len(result) - 1)] = document.mentions.form
    return _carry_over_tags(result, document, (TAG["RB"], TAG["MD"], TAG["VBZ"], TAG["VBD"], TAG["VBP"]), step=1)


def _encode_mention_after(document: Document) -> IntArray:
    result = np.zeros(len(document.tokens), dtype=np.int64)
    starts = document.mentions.first - 1
    is_valid = starts >= 0
    result[starts[is_valid]] = document.mentions.form[is_valid]
    return result


def _carry_over_tags(values: IntArray, document: Document, skipped_tags: tuple[int, ...], step: int) -> IntArray:
    """Copy a value over at most three tokens with `skipped_tags`. A copied value is 8 higher."""
    is_skipped = mark_tags(document.tags, skipped_tags)
    for _ in range(3):
        shifted_values = np.where(
            shift_values(is_skipped.astype(np.int64), -step, document.sentence) > 0,
            shift_values(values, -step, document.sentence),
            0,
        )
        shifted_values = np.where((shifted_values > 0) & (shifted_values < 8), shifted_values + 8, shifted_values)
        values = np.where(values > 0, values, shifted_values)
    return values


def _encode_nearby_quotes(document: Document) -> IntArray:
    """Return bits: mark within two tokens before, within two after, passage in the sentence, colon next, comma next."""
    is_mark = np.isin(document.shapes[:, WORD], _MARK_HASHES)
    group = document.sentence
    count = group[-1] + 1
    has_passage = (np.bincount(group, weights=document.passage_ids > 0, minlength=count) > 0)[group].astype(np.int64)
    has_colon = shift_values((document.tags == TAG[":"]).astype(np.int64), 1, group)
    has_comma = shift_values((document.tags == TAG[","]).astype(np.int64), 1, group)
    code: IntArray = (
        _has_flag_within(is_mark, -2, group)
        + 2 * _has_flag_within(is_mark, 2, group)
        + 4 * has_passage
        + 8 * has_colon
        + 16 * has_comma
    )
    return code


def _has_flag_within(flags: AnyArray, reach: int, group: IntArray) -> IntArray:
    """Return 1 where a flag is set within `reach` tokens after (before, if negative)."""
    step = 1 if reach > 0 else -1
    total = np.zeros(len(flags), dtype=np.int64)
    for offset in range(step, reach + step, step):
        total |= shift_values(flags.astype(np.int64), offset, group)
    return total


def _count_from_start(group: IntArray) -> IntArray:
    """Count the tokens of the same group before each token."""
    starts = np.r_[0, np.flatnonzero(np.diff(group)) + 1]
    distances: IntArray = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    return distances


def _encode_verb_chain(tags: IntArray, tags_by_offset: dict[int, AnyArray]) -> IntArray:
    """Return the tags of the verbs directly before and after: "is expected to", "has said", "went on to say"."""
    is_verb = mark_tags(tags - 1, _CHAIN_TAGS)
    group = np.zeros(len(tags), dtype=np.int64)
    tag_before = np.where(shift_values(is_verb.astype(np.int64), -1, group) > 0, tags_by_offset[-1], 0)
    tag_after = np.where(shift_values(is_verb.astype(np.int64), 1, group) > 0, tags_by_offset[1], 0)
    return tag_before * 32 + tag_after
