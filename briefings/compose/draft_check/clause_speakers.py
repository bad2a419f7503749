"""Read the speaker of a draft's quotation in its own clause: Roe said “no” and Doe said “yes”.

Rule: only the words between the neighbouring quotations, within the sentence, can name the speaker. A speaker is read
only from a tight form, such as a name, a verb of saying and the mark. Anything else is left to the attribution of the
whole draft. If the words before and the words after name two people, the reading is open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefings.compose.draft_check.name_reading import (
    Name,
    find_description,
    find_names,
    is_adverb_or_link,
    is_pronoun,
    is_speech_verb,
    names_someone,
    split_words,
)
from briefings.model import Span
from briefings.text.folding import fold, make_search_key

_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Dr|Mr|Ms|St|Jr|Sr))(?<!\b(?:Mrs|Rep|Sen|Gen|Gov))[.!?][\"”’)\]]{0,3}\s{1,3}(?=\W{0,3}[A-Z])"
)
#: words that deny a verb of saying, and words that open a relative clause
_NEGATIONS, _RELATIVES = frozenset(["not", "never", "nor", "neither", "cannot"]), frozenset(["who", "whose", "which"])
_JOINT = re.compile(r"^[\s,;.]*(?:(?:and|but|while|whereas|then|as|though)\b\s*)*", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(?:[*•▪‣·–—-]\s+|\d{1,2}[.)]\s+)?(?:\*\*|__)?([A-Z][\w.’'& -]{0,60}):(?:\*\*|__)?\s*$")
_NEXT_CLAUSE = re.compile(r";|,?\s(?:and|but|while|whereas)\s")
_IN_THE_WORDS = re.compile(r"\bin the words of (?P<source>[^,:;“”\"]+?)[,:]?\s*$", re.IGNORECASE)
_ACCORDING = re.compile(r"^[\s,]*according to (?P<source>[^,;:.“”\"]+)", re.IGNORECASE)
#: a passive around the quotation: was called “...” by Roe
_PASSIVE = re.compile(
    r"(?:\b(?:am|is|are|was|were|be|been|being|got)|^|,)\s+(?:\w+ly\s+)?\w+(?:ed|en|id|ought|elt)"
    r"(?:\s+(?:as|to be|a|an|the))*\s*$",
    re.IGNORECASE,
)
_AGENT = re.compile(r"^[\s,]*by (?P<source>[^;:.“”\"]+)", re.IGNORECASE)
#: words that give a quotation away: were the words of Roe, came from Roe
_OWNER = re.compile(
    r"^[\s,–—-]*(?:(?:was|were|are|is)\s+(?:the\s+)?(?:words?|phrase|verdict|answer|reply|line|summary)\s+of"
    r"|came\s+from|comes\s+from|is\s+from)\s+(?P<source>[^;:.“”\"]+)",
    re.IGNORECASE,
)
#: verbs whose object can be a name: told Doe, called Doe
_OBJECT_VERBS = frozenset(
    ["told", "tells", "tell", "asked", "asks", "called", "calls", "reminded", "assured", "accused", "branded",
     "labelled", "described", "dismissed", "warned", "urged", "likened"]
)  # fmt: skip
#: characters that are read before and after a quotation
_MAX_CLAUSE_LENGTH = 1_000
#: words between a verb of saying and the mark, and between the mark and the verb behind the subject
_MAX_OBJECT_WORDS, _MAX_SUBJECT_WORDS = 9, 24


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """What the clause of a quotation says about its speaker."""

    #: a name, or the words of a description; None if the clause does not give one in a tight form
    speaker: str | None
    is_description: bool = False
    #: the words before and the words after name two people
    is_open: bool = False
    #: the clause has a verb without a subject, and so the speaker of the quotation before: and added “...”
    is_continued: bool = False
    #: the words of the clause name someone, in any form
    names_someone: bool = False
    #: search key of the words around the quotation, and the names in it that can be subjects
    key: str = ""
    subjects: tuple[str, ...] = ()


def read_clause(text: str, quotation: Span, previous_end: int, next_start: int) -> ClauseReading:
    """Read the clause around `quotation`, a span with its marks, in `text`.

    `previous_end` and `next_start` are where the quotation before it ends and the next one starts.
    """
    line_start = text.rfind("\n", 0, quotation.start) + 1
    line_end = text.find("\n", quotation.end)
    before = text[max(line_start, previous_end, quotation.start - _MAX_CLAUSE_LENGTH) : quotation.start]
    after_end = min(next_start, line_end if line_end >= 0 else len(text), quotation.end + _MAX_CLAUSE_LENGTH)
    after = text[quotation.end : after_end]
    cut = [match.end() for match in _SENTENCE_END.finditer(before)]
    # the end of the quotation before ends its sentence too
    is_start = bool(cut) or previous_end <= line_start or text[previous_end - 2 : previous_end - 1] in (".", "!", "?")
    sentence = before[cut[-1] :] if cut else before
    before = sentence
    if before.rstrip().endswith((".", "!", "?")):
        before, is_start = "", True
    is_final = text[quotation.end - 2 : quotation.end - 1] == "."
    sentence_end = _SENTENCE_END.search(after)
    after = "" if is_final else after[: sentence_end.start()] if sentence_end else after
    has_next = not sentence_end and next_start <= (line_end if line_end >= 0 else len(text))
    agent = _read_agent(before, after)
    if agent:
        return ClauseReading(*agent, names_someone=True, key=make_search_key(f"{before} {after}"))
    first = _read_before(before, is_start=is_start)
    # between two quotations, words with a tight reading before the first one introduce the second one
    second = None if first and has_next else _read_after(after, has_next=has_next)
    around = [*split_words(before), *split_words(after)]
    names = names_someone(split_words(before), is_start=is_start) or names_someone(split_words(after), is_start=False)
    key = make_search_key(" ".join(around))
    if first and second and make_search_key(first[0]) != make_search_key(second[0]):
        return ClauseReading(None, is_open=True, names_someone=True, key=key)
    reading = first or second
    if reading:
        return ClauseReading(*reading, names_someone=True, key=key)
    subjects = tuple(
        name.text
        for part, is_part_start in ((before, is_start), (after, False))
        for name in find_names(split_words(part), is_start=is_part_start)
        if name.is_subject
    )
    is_continued = _is_continued(before)
    is_sentence = is_final and text[quotation.start + 1 : quotation.start + 2].isupper()
    if (
        not around and is_sentence and sentence.strip()
    ):  # Roe spoke first. “No.”: the sentence before can name the speaker
        names = any(name.is_subject for name in find_names(split_words(sentence), is_start=True))
        key = make_search_key(sentence)
    return ClauseReading(None, is_continued=is_continued, names_someone=names, key=key, subjects=subjects)


def _read_agent(before: str, after: str) -> tuple[str, bool] | None:
    """Read the agent of a passive around the quotation, or the owner of the words: were the words of Roe."""
    agent = _AGENT.match(after) if _PASSIVE.search(before) else None
    source = agent or _OWNER.match(after)
    words = split_words(source["source"].split(",")[0]) if source else []
    names, description = find_names(words, is_start=False), find_description(words)
    return (names[0].text, False) if names else (description, True) if description else None


def _read_before(before: str, *, is_start: bool) -> tuple[str, bool] | None:
    """Read the speaker in the words before the mark: its name or description, and whether it is a description."""
    if label := _LABEL.match(before):
        words = split_words(label[1])
        names = find_names(words, is_start=True)
        if names and names[0].first == 0 and not _is_modifier(names[0], words):
            return names[0].text, False
    if source := _IN_THE_WORDS.search(before):
        return _read_source(split_words(source["source"]))
    joint = _JOINT.match(before)
    words = split_words(before[joint.end() :] if joint else before)
    is_start = is_start and not (joint and joint.group().strip(" ,;.\n"))
    while words and words[-1] in (",", ":", "that", "—", "–", "-", "("):
        is_colon = words.pop() == ":"
        if is_colon and not any(map(is_speech_verb, words)):
            return _choose_subject(words, find_names(words, is_start=is_start), is_only=True)
    verbs = [index for index, word in enumerate(words) if is_speech_verb(word)]
    if not verbs:  # Brandt “regretted the distress”
        names = find_names(words, is_start=is_start)
        return (
            (names[0].text, False) if len(names) == 1 and names[0].is_subject and _is_whole(names[0], words) else None
        )
    verb = verbs[-1]
    rest = words[verb + 1 :]
    if rest and fold(rest[0]) == "by":  # Holt was told by Roe
        return _read_source(rest[1:])
    object_names = find_names(rest, is_start=False)
    if len(rest) > _MAX_OBJECT_WORDS or (
        any(name.is_subject for name in object_names) and fold(words[verb]) not in _OBJECT_VERBS
    ):
        return None
    subject = words[:verb]
    return _choose_subject(subject, find_names(subject, is_start=is_start))


def _read_after(after: str, *, has_next: bool) -> tuple[str, bool] | None:
    """Read the speaker in the words behind the mark. Words that introduce the next quotation belong to that one."""
    if source := _ACCORDING.match(after):
        return _read_source(split_words(source["source"]))
    body = after.lstrip(" ,–—-\t\n")
    body = _NEXT_CLAUSE.split(body)[0] if has_next else body
    joint = _JOINT.match(body)
    if (has_next and body.rstrip().endswith(":")) or (joint and joint.group().strip()):
        return None
    words = split_words(body)
    verbs = [index for index, word in enumerate(words[:_MAX_SUBJECT_WORDS]) if is_speech_verb(word)]
    if not verbs or any(mark in words[: verbs[0]] for mark in (";", ":", ".")):
        return None
    if verbs[0] > 0:
        subject = words[: verbs[0]]
        return _choose_subject(subject, find_names(subject, is_start=False))
    end = next((index for index, word in enumerate(words[1:], 1) if word in ",;:.()"), len(words))
    phrase = words[1:end]
    names = find_names(phrase, is_start=False)
    if names and (names[0].is_subject or names[0].first):
        later = next((name for name in names if name.is_subject), None)
        return (later.text, False) if later and not _is_modifier(later, phrase) else None
    description = find_description(phrase)
    return (description, True) if description else None


def _choose_subject(words: Sequence[str], names: Sequence[Name], *, is_only: bool = False) -> tuple[str, bool] | None:
    """Return the subject among the words before a verb: the last name that can be one, or a description."""
    if _NEGATIONS & {fold(word) for word in words}:
        return None  # "Roe never said", "Holt, and not Roe, said"
    relative = next((index for index, word in enumerate(words) if index and fold(word) in _RELATIVES), len(words))
    words, names = words[:relative], [name for name in names if name.last <= relative]
    subjects = [name for name in names if name.is_subject]
    if subjects and _is_modifier(subjects[-1], words):
        return None
    while words and fold(words[-1]) in ("later", "also", "then", "had", "has", "once", "who", ","):
        words = words[:-1]
    if words and is_pronoun(words[-1]):
        return None
    if subjects:
        is_joined = any(fold(word) in ("and", "or") for word in words)
        return (
            None if (is_only and len(subjects) > 1) or (is_joined and len(subjects) > 1) else (subjects[-1].text, False)
        )
    description = None if names or is_only else find_description(words)
    return (description, True) if description else None


def _read_source(words: Sequence[str]) -> tuple[str, bool] | None:
    names = find_names(words, is_start=False)
    if names:
        return names[0].text, False
    description = find_description(words) or " ".join(words)
    return (description, True) if description else None


def _is_whole(name: Name, words: Sequence[str]) -> bool:
    return name.last == len(words)


def _is_modifier(name: Name, words: Sequence[str]) -> bool:
    """Tell whether a name only modifies the head of a description: "Senior Labour" in "Senior Labour sources"."""
    following = words[name.last] if name.last < len(words) else ","
    return following[0].isalpha() and following.islower() and not is_adverb_or_link(following)


def _is_continued(before: str) -> bool:
    joint = _JOINT.match(before)
    words = split_words(before[joint.end() :] if joint else before)
    return bool(words) and is_speech_verb(words[0]) and bool(joint and joint.group().strip(" ,;.\n"))
