"""Train the name tagger on the name tags that CoreNLP gave to the PolNeAR articles."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from briefings.attribution.features.document import Document, parse_document
from briefings.attribution.people.naming import name_tagger
from briefings.text.learned_models import FloatArray, HashArray, IntArray, LinearModel, hash_features
from briefings.text.pos_tagger import Tagger
from training.linear import fit

BITS_FIRST, BITS_SECOND = 16, 17
FIT: dict[str, Any] = {"epochs": 5, "rate": 0.1, "batch": 2048}


def read_names(folder: str, split: str) -> dict[str, dict[int, str]]:
    """Return {character offset: name tag} of the tokens, by article id."""
    with gzip.open(Path(folder) / f"polnear-{split}-corenlp.jsonl.gz", "rt", encoding="utf8") as lines:
        return {
            record["id"]: {token[2]: token[5] for sentence in record["sents"] for token in sentence[0]}
            for record in map(json.loads, lines)
        }


def train(
    articles: list[dict[str, Any]], names: dict[str, dict[int, str]], tagger: Tagger
) -> tuple[LinearModel, LinearModel]:
    """Train both passes; the second learns from what a model said that had not seen the article."""
    documents = [parse_document(article["text"], tagger) for article in articles]
    rows = [name_tagger.build_first_templates(document) for document in documents]
    gold = [
        _find_kinds(document, tokens, names.get(article["id"], {}))
        for article, document, (tokens, _) in zip(articles, documents, rows, strict=True)
    ]
    buckets = [hash_features(templates, BITS_FIRST) for _, templates in rows]
    first = _fit(buckets, gold, BITS_FIRST)
    halves = [_fit(buckets[half::2], gold[half::2], BITS_FIRST) for half in (1, 0)]
    second_buckets = []
    for number, (document, (tokens, templates)) in enumerate(zip(documents, rows, strict=True)):
        shares: FloatArray = name_tagger.compute_shares(halves[number % 2].compute_scores(buckets[number]))
        more = name_tagger.build_second_templates(document, tokens, shares)
        second_buckets.append(hash_features(templates + more, BITS_SECOND))
    return first, _fit(second_buckets, gold, BITS_SECOND)


def _find_kinds(document: Document, tokens: IntArray, names: dict[int, str]) -> IntArray:
    """Return the kind of each capitalised token; -1 where CoreNLP splits the words differently."""
    found = [names.get(int(start)) for start in document.tokens.starts[tokens]]
    kinds = name_tagger.KINDS
    return np.array([-1 if n is None else kinds.index(n) if n in kinds else 0 for n in found], dtype=np.int64)


def _fit(buckets: list[HashArray], gold: list[IntArray], bits: int) -> LinearModel:
    rows, labels = np.concatenate(buckets), np.concatenate(gold)
    keep = labels >= 0
    return fit(rows[keep], labels[keep], len(name_tagger.KINDS), bits, **FIT)
