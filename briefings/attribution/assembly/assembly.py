"""Makes one list of quotations out of the reported candidates and the quoted passages.

Rule: reported speech first (accept.py), then the passages that none of it has (speeches.py), then whose each is
(subjects.py). Nothing is said twice.

Takes the reported candidates that hold, best first; what overlaps one that was taken is dropped.

Rule: a cue and source that close a sentence behind a comma go first: what they report may hold verbs that report.
"""

from dataclasses import replace
from functools import cache

import numpy as np

from briefings.attribution.assembly.passage_speakers import (
    MAX_NOBODY,
    MIN_RANKED_WORDS,
    SIGNATURE_PROBABILITY,
    apply_signatures,
    assign_passage_sources,
    build_passage_draft,
)
from briefings.attribution.assembly.subject_sharing import (
    find_head_mention,
    find_teller,
    restore_subjects,
    share_subjects,
)
from briefings.attribution.features.document import Document
from briefings.attribution.features.draft_quotation import DraftQuotation, get_passage_tokens
from briefings.attribution.features.transcripts import find_turns
from briefings.attribution.models.pipeline import Analysis
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray

#: a reported candidate less likely than this is dropped
MIN_CONTENT_PROBABILITY = 0.36
#: share of the shorter content that may lie in another quotation's
MAX_OVERLAP = 0.3
#: a cue and source that close a sentence: words that may follow, words of content at least, how likely they are
MAX_TAIL_TOKENS, MIN_CLOSED_TOKENS, CLOSED_PROBABILITY = 4, 5, 0.95
#: how likely "accused Hill of lying" is right (92 of 111 in articles held out)
JUDGING_VERB_PROBABILITY = 0.8


def select_candidates(
    analysis: Analysis, min_probability: float
) -> tuple[list[DraftQuotation], list[DraftQuotation | None]]:
    """The reported candidates that hold, and for each passage the one that has it."""
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


def _raise_sentence_final_cues(analysis: Analysis) -> FloatArray:
    """How likely each candidate is; those first whose cue and source close a sentence behind a comma."""
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
    """The same, raised for verbs of judging that have their object and their reason: "accused Hill of lying"."""
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


def assemble_quotations(
    analysis: Analysis, min_content_probability: float = MIN_CONTENT_PROBABILITY, max_nobody: float = MAX_NOBODY
) -> list[DraftQuotation]:
    """The quotations of one text, in order."""
    document = analysis.document
    drafts, drafts_by_passage = select_candidates(analysis, min_content_probability)
    word_counts = [len(passage.inner.of(document.text).split()) for passage in document.passages]
    analysis = replace(analysis, speaker_ranking=apply_signatures(analysis))
    _add_transcript_turns(analysis, drafts, drafts_by_passage)
    assign_passage_sources(analysis, drafts, word_counts)
    for number in range(len(document.passages)):
        if drafts_by_passage[number] is None:
            passage_draft = build_passage_draft(
                analysis,
                number,
                drafts_by_passage,
                is_short=word_counts[number] < MIN_RANKED_WORDS,
                max_nobody=max_nobody,
            )
            if passage_draft is not None:
                drafts.append(passage_draft)
                drafts_by_passage[number] = passage_draft
    share_subjects(document, drafts)
    restore_subjects(analysis, drafts)
    for draft in drafts:
        draft.source = find_head_mention(document, find_teller(document, draft.source))
        _remove_own_source(document, draft)
    return sorted(drafts, key=lambda draft: (int(draft.tokens[0]), int(draft.tokens[-1])))


def _add_transcript_turns(
    analysis: Analysis, drafts: list[DraftQuotation], drafts_by_passage: list[DraftQuotation | None]
) -> None:
    """A transcript's lines are what they say; whatever else was found in them goes."""
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


def _remove_own_source(document: Document, draft: DraftQuotation) -> None:
    """A quotation that took in its own source ("...,” Walker said, according to ...") keeps what is inside marks."""
    if draft.passages and draft.source >= 0 and not draft.is_turn:
        first = int(document.mentions.first[draft.source])
        is_inside = document.passage_ids[draft.tokens] > 0
        if not document.passage_ids[first] and first in draft.tokens and is_inside.any():
            draft.tokens = draft.tokens[is_inside]
