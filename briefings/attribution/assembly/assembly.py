"""Assemble the final list of quotations from reported candidates and quoted passages.

Rule: reported speech first, best candidate first; a candidate that overlaps an accepted one is dropped. Then the
remaining passages (passage_speakers.py), then shared subjects (subject_sharing.py). Nothing is quoted twice. Rule: a
cue and source that close a sentence after a comma come first, because their content can contain reporting verbs.
"""

from dataclasses import replace
from functools import cache

import numpy as np

from briefings.attribution.assembly.framed_quotes import find_framed_speakers
from briefings.attribution.assembly.passage_speakers import (
    MAX_NO_SPEAKER,
    MIN_RANKED_WORDS,
    SIGNATURE_PROBABILITY,
    apply_signatures,
    assign_passage_sources,
    build_passage_draft,
)
from briefings.attribution.assembly.subject_sharing import (
    find_head_mention,
    find_outer_subject,
    find_teller,
    restore_subjects,
    share_subjects,
)
from briefings.attribution.assembly.unspoken_passages import find_unspoken_passages
from briefings.attribution.features.document import Document
from briefings.attribution.features.draft_quotation import DraftQuotation, get_passage_tokens
from briefings.attribution.features.transcripts import find_turns
from briefings.attribution.models.pipeline import Analysis
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray

#: a reported candidate with a lower probability is dropped
MIN_CONTENT_PROBABILITY = 0.36
#: maximum share of the shorter content that can overlap another quotation
MAX_OVERLAP = 0.3
#: a cue and source that close a sentence: maximum words after them, minimum words of content, probability
MAX_TAIL_TOKENS, MIN_CLOSED_TOKENS, CLOSED_PROBABILITY = 4, 5, 0.95
#: probability of a cue that reports a title among other words
MIN_REPORTING_CUE = 0.5
#: probability that "accused Hill of lying" is right (92 of 111 in validation articles)
JUDGING_VERB_PROBABILITY = 0.8


def select_candidates(
    analysis: Analysis, min_probability: float
) -> tuple[list[DraftQuotation], list[DraftQuotation | None]]:
    """Return the accepted reported candidates, and for each passage the candidate that covers it (None if none)."""
    document, candidates = analysis.document, analysis.candidates
    draft_numbers = np.full(len(document.tokens), -1)
    drafts_by_passage: list[DraftQuotation | None] = [None] * len(document.passages)
    drafts: list[DraftQuotation] = []
    probabilities = _raise_judging_verbs(analysis, _raise_sentence_final_cues(analysis))
    for index in np.argsort(-probabilities, kind="stable"):
        tokens, probability = candidates.tokens[index], float(probabilities[index])
        if probability < min_probability or not len(tokens):
            continue
        overlap_numbers = draft_numbers[tokens]
        overlap_numbers = overlap_numbers[overlap_numbers >= 0]
        if len(overlap_numbers):
            min_tokens = min(len(tokens), *(len(drafts[k].tokens) for k in np.unique(overlap_numbers)))
            if len(overlap_numbers) > MAX_OVERLAP * min_tokens:
                continue
        draft = DraftQuotation(
            tokens,
            int(candidates.sources[index]),
            int(candidates.heads[index]),
            probability,
            float(candidates.source_probabilities[index]),
        )
        draft_numbers[tokens] = len(drafts)
        drafts.append(draft)
        _claim_passages(document, draft, drafts_by_passage)
    return drafts, drafts_by_passage


def assemble_quotations(
    analysis: Analysis, min_content_probability: float = MIN_CONTENT_PROBABILITY, max_no_speaker: float = MAX_NO_SPEAKER
) -> list[DraftQuotation]:
    """Return the quotations of one text, in order. The thresholds can be set for calibration."""
    document = analysis.document
    drafts, drafts_by_passage = select_candidates(analysis, min_content_probability)
    word_counts = [len(passage.inner.of(document.text).split()) for passage in document.passages]
    analysis = replace(analysis, speaker_ranking=apply_signatures(analysis))
    _add_transcript_turns(analysis, drafts, drafts_by_passage)
    unspoken_passages = find_unspoken_passages(document)
    drafts = [draft for draft in drafts if not _is_only_title(analysis, draft, unspoken_passages)]
    assign_passage_sources(analysis, drafts, word_counts)
    for number in range(len(document.passages)):
        if drafts_by_passage[number] is None and number not in unspoken_passages:
            passage_draft = build_passage_draft(
                analysis,
                number,
                drafts_by_passage,
                is_short=word_counts[number] < MIN_RANKED_WORDS,
                max_no_speaker=max_no_speaker,
            )
            if passage_draft is not None:
                drafts.append(passage_draft)
                drafts_by_passage[number] = passage_draft
    share_subjects(document, drafts)
    restore_subjects(analysis, drafts)
    framed_speakers = set(find_framed_speakers(document).values())
    for draft in drafts:
        if draft.source not in framed_speakers:
            source = find_outer_subject(document, find_teller(document, draft.source), draft.cue)
            draft.source = find_head_mention(document, source)
        _remove_own_source(document, draft)
    return sorted(drafts, key=lambda draft: (int(draft.tokens[0]), int(draft.tokens[-1])))


