"""Print how good the answers of a cross-validation are, by the definitions of `speakers.py` in the stories' folder."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from briefings.attribution.attributions import find_attributions
from briefings.attribution.people.models import PeopleModels
from briefings.model import Quote
from briefings.speaker_labels import BY_NAME
from training.people_gold import GoldArticle, is_right

#: confidence of an answer that counts as sure, and of a speaker given to what no speaker said
SURE, GIVEN = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer: right, wrong, vague (a description for a name) or no speaker; for no speech: none or false."""

    verdict: str
    confidence: float
    is_name: bool
    is_shown: bool


def print_report(gold: Sequence[GoldArticle], models: Sequence[PeopleModels]) -> None:
    """Print the figures of the single articles and of the stories; `models` are those that did not see each article."""
    answers = [judge_article(one, model) for one, model in zip(gold, models, strict=True)]
    for origin in ("single", "story", "read", "polnear"):
        judged = [row for one, rows in zip(gold, answers, strict=True) if one.origin == origin for row in rows]
        sys.stdout.write(f"{origin}: {summarise(judged)}\n")
    judged = [row for rows in answers for row in rows]
    sys.stdout.write(f"all: {summarise(judged)}\n")
    for low in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        some = [row for row in judged if low <= row.confidence < low + 0.1 + (low == 0.9) and row.verdict != "nobody"]
        some = [row for row in some if row.verdict != "none"]
        right = sum(row.verdict == "right" for row in some)
        sys.stdout.write(f"confidence {low:.1f}: {right} of {len(some)} right\n")


def summarise(judged: Sequence[Judged]) -> str:
    """Return the figures in one line, in percent."""
    speech = [row for row in judged if row.verdict not in ("none", "false")]
    counts = {
        verdict: sum(row.verdict == verdict for row in speech) for verdict in ("right", "wrong", "vague", "nobody")
    }
    other = [row for row in judged if row.verdict in ("none", "false")]
    given = sum(row.verdict == "false" and row.confidence >= GIVEN for row in other)
    decided = [row for row in speech if row.verdict in ("right", "wrong")]
    sure = [row for row in decided if row.confidence >= SURE]
    shown = [row for row in judged if row.is_shown and row.is_name and row.verdict in ("right", "wrong", "false")]
    best = _count_at_risk([row for row in judged if row.verdict in ("right", "wrong", "false")], 0.02)
    figures = {
        **{verdict: (count, len(speech)) for verdict, count in counts.items()},
        "falsespeech": (given, len(other)),
        "right@0.9": (sum(row.verdict == "right" for row in sure), len(sure)),
        "share@0.9": (len(sure), len(decided)),
        "named": (len(shown), len(speech)),
        "wrong among the named": (sum(row.verdict != "right" for row in shown), len(shown)),
        "answered at 2 % wrong": (best, len(speech)),
    }
    return f"{len(speech)} passages, " + ", ".join(
        f"{name} {100 * part / max(whole, 1):.1f}" for name, (part, whole) in figures.items()
    )


def judge_article(gold: GoldArticle, models: PeopleModels) -> list[Judged]:
    """Return the verdict on each annotated passage of an article."""
    quotes = find_attributions(gold.article, models)
    return [_judge(quotes, passage, models) for passage in gold.passages]


def _judge(quotes: Sequence[Quote], passage: dict[str, Any], models: PeopleModels) -> Judged:
    start, end = passage["start"], passage["end"]
    best, size = None, 0
    for quote in quotes:
        shared = sum(max(0, min(part.end, end) - max(part.start, start)) for part in quote.content)
        if shared > size:
            best, size = quote, shared
    speaker = best.speaker if best is not None and size >= 0.5 * (end - start) else None
    if best is None or speaker is None:
        return Judged("none" if passage.get("none") else "nobody", 0.0, False, False)
    is_shown = best.confidence >= (models.min_named_confidence if best.reason == BY_NAME else models.min_confidence)
    if passage.get("none"):
        verdict = "false"
    elif is_right(speaker.name, passage, is_description=False):
        verdict = "right"
    else:
        looks_vague = speaker.name[:1].islower() or not speaker.name.split()[-1][:1].isupper()
        verdict = "vague" if passage.get("speaker") and looks_vague else "wrong"
    return Judged(verdict, best.confidence, not speaker.anonymous, is_shown)


def _count_at_risk(rows: Sequence[Judged], risk: float) -> int:
    """Return how many of the surest answers have at most `risk` wrong ones among them."""
    wrong, best = 0, 0
    for number, row in enumerate(sorted(rows, key=lambda row: -row.confidence), start=1):
        wrong += row.verdict != "right"
        best = number if wrong <= risk * number else best
    return best
