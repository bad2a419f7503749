"""Run the models over one text, in order: tags, cues, sources, reported speech, quoted passages.

Rule: each stage reads only the stages before it. Rule: a calibration curve turns a score into a probability. Of the
answers with 0.9, nine in ten are right. The curve rises through points measured on validation articles. (Isotonic
regression: Zadrozny, Elkan 2002.)
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

import numpy as np

from briefings.attribution.features.document import Document, parse_document, trim_mentions
from briefings.attribution.features.pair_features import Signals
from briefings.attribution.models.cue_classifier import score_cues
from briefings.attribution.models.reported_speech import ReportedCandidates, find_candidates, find_cue_heads
from briefings.attribution.models.source_classifier import score_sources
from briefings.attribution.models.speaker_ranker import SpeakerRanking, rank_speakers
from briefings.text.learned_models import FloatArray, Forest, LinearModel
from briefings.text.pos_tagger import Tagger

_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class CalibrationCurve:
    """Scores in ascending order and the measured share of right answers at each, with linear interpolation."""

    scores: tuple[float, ...]
    shares: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """Return the probability for `score`, 0 to 1."""
        index = bisect_right(self.scores, score)
        if index == 0:
            return self.shares[0]
        if index == len(self.scores):
            return self.shares[-1]
        low, high = self.scores[index - 1], self.scores[index]
        fraction = (score - low) / (high - low)
        return self.shares[index - 1] + fraction * (self.shares[index] - self.shares[index - 1])


@dataclass(frozen=True, slots=True)
class Models:
    """All trained models."""

    tagger: Tagger
    cue_classifier: LinearModel
    source_classifier: LinearModel
    cue_source_ranker: Forest
    content_tagger: LinearModel
    candidate_classifier: Forest
    first_speaker_ranker: Forest
    second_speaker_ranker: Forest
    #: convert a source's share to the probability that it is right: for quoted passages, for reported speech
    quoted_curve: CalibrationCurve
    reported_curve: CalibrationCurve


@dataclass(frozen=True, slots=True)
class Analysis:
    """Output of the models for one text. `candidate_probabilities` are the chances that each candidate is right."""

    document: Document
    signals: Signals
    candidates: ReportedCandidates
    candidate_probabilities: FloatArray
    speaker_ranking: SpeakerRanking


def analyse(text: str, models: Models) -> Analysis | None:
    """Analyse `text`. Returns None if it has no words, or no mention that can be a source."""
    if not _WORD.search(text):
        return None
    document = parse_document(text, models.tagger)
    if not len(document.tokens) or not len(document.mentions):
        return None
    cue = score_cues(document, models.cue_classifier)
    document = replace(document, mentions=trim_mentions(document, cue), untrimmed=document)
    signals = Signals(document, cue, score_sources(document, cue, models.source_classifier))
    candidates = find_candidates(
        signals, find_cue_heads(document, cue), models.cue_source_ranker, models.content_tagger
    )
    candidate_probabilities = (
        to_probability(models.candidate_classifier.compute_scores(candidates.features))
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
    """Convert log-odds to probabilities."""
    return (1 / (1 + np.exp(-log_odds))).astype(np.float32)
