"""Reads a PolNeAR folder: articles with their attributions, and the CoreNLP tags that go with them."""

import gzip
import json
from pathlib import Path
from typing import Any


def articles(folder: str, split: str) -> list[dict[str, Any]]:
    """The articles of "train" or "dev": dicts with "id", "text", "attributions"."""
    with (Path(folder) / f"polnear-{split}.jsonl").open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def tags(folder: str, split: str) -> dict[str, dict[int, str]]:
    """For each article id, {character offset: tag} of its tokens."""
    with gzip.open(Path(folder) / f"polnear-{split}-corenlp.jsonl.gz", "rt", encoding="utf8") as lines:
        return {
            record["id"]: {token[2]: token[4] for sentence in record["sents"] for token in sentence[0]}
            for record in map(json.loads, lines)
        }
