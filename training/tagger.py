"""Train the part-of-speech tagger on the CoreNLP tags."""

from collections import Counter, defaultdict

import numpy as np

from briefings.text.learned_models import LinearModel, hash_features
from briefings.text.pos_tagger import MERGED_TAGS, TAG, Tagger, build_tag_templates, build_templates
from briefings.text.tokenizer import compute_shapes, tokenise
from training.linear import fit

BITS_FIRST, BITS_SECOND = 15, 16


class TaggedArticle:
    """Tokens and gold tags of an article (-1 where CoreNLP splits tokens differently)."""

    def __init__(self, text: str, tags: dict[int, str]) -> None:
        tokens = tokenise(text)
        self.words, self.paragraph = tokens.words, tokens.paragraph
        self.shapes = compute_shapes(tokens.words)
        names = [tags.get(int(start)) for start in tokens.starts]
        self.gold = np.array([-1 if n is None else TAG.get(MERGED_TAGS.get(n, n), TAG["X"]) for n in names])


def train(articles: list[TaggedArticle]) -> Tagger:
    """Train a tagger on tagged articles."""
    classes = build_dictionary(articles)
    empty_model = LinearModel(np.zeros((1, 1), dtype=np.float32), np.zeros(1, dtype=np.float32))
    tagger = Tagger(classes, empty_model, empty_model)
    gold = np.concatenate([article.gold for article in articles])
    keep = gold >= 0
    word_classes = [tagger.get_word_classes(article.words) for article in articles]
    base = [
        build_templates(k, article.shapes, article.paragraph) for k, article in zip(word_classes, articles, strict=True)
    ]
    first = np.concatenate([hash_features(b, BITS_FIRST) for b in base])
    fold = np.concatenate([np.full(len(article.words), i % 2) for i, article in enumerate(articles)])
    guess = np.zeros(len(gold), dtype=np.int64)
    for half in (0, 1):
        is_training = keep & (fold != half)
        model = fit(first[is_training], gold[is_training], len(TAG), BITS_FIRST, epochs=3)
        guess[fold == half] = model.compute_scores(first[fold == half]).argmax(axis=1)
    final = fit(first[keep], gold[keep], len(TAG), BITS_FIRST, epochs=4)
    rows, at = [], 0
    for k, article, b in zip(word_classes, articles, base, strict=True):
        rows.append(
            hash_features(
                b + build_tag_templates(k, article.shapes, article.paragraph, guess[at : at + len(article.words)]),
                BITS_SECOND,
            )
        )
        at += len(article.words)
    second = fit(np.concatenate(rows)[keep], gold[keep], len(TAG), BITS_SECOND, epochs=5)
    return Tagger(classes, final, second)


def build_dictionary(articles: list[TaggedArticle], min_count: int = 3) -> dict[str, int]:
    """Number the words by their set of tags (each with a share of 4 % or more, the most common first).

    Words with fewer than `min_count` occurrences are left out.
    """
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for article in articles:
        for word, tag in zip(article.words, article.gold, strict=True):
            if tag >= 0:
                counts[word][tag] += 1
    sets = {}
    for word, tag_counts in counts.items():
        total = sum(tag_counts.values())
        if total >= min_count:
            sets[word] = tuple(tag for tag, n in tag_counts.most_common() if n >= 0.04 * total)
    numbers = {key: number + 1 for number, (key, _) in enumerate(Counter(sets.values()).most_common())}
    return {word: numbers[sets[word]] for word in sorted(sets)}
