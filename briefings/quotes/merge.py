"""Makes one list of quotations out of the reported candidates and the quoted passages.

Rule: reported speech first (accept.py), then the passages that none of it has (speeches.py), then whose each is
(subjects.py). Nothing is said twice.
"""

from dataclasses import replace

import numpy as np

from briefings.quotes.accept import LEAST_HELD, accepted_of
from briefings.quotes.engine import Analysis
from briefings.quotes.found import Found
from briefings.quotes.parse import Parsed
from briefings.quotes.speeches import MOST_NOBODY, SHORT, SIGNED, alone, let_passages_speak, settled
from briefings.quotes.subjects import head_mention, keep_subjects, share_subjects, teller
from briefings.quotes.turns import turns


def merge(analysis: Analysis, least_held: float = LEAST_HELD, most_nobody: float = MOST_NOBODY) -> list[Found]:
    """The quotations of one text, in order."""
    parsed = analysis.parsed
    accepted, owner = accepted_of(analysis, least_held)
    words = [len(passage.inner.of(parsed.text).split()) for passage in parsed.passages]
    analysis = replace(analysis, spoken=settled(analysis))
    _take_turns(analysis, accepted, owner)
    let_passages_speak(analysis, accepted, words)
    for number in range(len(parsed.passages)):
        if owner[number] is None:
            extra = alone(analysis, number, owner, short=words[number] < SHORT, most_nobody=most_nobody)
            if extra is not None:
                accepted.append(extra)
                owner[number] = extra
    share_subjects(parsed, accepted)
    keep_subjects(analysis, accepted)
    for one in accepted:
        one.source = head_mention(parsed, teller(parsed, one.source))
        _leave_out_the_source(parsed, one)
    return sorted(accepted, key=lambda one: (int(one.tokens[0]), int(one.tokens[-1])))


def _take_turns(analysis: Analysis, accepted: list[Found], owner: list[Found | None]) -> None:
    """A transcript's lines are what they say; whatever else was found in them goes."""
    spoken = turns(analysis.parsed)
    if not spoken:
        return
    line = analysis.parsed.tokens.paragraph
    theirs = {int(line[turn.first]) for turn in spoken}
    accepted[:] = [one for one in accepted if int(line[one.tokens[0]]) not in theirs]
    for turn in spoken:
        one = Found(
            np.arange(turn.first, turn.last), turn.mention, -1, SIGNED, SIGNED if turn.mention >= 0 else 0.0, turn=True
        )
        accepted.append(one)
        inside = analysis.parsed.inside[turn.first : turn.last]
        for number in np.unique(inside[inside > 0]) - 1:
            owner[number] = one


def _leave_out_the_source(parsed: Parsed, one: Found) -> None:
    """A quotation that took in its own source ("...,” Walker said, according to ...") keeps what is inside marks."""
    if one.passages and one.source >= 0 and not one.turn:
        first = int(parsed.mentions.first[one.source])
        inside = parsed.inside[one.tokens] > 0
        if not parsed.inside[first] and first in one.tokens and inside.any():
            one.tokens = one.tokens[inside]
