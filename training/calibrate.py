"""Measures, on held-out articles, how often an answer of a given score is right."""

import numpy as np

from briefings.attribution.assembly.assembly import assemble_quotations
from briefings.attribution.features.draft_quotation import DraftQuotation
from briefings.text.learned_models import FloatArray
from training.gold import Attribution
from training.pipeline import Example, Examples, analysis, gold_of


def curves(examples: Examples, points: int = 24) -> dict[str, tuple[list[float], list[float]]]:
    """{"quoted": (scores, shares), "reported": ...} for `briefings.quotes.confidence.Curve`."""
    seen: dict[str, list[tuple[float, bool]]] = {"quoted": [], "reported": []}
    for one in examples:
        for found in assemble_quotations(analysis(one)):
            if found.source >= 0:
                kind = "quoted" if found.passages else "reported"
                gold = _gold(one, found)
                if gold is not None or kind == "reported":
                    seen[kind].append((found.score, gold is not None and _right(one, found.source, gold)))
    return {kind: _isotonic(np.array(sorted(pairs), dtype=float), points) for kind, pairs in seen.items()}


def _gold(one: Example, found: DraftQuotation) -> Attribution | None:
    if found.passages:
        passage = max(
            (one.parsed.passages[number] for number in found.passages), key=lambda passage: len(passage.inner)
        )
        gold = gold_of(one.gold, passage.inner.start, passage.inner.end)
        return gold if gold is not None and gold.source_chars else None
    mine = set(found.tokens.tolist())
    best = max(one.gold, key=lambda gold: len(mine.intersection(gold.content.tolist())), default=None)
    if best is None:
        return None
    shared = len(mine.intersection(best.content.tolist()))
    return best if 2 * shared >= len(mine.union(best.content.tolist())) else None


def _right(one: Example, number: int, gold: Attribution) -> bool:
    start = one.parsed.tokens.starts[one.parsed.mentions.first[number]]
    end = one.parsed.tokens.ends[one.parsed.mentions.last[number] - 1]
    return bool(2 * sum(at in gold.source_chars for at in range(start, end)) >= end - start)


def _isotonic(pairs: FloatArray, points: int) -> tuple[list[float], list[float]]:
    """Equal parts of the sorted pairs, then neighbours that fall are pooled."""
    blocks: list[list[float]] = []
    for part in np.array_split(pairs, points):
        blocks.append([part[:, 0].mean(), part[:, 1].mean(), len(part)])
        while len(blocks) > 1 and blocks[-2][1] >= blocks[-1][1]:
            (x1, y1, n1), (x2, y2, n2) = blocks[-2:]
            blocks[-2:] = [[(x1 * n1 + x2 * n2) / (n1 + n2), (y1 * n1 + y2 * n2) / (n1 + n2), n1 + n2]]
    return [round(float(x), 5) for x, _, _ in blocks], [round(float(y), 5) for _, y, _ in blocks]
