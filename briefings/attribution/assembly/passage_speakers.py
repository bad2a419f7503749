"""Assign speakers to quoted passages: in reported contents, and as quotations without a reporting cue.

Rule: for a passage of four words or more, the speaker ranker decides. For a shorter passage it decides only if no cue
reports the passage.
"""

from dataclasses import replace

import numpy as np

from briefings.attribution.assembly.framed_quotes import find_framed_speakers
from briefings.attribution.assembly.relayed_quotes import find_signatures
from briefings.attribution.features.document import Document
from briefings.attribution.features.draft_quotation import DraftQuotation, get_passage_tokens
from briefings.attribution.models.pipeline import Analysis
from briefings.attribution.models.speaker_ranker import SpeakerRanking
from briefings.text.learned_models import FloatArray, IntArray

#: a passage of four words or more is dropped if the probability of no speaker is higher
MAX_NO_SPEAKER = 0.6
#: the same for shorter passages (scare quotes, titles)
MAX_NO_SPEAKER_SHORT = 0.2
MIN_RANKED_WORDS = 4
#: maximum number of cues examined near a passage
MAX_NEAR_CUES = 30
#: probability that a signature names the speaker
SIGNATURE_PROBABILITY = 0.97


def apply_signatures(analysis: Analysis) -> SpeakerRanking:
    """Return the ranking with signatures and set phrases applied.

    A continued paragraph gets the speaker of the paragraph before.
    """
    ranking = analysis.speaker_ranking
    signature_by_passage = {**find_framed_speakers(analysis.document), **find_signatures(analysis.document)}
    best_mentions, best_probabilities, no_speaker_probabilities = (
        ranking.best_mentions.copy(),
        ranking.best_probabilities.copy(),
        ranking.no_speaker_probabilities.copy(),
    )
    for number, passage in enumerate(analysis.document.passages):
        if number in signature_by_passage:
            best_mentions[number], best_probabilities[number], no_speaker_probabilities[number] = (
                signature_by_passage[number],
                SIGNATURE_PROBABILITY,
                1 - SIGNATURE_PROBABILITY,
            )
        elif passage.is_continuation and number:
            best_mentions[number], best_probabilities[number], no_speaker_probabilities[number] = (
                best_mentions[number - 1],
                best_probabilities[number - 1],
                no_speaker_probabilities[number - 1],
            )
    return replace(
        ranking,
        best_mentions=best_mentions,
        best_probabilities=best_probabilities,
        no_speaker_probabilities=no_speaker_probabilities,
        row_shares=_move_row_shares(ranking, signature_by_passage),
    )


def _move_row_shares(ranking: SpeakerRanking, signature_by_passage: dict[int, int]) -> FloatArray:
    """Return the shares of all mentions, where a signature's mention takes nearly all of its passage's."""
    shares = ranking.row_shares.copy()
    for number, mention in signature_by_passage.items():
        low, high = np.searchsorted(ranking.row_passages, [number, number + 1]).tolist()
        is_signature = ranking.row_mentions[low:high] == mention
        if is_signature.any():
            shares[low:high] = np.where(
                is_signature, SIGNATURE_PROBABILITY, shares[low:high] * (1 - SIGNATURE_PROBABILITY)
            )
    return shares


def assign_passage_sources(analysis: Analysis, drafts: list[DraftQuotation], word_counts: list[int]) -> None:
    """Set each quotation's source from its longest passage, if that is long enough for a reliable ranking."""
    ranking = analysis.speaker_ranking
    for draft in drafts:
        if draft.passages:
            number = max(draft.passages, key=lambda k: word_counts[k])
            if (
                word_counts[number] >= MIN_RANKED_WORDS
                and ranking.best_mentions[number] >= 0
                and ranking.best_mentions[number] != draft.source
            ):
                draft.source, draft.source_probability = (
                    int(ranking.best_mentions[number]),
                    float(ranking.best_probabilities[number]),
                )
            elif word_counts[number] >= MIN_RANKED_WORDS:
                draft.source_probability = float(ranking.best_probabilities[number])


def build_passage_draft(
    analysis: Analysis,
    number: int,
    drafts_by_passage: list[DraftQuotation | None],
    *,
    is_short: bool,
    max_no_speaker: float,
) -> DraftQuotation | None:
    """Return a new quotation for a passage without an accepted cue, or None.

    Returns None if it joined the passage to the previous quotation, or if the passage probably has no speaker.
    """
    ranking, document = analysis.speaker_ranking, analysis.document
    tokens = get_passage_tokens(document, number)
    source = int(ranking.best_mentions[number])
    if not len(tokens) or ranking.no_speaker_probabilities[number] > (
        MAX_NO_SPEAKER_SHORT if is_short else max_no_speaker
    ):
        return None
    previous_draft = drafts_by_passage[number - 1] if number else None
    if (
        previous_draft is not None
        and previous_draft.source == source
        and source >= 0
        and _is_same_paragraph(document, previous_draft.tokens, tokens)
    ):
        previous_draft.tokens = np.union1d(previous_draft.tokens, tokens)
        previous_draft.passages.append(number)
        drafts_by_passage[number] = previous_draft
        return None
    return DraftQuotation(
        tokens,
        source,
        _find_cue(analysis, tokens, source),
        float(1 - ranking.no_speaker_probabilities[number]),
        float(ranking.best_probabilities[number]),
        [number],
        is_doubtful=not is_short and bool(ranking.no_speaker_probabilities[number] > MAX_NO_SPEAKER),
    )


def _is_same_paragraph(document: Document, previous_tokens: IntArray, tokens: IntArray) -> bool:
    return bool(document.tokens.paragraph[previous_tokens[-1]] == document.tokens.paragraph[tokens[0]])


def _find_cue(analysis: Analysis, tokens: IntArray, source: int) -> int:
    """Return the most likely cue of this source in or near the passage's sentence, or -1."""
    candidates = analysis.candidates
    best_weight, best_cue = 0.0, -1
    sentences = analysis.document.sentence[candidates.heads]
    low = int(np.searchsorted(sentences, analysis.document.sentence[tokens[0]] - 1))
    high = int(np.searchsorted(sentences, analysis.document.sentence[tokens[-1]] + 1, side="right"))
    for index in range(low, min(high, low + MAX_NEAR_CUES)):
        if candidates.sources[index] != source:
            continue
        weight = float(analysis.signals.cue[candidates.heads[index]])
        if weight > best_weight:
            best_weight, best_cue = weight, int(candidates.heads[index])
    return best_cue
