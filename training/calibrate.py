"""Calibrate scores: measure on held-out articles how often an answer with a given score is correct."""

import numpy as np

from briefings.attribution.assembly.assembly import assemble_quotations
from briefings.attribution.features.draft_quotation import DraftQuotation
from briefings.text.learned_models import FloatArray
from training.gold import Attribution
from training.pipeline import Example, Examples, build_analysis, find_gold


def compute_curves(examples: Examples, points: int = 24) -> dict[str, tuple[list[float], list[float]]]:
    """Return {"quoted": (scores, shares), "reported": ...} for `CalibrationCurve` in `briefings.attribution`."""
    pairs_by_kind: dict[str, list[tuple[float, bool]]] = {"quoted": [], "reported": []}
    for example in examples:
        for draft in assemble_quotations(build_analysis(example)):
            if draft.source >= 0:
                kind = "quoted" if draft.passages else "reported"
                gold = _find_gold(example, draft)
                if gold is not None or kind == "reported":
                    pairs_by_kind[kind].append(
                        (draft.score, gold is not None and _is_right(example, draft.source, gold))
                    )
    return {kind: _fit_isotonic(np.array(sorted(pairs), dtype=float), points) for kind, pairs in pairs_by_kind.items()}


def _find_gold(example: Example, draft: DraftQuotation) -> Attribution | None:
    if draft.passages:
        passage = max(
            (example.parsed.passages[number] for number in draft.passages), key=lambda passage: len(passage.inner)
        )
        gold = find_gold(example.gold, passage.inner.start, passage.inner.end)
        return gold if gold is not None and gold.source_chars else None
    tokens = set(draft.tokens.tolist())
    best = max(example.gold, key=lambda gold: len(tokens.intersection(gold.content.tolist())), default=None)
    if best is None:
        return None
    shared = len(tokens.intersection(best.content.tolist()))
    return best if 2 * shared >= len(tokens.union(best.content.tolist())) else None


def _is_right(example: Example, number: int, gold: Attribution) -> bool:
    start = example.parsed.tokens.starts[example.parsed.mentions.first[number]]
    end = example.parsed.tokens.ends[example.parsed.mentions.last[number] - 1]
    return bool(2 * sum(at in gold.source_chars for at in range(start, end)) >= end - start)


def _fit_isotonic(pairs: FloatArray, points: int) -> tuple[list[float], list[float]]:
    """Split the sorted pairs into equal parts, and pool neighbours until the shares increase."""
    blocks: list[list[float]] = []
    for part in np.array_split(pairs, points):
        blocks.append([part[:, 0].mean(), part[:, 1].mean(), len(part)])
        while len(blocks) > 1 and blocks[-2][1] >= blocks[-1][1]:
            (x1, y1, n1), (x2, y2, n2) = blocks[-2:]
            blocks[-2:] = [[(x1 * n1 + x2 * n2) / (n1 + n2), (y1 * n1 + y2 * n2) / (n1 + n2), n1 + n2]]
    return [round(float(x), 5) for x, _, _ in blocks], [round(float(y), 5) for _, y, _ in blocks]
