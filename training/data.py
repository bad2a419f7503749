"""Read a PolNeAR folder: articles with their attributions, and their CoreNLP tags."""

import gzip
import json
from pathlib import Path
from typing import Any


def read_articles(folder: str, split: str) -> list[dict[str, Any]]:
    """Return the articles of the split "train" or "dev" as dicts with "id", "text" and "attributions"."""
    with (Path(folder) / f"polnear-{split}.jsonl").open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def read_tags(folder: str, split: str) -> dict[str, dict[int, str]]:
    """Return {character offset: tag} of the tokens, by article id."""
    with gzip.open(Path(folder) / f"polnear-{split}-corenlp.jsonl.gz", "rt", encoding="utf8") as lines:
        return {
            record["id"]: {token[2]: token[4] for sentence in record["sents"] for token in sentence[0]}
            for record in map(json.loads, lines)
        }
