"""Whose a report is where its own words leave it open: subjects shared with another verb, tellers and told, heads.

Rule: grammar over the mentions of one sentence; the likeliest mention was chosen before.
"""

from collections.abc import Sequence

import numpy as np

from briefings.quotes.belonging import link_before
from briefings.quotes.engine import Analysis
from briefings.quotes.found import Found
from briefings.quotes.parse import Form, Parsed
from briefings.text.tagger import TAG, VERBS

#: share below which "nobody" is no answer
UNSURE = 0.55
#: share from which on a source is handed on to a participle whose own is unsure
SURE = 0.8


def share_subjects(parsed: Parsed, accepted: Sequence[Found]) -> None:
    """A verb without a subject of its own has the source of the report before it in the sentence.

    That is an infinitive, a participle, or a verb behind "and" that has no likely source; and where the one before is
    far surer, also a participle behind a comma ("Hill denied the charge, saying ...").
    """
    last: dict[int, Found] = {}
    for one in sorted((one for one in accepted if one.cue >= 0), key=lambda one: one.cue):
        before = last.get(int(parsed.sentence[one.cue]))
        subjectless = parsed.tags[one.cue] in (TAG["VBG"], TAG["VB"]) or _joined(parsed, one.cue)
        if one.source < 0 and one.sure < UNSURE and subjectless:
            one.source = before.source if before else -1
        elif before and one.sure < UNSURE and not one.passages and _is_handed_on(parsed, before, one):
            one.source = before.source
        if one.source >= 0:
            last[int(parsed.sentence[one.cue])] = one


def _is_handed_on(parsed: Parsed, before: Found, one: Found) -> bool:
    """Whether a report whose own source is unsure has rather the one before it: what stands between is its object."""
    if _joined(parsed, one.cue):
        return int(parsed.mentions.first[one.source]) > before.cue and parsed.tags[one.cue] in _FINITE
    return before.sure >= SURE and _participle(parsed, one.cue)


def _participle(parsed: Parsed, cue: int) -> bool:
    """Whether a cue is a participle behind a comma; "according" never has the subject of the verb before it."""
    behind_comma = cue > 0 and parsed.tags[cue - 1] == TAG[","]
    return behind_comma and parsed.tags[cue] == TAG["VBG"] and parsed.tokens.words[cue].lower() != "according"


def _joined(parsed: Parsed, cue: int) -> bool:
    """Whether a conjunction joins the cue to the verb before, adverbs and auxiliaries between: "and have blamed"."""
    at = cue - 1 if parsed.tags[cue] in VERBS else 0
    while at > 0 and parsed.tags[at] in _AUXILIARY and parsed.sentence[at] == parsed.sentence[cue]:
        at -= 1
    return at > 0 and parsed.tags[at] == TAG["CC"] and parsed.sentence[at] == parsed.sentence[cue]


_FINITE = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "VBP"))
_AUXILIARY = frozenset(TAG[tag] for tag in ("RB", "MD", "VBD", "VBZ", "VBP", "VBN"))


def keep_subjects(analysis: Analysis, accepted: Sequence[Found]) -> None:
    """In "Doe could be heard responding in one of the videos, saying ..." Doe says it, not the videos."""
    parsed, found = analysis.parsed, analysis.found
    for one in accepted:
        cue, first = one.cue, int(parsed.mentions.first[one.source]) if one.source >= 0 else 0
        if cue < 2 or parsed.tags[cue] != TAG["VBG"] or parsed.tokens.words[cue - 1] != "," or not 0 < first < cue:
            continue
        if parsed.mentions.form[one.source] != Form.NOMINAL or parsed.tags[first - 1] != TAG["IN"]:
            continue
        before = np.flatnonzero((found.heads < first) & (parsed.sentence[found.heads] == parsed.sentence[cue]))
        for at in before[::-1]:
            source = int(found.sources[at])
            if source >= 0 and parsed.mentions.form[source] in (Form.NAME, Form.PRONOUN):
                one.source = source
                break


def teller(parsed: Parsed, number: int) -> int:
    """Who tells rather than who is told: in "Jane Doe told Smith" never Smith."""
    mentions, first = parsed.mentions, int(parsed.mentions.first[number]) if number >= 0 else 0
    if first < 2 or parsed.tokens.words[first - 1].lower() not in _TELLING:
        return number
    for other in range(number - 1, max(number - 8, -1), -1):
        head = int(mentions.head[other])
        if parsed.sentence[head] != parsed.sentence[first]:
            break
        if (
            mentions.form[other] in (Form.NAME, Form.PRONOUN)
            and not parsed.inside[head]
            and mentions.last[other] < first
        ):
            return other
    return number


_TELLING = frozenset(["tell", "tells", "told", "telling"])


def head_mention(parsed: Parsed, number: int) -> int:
    """The mention a phrase is about: "allies" in "allies of the leader", "a man" in "a man close to the talks"."""
    mentions = parsed.mentions
    for _ in range(2):
        first, other = int(mentions.first[number]) if number > 0 else 0, number - 1
        end = link_before(parsed, first)
        if end < 1 or parsed.sentence[first] != parsed.sentence[end - 1]:
            return number
        while other > 0 and mentions.form[other] == Form.POSSESSOR:
            other -= 1
        is_head = int(mentions.last[other]) == end and mentions.form[other] in (Form.NOMINAL, Form.BARE)
        if other < 0 or not is_head or (parsed.inside[first] > 0) != (parsed.inside[end - 1] > 0):
            return number
        number = other
    return number
