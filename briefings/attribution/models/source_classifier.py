"""Score every mention as the source of an attribution, as a first guess for the rankers.

Rule: one linear model over hashed features of the mention and its neighbours, for all mentions of an article at once.
"""

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import AnyArray, FloatArray, LinearModel, hash_features
from briefings.text.tokenizer import STEM, WORD


def score_sources(document: Document, cue: FloatArray, model: LinearModel) -> FloatArray:
    """Return each mention's probability of being the source of an attribution."""
    if not len(document.mentions):
        return np.zeros(0, dtype=np.float32)
    return model.predict_probability(hash_features(build_feature_templates(document, cue), model.bits))


def build_feature_templates(document: Document, cue: FloatArray) -> list[list[AnyArray]]:
    """Build the features of every mention, one list of codes for each template.

    `cue` holds the probability of each token being a cue. It is grouped into six levels.
    """
    first, last, head, form = (getattr(document.mentions, name) for name in ("first", "last", "head", "form"))
    edge = np.zeros(4, dtype=np.int64)
    word = np.r_[edge, document.shapes[:, WORD], edge]
    stem = np.r_[edge, document.shapes[:, STEM], edge]
    tag = np.r_[edge, document.tags + 1, edge]
    level = np.r_[edge, 1 + np.digitize(cue, (0.03, 0.15, 0.4, 0.7, 0.93)), edge]
    first, last, head = first + 4, last + 4, head + 4
    inside = np.r_[edge, (document.passage_ids > 0).astype(np.int64), edge]
    form_code = inside[head] * 8 + form
    context_code = inside[first - 1] * 2 + inside[last]
    return [
        [form_code],
        [word[head], form],
        [stem[head]],
        [form_code, level[last]],
        [form_code, level[first - 1]],
        [form_code, level[last], level[last + 1]],
        [form_code, level[first - 1], level[first - 2]],
        [form_code, level[last], level[last + 1], level[last + 2]],
        [word[head], level[last]],
        [word[head], level[first - 1]],
        [form_code, word[last]],
        [form_code, word[first - 1]],
        [form_code, tag[last]],
        [form_code, tag[first - 1]],
        [form_code, tag[last], tag[last + 1]],
        [form_code, tag[first - 1], tag[first - 2]],
        [form_code, stem[last], level[last]],
        [form_code, stem[first - 1], level[first - 1]],
        [form_code, word[first - 1], word[first - 2]],
        [form_code, word[last], word[last + 1]],
        [word[first], form],
        [form_code, stem[last + 1], level[last + 1]],
        [form_code, tag[first - 1], level[last]],
        [form_code, tag[last], level[last + 1], tag[first - 1]],
        [form_code, context_code, level[last], level[first - 1]],
        [form_code, stem[last + 2], level[last + 2]],
    ]
