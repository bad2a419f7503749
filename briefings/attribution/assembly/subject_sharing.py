"""Correct the source of a report by grammar: shared subjects, speaker and listener of "told", relative
clauses, heads of phrases.

Rule: only the mentions of one sentence count. The models chose the most likely mention before.
"""

from collections.abc import Sequence

import numpy as np

from briefings.attribution.features.clause import find_link_before
from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.draft_quotation import DraftQuotation
from briefings.attribution.models.pipeline import Analysis
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG, VERBS

#: mentions between a relative pronoun and the end of its clause
MAX_RELATIVE_DISTANCE = 24
#: with a lower probability, "no speaker" is not a reliable answer
UNSURE_PROBABILITY = 0.55
#: from this probability on, a participle with an unsure source takes the source before it
SURE_PROBABILITY = 0.8
_FINITE_TAGS = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "VBP"))
_AUXILIARY_TAGS = frozenset(TAG[tag] for tag in ("RB", "MD", "VBD", "VBZ", "VBP", "VBN"))
_SUBJECT_PRONOUNS = (MentionForm.PRONOUN, MentionForm.RELATIVE)
#: signs and words after which another clause begins
_CLAUSE_ENDS = frozenset(",;–—") | frozenset(
    ["when", "while", "after", "before", "because", "since", "until", "although", "though", "if", "where", "whether"]
)
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
    if first > 1 and document.tokens.words[first - 1] == "(" and int(mentions.last[number - 1]) == first - 1:
        number, first = number - 1, int(mentions.first[number - 1])  # "told Easton Public Radio (EPR)"
    if first < 2 or document.tokens.words[first - 1].lower() not in _TELL_FORMS:
        return number
    named_forms = (MentionForm.NAME, MentionForm.PRONOUN)
    for candidate in range(number - 1, max(number - 8, -1), -1):
        head = int(mentions.head[candidate])
        if document.sentence[head] != document.sentence[first]:
            break
        if (
            (mentions.form[candidate] in named_forms or mentions.last[candidate] == first - 1)
            and mentions.form[candidate] != MentionForm.POSSESSOR
            and not document.passage_ids[head]
            and mentions.last[candidate] < first
        ):
            return candidate
    return number


def find_outer_subject(document: Document, number: int, cue: int) -> int:
    """Return the subject of the cue instead of the end of its relative clause: "a man who hit a dog with his car says".

    The mention before the cue is inside the clause if the clause has a verb of its own, and no comma or "and" ends it.
    """
    mentions, words, tags = document.mentions, document.tokens.words, document.tags
    last = int(mentions.last[number]) if number > 0 else 0
    if not number > 0 or not last <= cue <= last + 1 or mentions.form[number] in _SUBJECT_PRONOUNS:
        return number
    earliest = max(number - MAX_RELATIVE_DISTANCE, 0)
    relatives = np.flatnonzero(mentions.form[earliest:number] == int(MentionForm.RELATIVE))
    if not len(relatives):
        return number
    relative = earliest + int(relatives[-1])
    opening, first = int(mentions.first[relative]), int(mentions.first[number])
    if words[opening].lower() not in ("who", "which", "that") or document.sentence[opening] != document.sentence[cue]:
        return number
    inside = range(opening + 1, first)
    is_closed = any(words[token] in _CLAUSE_ENDS for token in inside) or tags[first - 1] == TAG["CC"]
    verbs = [token for token in inside if tags[token] in _FINITE_TAGS]
    is_complement = bool(verbs) and all(words[token] == "that" for token in range(verbs[-1] + 1, first))
    has_object = not is_complement or words[verbs[-1]].lower() not in lexicon.load_words("cues")
    subject = relative - 1
    while subject > 0 and mentions.form[subject] == MentionForm.POSSESSOR:
        subject -= 1
    gap = opening - int(mentions.last[subject]) if relative > 0 else len(words)
    if is_closed or not verbs or not has_object or not 0 <= gap <= 1 or document.passage_ids[opening]:
        return number
    return subject


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
