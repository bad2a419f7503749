"""Makes one list of quotations out of the reported candidates and the quoted passages.

Rule: reported speech first (accept.py), then the passages that none of it has (speeches.py), then whose each is
(subjects.py). Nothing is said twice.
"""

from dataclasses import replace

import numpy as np

from briefings.quotes.accept import MIN_CONTENT_PROBABILITY, select_candidates
from briefings.quotes.engine import Analysis
from briefings.quotes.found import DraftQuotation
from briefings.quotes.parse import Document
from briefings.quotes.speeches import (
    MAX_NOBODY,
    MIN_RANKED_WORDS,
    SIGNATURE_PROBABILITY,
    apply_signatures,
    assign_passage_sources,
    build_passage_draft,
)
from briefings.quotes.subjects import find_head_mention, find_teller, restore_subjects, share_subjects
from briefings.quotes.turns import find_turns


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
