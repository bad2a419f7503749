"""Fits the part-of-speech tagger on the CoreNLP tags."""

from collections import Counter, defaultdict

import numpy as np

from briefings.text.learned_models import LinearModel, hash_features
from briefings.text.pos_tagger import MERGED_TAGS, TAG, Tagger, build_tag_templates, build_templates
from briefings.text.tokenizer import compute_shapes, tokenise
from training.linear import fit

BITS_FIRST, BITS_SECOND = 15, 16


class Tagged:
    """One article's tokens and gold tags (-1 where CoreNLP cut otherwise)."""

    def __init__(self, text: str, tags: dict[int, str]) -> None:
        tokens = tokenise(text)
        self.words, self.paragraph = tokens.words, tokens.paragraph
        self.shapes = compute_shapes(tokens.words)
        names = [tags.get(int(start)) for start in tokens.starts]
        self.gold = np.array([-1 if n is None else TAG.get(MERGED_TAGS.get(n, n), TAG["X"]) for n in names])


def train(tagged: list[Tagged]) -> Tagger:
    """A tagger fitted on a list of `Tagged`."""
    classes = dictionary(tagged)
    nothing = LinearModel(np.zeros((1, 1), dtype=np.float32), np.zeros(1, dtype=np.float32))
    tagger = Tagger(classes, nothing, nothing)
    gold = np.concatenate([t.gold for t in tagged])
    keep = gold >= 0
    known = [tagger.get_word_classes(t.words) for t in tagged]
    base = [build_templates(k, t.shapes, t.paragraph) for k, t in zip(known, tagged, strict=True)]
    first = np.concatenate([hash_features(b, BITS_FIRST) for b in base])
    fold = np.concatenate([np.full(len(t.words), i % 2) for i, t in enumerate(tagged)])
    guess = np.zeros(len(gold), dtype=np.int64)
    for half in (0, 1):
        seen = keep & (fold != half)
        model = fit(first[seen], gold[seen], len(TAG), BITS_FIRST, epochs=3)
        guess[fold == half] = model.compute_scores(first[fold == half]).argmax(axis=1)
    final = fit(first[keep], gold[keep], len(TAG), BITS_FIRST, epochs=4)
    rows, at = [], 0
    for k, t, b in zip(known, tagged, base, strict=True):
        rows.append(
            hash_features(b + build_tag_templates(k, t.shapes, t.paragraph, guess[at : at + len(t.words)]), BITS_SECOND)
        )
        at += len(t.words)
    second = fit(np.concatenate(rows)[keep], gold[keep], len(TAG), BITS_SECOND, epochs=5)
    return Tagger(classes, final, second)


def dictionary(tagged: list[Tagged], often: int = 3) -> dict[str, int]:
    """Words seen at least `often` times, numbered by their set of tags (those of 4 % or more, commonest first)."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for t in tagged:
        for word, tag in zip(t.words, t.gold, strict=True):
            if tag >= 0:
                counts[word][tag] += 1
    sets = {}
    for word, seen in counts.items():
        total = sum(seen.values())
        if total >= often:
            sets[word] = tuple(tag for tag, n in seen.most_common() if n >= 0.04 * total)
    numbers = {key: number + 1 for number, (key, _) in enumerate(Counter(sets.values()).most_common())}
    return {word: numbers[sets[word]] for word in sorted(sets)}
