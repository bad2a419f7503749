"""Correct the source of a report by grammar: shared subjects, speaker and listener of "told", heads of phrases.

Rule: only the mentions of one sentence count. The models chose the most likely mention before.
"""

from collections.abc import Sequence

import numpy as np

from briefings.attribution.features.clause import find_link_before
from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.draft_quotation import DraftQuotation
from briefings.attribution.models.pipeline import Analysis
from briefings.text.pos_tagger import TAG, VERBS

#: with a lower probability, "no speaker" is not a reliable answer
UNSURE_PROBABILITY = 0.55
#: from this probability on, a participle with an unsure source takes the source before it
SURE_PROBABILITY = 0.8
_FINITE_TAGS = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "VBP"))
_AUXILIARY_TAGS = frozenset(TAG[tag] for tag in ("RB", "MD", "VBD", "VBZ", "VBP", "VBN"))
_TELL_FORMS = frozenset(["tell", "tells", "told", "telling"])


def share_subjects(document: Document, drafts: Sequence[DraftQuotation]) -> None:
    """Give a verb without a subject the source of the report before it in the sentence.

    Such a verb is an infinitive, a participle, or a verb after "and" without a likely source. If the previous source
    is far more certain, a participle after a comma counts too ("Hill denied the charge, saying ...").
    """
    last_by_sentence: dict[int, DraftQuotation] = {}
    for draft in sorted((draft for draft in drafts if draft.cue >= 0), key=lambda draft: draft.cue):
        previous_draft = last_by_sentence.get(int(document.sentence[draft.cue]))
        has_no_subject = document.tags[draft.cue] in (TAG["VBG"], TAG["VB"]) or _is_joined_by_conjunction(
            document, draft.cue
        )
        if draft.source < 0 and draft.source_probability < UNSURE_PROBABILITY and has_no_subject:
            draft.source = previous_draft.source if previous_draft else -1
        elif (
            previous_draft
            and draft.source_probability < UNSURE_PROBABILITY
            and not draft.passages
            and _inherits_source(document, previous_draft, draft)
        ):
            draft.source = previous_draft.source
        if draft.source >= 0:
            last_by_sentence[int(document.sentence[draft.cue])] = draft


def restore_subjects(analysis: Analysis, drafts: Sequence[DraftQuotation]) -> None:
    """Replace an object by the subject: in "Doe was heard responding in one of the videos, saying ...", Doe speaks."""
    document, candidates = analysis.document, analysis.candidates
    for draft in drafts:
        cue, first = draft.cue, int(document.mentions.first[draft.source]) if draft.source >= 0 else 0
        if cue < 2 or document.tags[cue] != TAG["VBG"] or document.tokens.words[cue - 1] != "," or not 0 < first < cue:
            continue
        if document.mentions.form[draft.source] != MentionForm.NOMINAL or document.tags[first - 1] != TAG["IN"]:
            continue
        earlier_cues = np.flatnonzero(
            (candidates.heads < first) & (document.sentence[candidates.heads] == document.sentence[cue])
        )
        for index in earlier_cues[::-1]:
            source = int(candidates.sources[index])
            if source >= 0 and document.mentions.form[source] in (MentionForm.NAME, MentionForm.PRONOUN):
                draft.source = source
                break


def find_teller(document: Document, number: int) -> int:
    """Return the speaker instead of the listener: in "Jane Doe told Smith", never Smith."""
    mentions, first = document.mentions, int(document.mentions.first[number]) if number >= 0 else 0
    if first < 2 or document.tokens.words[first - 1].lower() not in _TELL_FORMS:
        return number
    for candidate in range(number - 1, max(number - 8, -1), -1):
        head = int(mentions.head[candidate])
        if document.sentence[head] != document.sentence[first]:
            break
        if (
            mentions.form[candidate] in (MentionForm.NAME, MentionForm.PRONOUN)
            and not document.passage_ids[head]
            and mentions.last[candidate] < first
        ):
            return candidate
    return number


def find_head_mention(document: Document, number: int) -> int:
    """Return the head mention of a phrase: "allies" in "allies of the leader", "man" in "a man close to the talks"."""
    mentions = document.mentions
    for _ in range(2):
        first, candidate = int(mentions.first[number]) if number > 0 else 0, number - 1
        end = find_link_before(document, first)
        if end < 1 or document.sentence[first] != document.sentence[end - 1]:
            return number
        while candidate > 0 and mentions.form[candidate] == MentionForm.POSSESSOR:
            candidate -= 1
        is_head = int(mentions.last[candidate]) == end and mentions.form[candidate] in (
            MentionForm.NOMINAL,
            MentionForm.BARE,
        )
        if candidate < 0 or not is_head or (document.passage_ids[first] > 0) != (document.passage_ids[end - 1] > 0):
            return number
        number = candidate
    return number


def _inherits_source(document: Document, previous_draft: DraftQuotation, draft: DraftQuotation) -> bool:
    """Whether a report with an unsure source takes the previous one. The mention between them is then an object."""
    if _is_joined_by_conjunction(document, draft.cue):
        return (
            int(document.mentions.first[draft.source]) > previous_draft.cue and document.tags[draft.cue] in _FINITE_TAGS
        )
    return previous_draft.source_probability >= SURE_PROBABILITY and _is_participle_cue(document, draft.cue)


def _is_participle_cue(document: Document, cue: int) -> bool:
    """Whether a cue is a participle after a comma. "According" never shares the subject of the verb before it."""
    is_after_comma = cue > 0 and document.tags[cue - 1] == TAG[","]
    return is_after_comma and document.tags[cue] == TAG["VBG"] and document.tokens.words[cue].lower() != "according"


def _is_joined_by_conjunction(document: Document, cue: int) -> bool:
    """Whether a conjunction joins the cue to the verb before, ignoring adverbs and auxiliaries: "and have blamed"."""
    index = cue - 1 if document.tags[cue] in VERBS else 0
    while index > 0 and document.tags[index] in _AUXILIARY_TAGS and document.sentence[index] == document.sentence[cue]:
        index -= 1
    return index > 0 and document.tags[index] == TAG["CC"] and document.sentence[index] == document.sentence[cue]
