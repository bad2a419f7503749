"""What the passages in quotation marks add: who speaks a reported content that holds some, and speech of their own.

Rule: a passage of four words or more always asks the passages' own ranker who spoke; a shorter one only where no cue
reports it.
"""

from dataclasses import replace

import numpy as np

from briefings.quotes.engine import Analysis
from briefings.quotes.found import Found, passage_tokens
from briefings.quotes.parse import Parsed
from briefings.quotes.signatures import signatures
from briefings.quotes.spoken import Spoken
from briefings.text.arrays import Ints

#: a passage of four words or more is dropped as nobody's when nobody is likelier than this
MOST_NOBODY = 0.6
#: the same for shorter passages (scare quotes, titles)
MOST_NOBODY_SHORT = 0.2
SHORT = 4
#: cues beside a passage that are looked at for its own
NEAR_CUES = 30
#: how sure a signature is
SIGNED = 0.97


def settled(analysis: Analysis) -> Spoken:
    """What the ranker says, where no signature says better; a speech's next paragraph is its first one's speaker's."""
    said, signed = analysis.spoken, signatures(analysis.parsed)
    best, sure, nobody = said.best.copy(), said.best_sure.copy(), said.nobody.copy()
    for number, passage in enumerate(analysis.parsed.passages):
        if number in signed:
            best[number], sure[number], nobody[number] = signed[number], SIGNED, 1 - SIGNED
        elif passage.continues and number:
            best[number], sure[number], nobody[number] = best[number - 1], sure[number - 1], nobody[number - 1]
    return replace(said, best=best, best_sure=sure, nobody=nobody)


def let_passages_speak(analysis: Analysis, accepted: list[Found], words: list[int]) -> None:
    """The longest passage of a quotation names its source, where it is long enough to have been ranked well."""
    said = analysis.spoken
    for one in accepted:
        if one.passages:
            number = max(one.passages, key=lambda k: words[k])
            if words[number] >= SHORT and said.best[number] >= 0 and said.best[number] != one.source:
                one.source, one.sure = int(said.best[number]), float(said.best_sure[number])
            elif words[number] >= SHORT:
                one.sure = float(said.best_sure[number])


def alone(
    analysis: Analysis,
    number: int,
    owner: list[Found | None],
    *,
    short: bool,
    most_nobody: float,
) -> Found | None:
    """A passage that no accepted cue reports: joined to the speech before it, a quotation of its own, or nothing."""
    said, parsed = analysis.spoken, analysis.parsed
    tokens = passage_tokens(parsed, number)
    source = int(said.best[number])
    if not len(tokens) or said.nobody[number] > (MOST_NOBODY_SHORT if short else most_nobody):
        return None
    before = owner[number - 1] if number else None
    if before is not None and before.source == source and source >= 0 and _beside(parsed, before.tokens, tokens):
        before.tokens = np.union1d(before.tokens, tokens)
        before.passages.append(number)
        owner[number] = before
        return None
    return Found(
        tokens,
        source,
        _cue_for(analysis, tokens, source),
        float(1 - said.nobody[number]),
        float(said.best_sure[number]),
        [number],
    )


def _beside(parsed: Parsed, before: Ints, tokens: Ints) -> bool:
    return bool(parsed.tokens.paragraph[before[-1]] == parsed.tokens.paragraph[tokens[0]])


def _cue_for(analysis: Analysis, tokens: Ints, source: int) -> int:
    """The likeliest cue whose source this is and that stands beside the passage; -1 without one."""
    found = analysis.found
    best, chosen = 0.0, -1
    sentences = analysis.parsed.sentence[found.heads]
    low = int(np.searchsorted(sentences, analysis.parsed.sentence[tokens[0]] - 1))
    high = int(np.searchsorted(sentences, analysis.parsed.sentence[tokens[-1]] + 1, side="right"))
    for at in range(low, min(high, low + NEAR_CUES)):
        if found.sources[at] != source:
            continue
        weight = float(analysis.signals.cue[found.heads[at]])
        if weight > best:
            best, chosen = weight, int(found.heads[at])
    return chosen
