"""Runs the models over one text, in their order, and hands on what each of them found.

Rule: tags, cues, sources, reported speech, quoted passages; every stage reads the stages before it and nothing else.
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from briefings.quotes.confidence import CalibrationCurve
from briefings.quotes.cues import score_cues
from briefings.quotes.pairs import Signals
from briefings.quotes.parse import Document, parse_document, trim_mentions
from briefings.quotes.reported import ReportedCandidates, find_candidates, find_cue_heads
from briefings.quotes.sources import score_sources
from briefings.quotes.spoken import SpeakerRanking, rank_speakers
from briefings.text.learned_models import FloatArray, Forest, LinearModel
from briefings.text.pos_tagger import Tagger

_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Models:
    """Everything that was learnt."""

    tagger: Tagger
    cue_classifier: LinearModel
    source_classifier: LinearModel
    cue_source_ranker: Forest
    content_tagger: LinearModel
    candidate_classifier: Forest
    first_speaker_ranker: Forest
    second_speaker_ranker: Forest
    #: from a source's share to the probability that it is right: quoted passages, reported speech
    quoted_curve: CalibrationCurve
    reported_curve: CalibrationCurve


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the models made of one text. `held` is the probability that each reported candidate is right."""

    document: Document
    signals: Signals
    candidates: ReportedCandidates
    candidate_probabilities: FloatArray
    speaker_ranking: SpeakerRanking


def analyse(text: str, models: Models) -> Analysis | None:
    """The analysis of `text`; None when it holds no word or nothing that could be a source."""
    if not _WORD.search(text):
        return None
    document = parse_document(text, models.tagger)
    if not len(document.tokens) or not len(document.mentions):
        return None
    cue = score_cues(document, models.cue_classifier)
    document = replace(document, mentions=trim_mentions(document, cue))
    signals = Signals(document, cue, score_sources(document, cue, models.source_classifier))
    candidates = find_candidates(
        signals, find_cue_heads(document, cue), models.cue_source_ranker, models.content_tagger
    )
    candidate_probabilities = (
        to_probability(models.candidate_classifier.scores(candidates.features))
        if len(candidates.heads)
        else np.zeros(0, dtype=np.float32)
    )
    return Analysis(
        document,
        signals,
        candidates,
        candidate_probabilities,
        rank_speakers(
            signals, candidates, candidate_probabilities, models.first_speaker_ranker, models.second_speaker_ranker
        ),
    )


def to_probability(log_odds: FloatArray) -> FloatArray:
    """From log-odds."""
    return (1 / (1 + np.exp(-log_odds))).astype(np.float32)
