"""Runs the models over one text, in their order, and hands on what each of them found.

Rule: tags, cues, sources, reported speech, quoted passages; every stage reads the stages before it and nothing else.

Turns a model's score into a probability that holds: of the answers given 0.9, nine in ten are right.

Rule: a rising curve through points measured on held-out articles. (Isotonic regression: Zadrozny, Elkan 2002.)
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


@dataclass(frozen=True, slots=True)
class CalibrationCurve:
    """Scores in rising order, and the share of right answers measured there; straight lines between them."""

    scores: tuple[float, ...]
    shares: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """The probability for `score`, 0 to 1."""
        index = bisect_right(self.scores, score)
        if index == 0:
            return self.shares[0]
        if index == len(self.scores):
            return self.shares[-1]
        low, high = self.scores[index - 1], self.scores[index]
        fraction = (score - low) / (high - low)
        return self.shares[index - 1] + fraction * (self.shares[index] - self.shares[index - 1])


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
    """From log-odds."""
    return (1 / (1 + np.exp(-log_odds))).astype(np.float32)
