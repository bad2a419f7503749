"""Takes the reported candidates that hold, best first; what overlaps one that was taken is dropped.

Rule: a cue and source that close a sentence behind a comma go first: what they report may hold verbs that report.
"""

from functools import cache

import numpy as np

from briefings.quotes.engine import Analysis
from briefings.quotes.found import DraftQuotation, get_passage_tokens
from briefings.quotes.parse import Document
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
