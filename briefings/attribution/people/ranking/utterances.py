"""What there is to attribute: the quoted passages and the reported quotations, with the mentions that may be meant.

Rule: a passage takes the shares of the mention ranker. Where the grammar corrected the source of its quotation, the
best mention's share goes to the corrected one.
"""

from collections.abc import Sequence

import numpy as np

from briefings.attribution.features.draft_quotation import DraftQuotation
from briefings.attribution.models.pipeline import Analysis
from briefings.attribution.models.speaker_ranker import build_passage_anchors
from briefings.attribution.people.ranking.entity_table import Utterance
from briefings.text.learned_models import FloatArray, IntArray

#: mentions kept for one utterance
MAX_MENTIONS = 6


def build_passage_utterances(analysis: Analysis, drafts: Sequence[DraftQuotation]) -> list[Utterance]:
    """Return one utterance for each passage, in order."""
    document, ranking = analysis.document, analysis.speaker_ranking
    anchors = build_passage_anchors(document)
    draft_by_passage = {number: draft for draft in drafts for number in draft.passages}
    starts = np.searchsorted(ranking.row_passages, np.arange(len(anchors) + 1))
    utterances: list[Utterance] = []
    for number, passage in enumerate(document.passages):
        part = slice(int(starts[number]), int(starts[number + 1]))
        mentions, shares = ranking.row_mentions[part], ranking.row_shares[part]
        nobody = float(shares[mentions < 0].sum())
        order = np.argsort(np.where(mentions < 0, 1.0, -shares), kind="stable")[:MAX_MENTIONS]
        order = order[mentions[order] >= 0]
        mentions, shares = mentions[order], shares[order].astype(np.float32)
        draft = draft_by_passage.get(number)
        support = draft.content_probability if draft is not None else 0.0
        if passage.is_continuation and utterances:
            before = utterances[-1]
            mentions, shares, nobody = before.mentions, before.shares, before.nobody_share
        elif draft is not None and draft.source >= 0 and (not len(mentions) or draft.source != mentions[0]):
            mentions, shares = _move_share(mentions, shares, draft.source, draft.source_probability)
        utterances.append(
            Utterance(int(anchors.first[number]), int(anchors.last[number]), mentions, shares, nobody, support)
        )
    return utterances


def build_draft_utterance(draft: DraftQuotation) -> Utterance:
    """Return the utterance of a reported quotation: only its source may be meant."""
    return Utterance(
        int(draft.tokens[0]),
        int(draft.tokens[-1]) + 1,
        np.array([draft.source], dtype=np.int64),
        np.array([draft.source_probability], dtype=np.float32),
        0.0,
        draft.content_probability,
    )


def _move_share(mentions: IntArray, shares: FloatArray, source: int, probability: float) -> tuple[IntArray, FloatArray]:
    """Give the best mention's share to the corrected source."""
    best = float(shares[0]) if len(shares) else probability
    rest = mentions != source
    if len(rest):
        rest[0] = False
    return np.r_[source, mentions[rest]], np.r_[np.float32(best), shares[rest]].astype(np.float32)