def _raise_sentence_final_cues(analysis: Analysis) -> FloatArray:
    """Return each candidate's probability, raised if its cue and source close a sentence after a comma."""
    document, candidates = analysis.document, analysis.candidates
    probabilities = analysis.candidate_probabilities.copy()
    ends = (
        np.searchsorted(document.sentence, document.sentence[candidates.heads], side="right")
        if len(candidates.heads)
        else candidates.heads
    )
    for index, (head, source, end) in enumerate(
        zip(candidates.heads.tolist(), candidates.sources.tolist(), ends.tolist(), strict=True)
    ):
        if (
            source >= 0
            and probabilities[index] >= MIN_CONTENT_PROBABILITY
            and len(candidates.tokens[index]) >= MIN_CLOSED_TOKENS
        ):
            first, last = int(document.mentions.first[source]), int(document.mentions.last[source])
            before, after = min(first, head), max(last, head + 1)
            is_adjacent = max(first, head + 1) - min(last - 1, head) <= 2 and candidates.tokens[index][-1] < before
            if is_adjacent and end - after <= MAX_TAIL_TOKENS and document.tokens.words[before - 1] == ",":
                probabilities[index] = max(probabilities[index], CLOSED_PROBABILITY)
    return probabilities


def _raise_judging_verbs(analysis: Analysis, probabilities: FloatArray) -> FloatArray:
    """Return the probabilities, raised for verbs of judging with object and reason: "accused Hill of lying"."""
    document, candidates, result = analysis.document, analysis.candidates, probabilities.copy()
    words = document.tokens.words
    for index, (head, tokens) in enumerate(zip(candidates.heads.tolist(), candidates.tokens, strict=True)):
        if (
            result[index] < JUDGING_VERB_PROBABILITY
            and len(tokens)
            and tokens[0] == head + 1
            and words[head].lower() in _load_judging_verbs()
        ):
            word_pairs = {f"{words[head]} {words[token]}".lower() for token in tokens[1:].tolist()}
            result[index] = (
                result[index] if word_pairs.isdisjoint(lexicon.load_words("complements")) else JUDGING_VERB_PROBABILITY
            )
    return result


@cache
def _load_judging_verbs() -> frozenset[str]:
    return frozenset(entry.split()[0] for entry in lexicon.load_words("complements"))


def _claim_passages(document: Document, draft: DraftQuotation, drafts_by_passage: list[DraftQuotation | None]) -> None:
    passage_ids = document.passage_ids[draft.tokens]
    for number in np.unique(passage_ids[passage_ids > 0]) - 1:
        width = len(get_passage_tokens(document, number))
        if drafts_by_passage[number] is None and 2 * int((passage_ids == number + 1).sum()) >= width:
            drafts_by_passage[number] = draft
            draft.passages.append(int(number))


def _add_transcript_turns(
    analysis: Analysis, drafts: list[DraftQuotation], drafts_by_passage: list[DraftQuotation | None]
) -> None:
    """Add each line of a transcript as a quotation. It replaces other quotations found in the line."""
    transcript_turns = find_turns(analysis.document)
    if not transcript_turns:
        return
    line_numbers = analysis.document.tokens.paragraph
    turn_lines = {int(line_numbers[turn.first]) for turn in transcript_turns}
    drafts[:] = [draft for draft in drafts if int(line_numbers[draft.tokens[0]]) not in turn_lines]
    for turn in transcript_turns:
        draft = DraftQuotation(
            np.arange(turn.first, turn.last),
            turn.mention,
            -1,
            SIGNATURE_PROBABILITY,
            SIGNATURE_PROBABILITY if turn.mention >= 0 else 0.0,
            is_turn=True,
        )
        drafts.append(draft)
        passage_ids = analysis.document.passage_ids[turn.first : turn.last]
        for number in np.unique(passage_ids[passage_ids > 0]) - 1:
            drafts_by_passage[number] = draft


def _is_only_title(analysis: Analysis, draft: DraftQuotation, unspoken_passages: frozenset[int]) -> bool:
    """Whether a quotation holds nothing but titles in marks, or is no report at all: wore a “Keep Easton Green” hat."""
    if draft.is_turn or not draft.passages or not unspoken_passages.issuperset(draft.passages):
        return False
    if draft.cue >= 0 and analysis.signals.cue[draft.cue] < MIN_REPORTING_CUE:
        return True
    document = analysis.document
    outside = draft.tokens[document.passage_ids[draft.tokens] == 0]
    return not any(any(map(str.isalnum, document.tokens.words[token])) for token in outside.tolist())


def _remove_own_source(document: Document, draft: DraftQuotation) -> None:
    """Keep only the words inside marks if a quotation includes its source ("...,” Walker said, according to ...")."""
    if draft.passages and draft.source >= 0 and not draft.is_turn:
        first = int(document.mentions.first[draft.source])
        is_inside = document.passage_ids[draft.tokens] > 0
        if not document.passage_ids[first] and first in draft.tokens and is_inside.any():
            draft.tokens = draft.tokens[is_inside]
