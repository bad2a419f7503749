"""Find relayed quotes (“...,” Doe said, according to the Herald: Doe's words, relayed by the Herald) and signatures.

Rule: "according to" outside marks names the relay, if it follows a passage in its sentence or opens that sentence.
(The PolNeAR annotators agree: the relay is the source in 40 of 44 such sentences, even if another person speaks.)
Rule: a signature (“...” — Jane Doe, also on the next line) needs a line with only the quotation and the name. A dash
with the rest of a sentence after it is not a signature.
"""

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.draft_quotation import DraftQuotation
from briefings.attribution.models.pipeline import Analysis
from briefings.text.pos_tagger import VERBS
from briefings.text.tokenizer import WORD, hash_word

#: minimum probability for a verb of saying by the original speaker
MIN_CUE_PROBABILITY = 0.5
#: maximum number of tokens between the passage and such a verb
MAX_CUE_DISTANCE = 8
_ACCORDING, _TO = hash_word("according"), hash_word("to")
#: maximum words after the dash of a signature: name, place, job title
MAX_SIGNATURE_TOKENS = 9
_DASHES = frozenset(["—", "―", "–", "--", "-", "‒"])


def find_relays(document: Document) -> dict[int, int]:
    """Return the mention after "according to" for each relayed passage, by passage number."""
    word = document.shapes[:, WORD]
    is_according_to = (word[:-1] == _ACCORDING) & (word[1:] == _TO) & (document.passage_ids[:-1] == 0)
    relay_by_passage: dict[int, int] = {}
    for index in np.flatnonzero(is_according_to).tolist():
        mention = _find_mention_at(document, index + 2)
        start, end = np.searchsorted(document.sentence, [document.sentence[index], document.sentence[index] + 1])
        before = document.passage_ids[start : end if index == start else index]
        if mention >= 0:
            relay_by_passage |= {number - 1: mention for number in np.unique(before[before > 0]).tolist()}
    return relay_by_passage


def find_original_speaker(analysis: Analysis, draft: DraftQuotation, relay: int) -> tuple[int, int]:
    """Return the original speaker's mention and cue head.

    These are the draft's own, unless its source is the relay and a verb of saying with another source precedes it.
    """
    document, candidates = analysis.document, analysis.candidates
    first, last = document.mentions.first, document.mentions.last
    if not first[relay] <= first[draft.source] < last[relay]:
        return draft.source, draft.cue
    ends = [
        int(np.searchsorted(document.tokens.starts, document.passages[number].outer.end)) for number in draft.passages
    ]
    passage_end = max((end for end in ends if end <= first[relay]), default=first[relay])
    is_between = (candidates.heads >= passage_end) & (
        candidates.heads < min(passage_end + MAX_CUE_DISTANCE, first[relay] - 2)
    )
    is_between &= (
        (candidates.sources >= 0) & (candidates.sources != relay) & (document.passage_ids[candidates.heads] == 0)
    )
    cue_values = np.where(is_between, analysis.signals.cue[candidates.heads], 0)
    if not len(cue_values) or cue_values.max() < MIN_CUE_PROBABILITY:
        return draft.source, draft.cue
    best = int(cue_values.argmax())
    return int(candidates.sources[best]), int(candidates.heads[best])


def find_signatures(document: Document) -> dict[int, int]:
    """Return the mention that signs each signed passage, by passage number."""
    words = document.tokens.words
    line_numbers = document.tokens.paragraph
    starts = {int(first): number for number, first in reversed(list(enumerate(document.mentions.first)))}
    mention_by_passage: dict[int, int] = {}
    for number, passage in enumerate(document.passages):
        dash = int(np.searchsorted(document.tokens.starts, passage.outer.end))
        mention = starts.get(dash + 1, -1)
        if mention < 0 or words[dash] not in _DASHES or document.mentions.form[mention] != MentionForm.NAME:
            continue
        end = int(np.searchsorted(line_numbers, line_numbers[dash], side="right"))
        if (
            end - dash <= MAX_SIGNATURE_TOKENS + 1
            and not np.isin(document.tags[dash + 1 : end], list(VERBS)).any()
            and _is_only_quotation(document, number, dash)
        ):
            mention_by_passage[number] = mention
    return mention_by_passage


def _find_mention_at(document: Document, index: int) -> int:
    """Return the longest mention that begins at token `index`, or -1."""
    low, high = np.searchsorted(document.mentions.first, [index, index + 1]).tolist()
    return max(range(low, high), key=lambda number: int(document.mentions.last[number]), default=-1)


def _is_only_quotation(document: Document, number: int, dash: int) -> bool:
    """Whether the line contains only the quotation, up to the dash."""
    passage = document.passages[number].outer
    first = int(np.searchsorted(document.tokens.paragraph, document.tokens.paragraph[dash - 1]))
    return bool(document.tokens.starts[first] >= passage.start) if dash else False
