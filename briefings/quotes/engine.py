"""Runs the models over one text, in their order, and hands on what each of them found.

Rule: tags, cues, sources, reported speech, quoted passages; every stage reads the stages before it and nothing else.
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from briefings.quotes.confidence import Curve
from briefings.quotes.cues import cue_probabilities
from briefings.quotes.pairs import Signals
from briefings.quotes.parse import Parsed, parse, trimmed
from briefings.quotes.reported import Reported, cue_heads, reported
from briefings.quotes.sources import source_probabilities
from briefings.quotes.spoken import Spoken, spoken
from briefings.quotes.trees import Forest
from briefings.text.arrays import Floats
from briefings.text.linear import Linear
from briefings.text.tagger import Tagger

_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Models:
    """Everything that was learnt."""

    tagger: Tagger
    cue: Linear
    source: Linear
    cue_ranker: Forest
    chain: Linear
    judge: Forest
    first: Forest
    second: Forest
    #: from a source's share to the probability that it is right: quoted passages, reported speech
    quoted: Curve
    reported: Curve


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the models made of one text. `held` is the probability that each reported candidate is right."""

    parsed: Parsed
    signals: Signals
    found: Reported
    held: Floats
    spoken: Spoken


def analyse(text: str, models: Models) -> Analysis | None:
    """The analysis of `text`; None when it holds no word or nothing that could be a source."""
    if not _WORD.search(text):
        return None
    parsed = parse(text, models.tagger)
    if not len(parsed.tokens) or not len(parsed.mentions):
        return None
    cue = cue_probabilities(parsed, models.cue)
    parsed = replace(parsed, mentions=trimmed(parsed, cue))
    signals = Signals(parsed, cue, source_probabilities(parsed, cue, models.source))
    found = reported(signals, cue_heads(parsed, cue), models.cue_ranker, models.chain)
    held = probability(models.judge.scores(found.features)) if len(found.heads) else np.zeros(0, dtype=np.float32)
    return Analysis(parsed, signals, found, held, spoken(signals, found, held, models.first, models.second))


def probability(odds: Floats) -> Floats:
    """From log-odds."""
    return (1 / (1 + np.exp(-odds))).astype(np.float32)
