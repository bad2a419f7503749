"""The people an article names are found the same without its descriptions, and with the names tagged for its quotes."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from briefings.attribution.features.document import Document, parse_document
from briefings.attribution.models.pipeline import analyse
from briefings.attribution.models.weights import load_models
from briefings.attribution.people.models import load_people_models
from briefings.attribution.people.naming.entities import find_entities, find_names
from briefings.attribution.people.naming.entity import Entity
from briefings.attribution.people.naming.name_chunks import find_chunks
from briefings.attribution.people.naming.name_tagger import tag_names

_STORIES = Path(__file__).parents[6] / "shared" / "stories" / "dev"
_SEEDS = [path.read_text(encoding="utf-8") for path in files("seeds").iterdir() if path.name.endswith(".txt")]


def _tag(document: Document) -> np.ndarray:
    models = load_people_models()
    return tag_names(document, models.first_name_tagger, models.second_name_tagger)


def _describe(entities: list[Entity]) -> list[tuple[object, ...]]:
    """Return what is read of the entities that have a name."""
    return [
        (entity.words, entity.kinds.tolist(), entity.roles, dict(entity.spellings))
        for entity in entities
        if not entity.is_description
    ]


def _check(text: str) -> None:
    document = parse_document(text, load_models().tagger)
    chunks = find_chunks(document, _tag(document))
    everyone = find_entities(document, chunks, np.zeros(len(document.mentions), dtype=np.float32)).entities
    assert _describe(find_names(document, chunks)) == _describe(everyone)


def test_names_of_the_seeds_are_found_without_descriptions() -> None:
    """Words, kinds, roles and spellings are those of the whole reading."""
    for text in _SEEDS:
        _check(text)


@pytest.mark.skipif(not _STORIES.exists(), reason="the shared stories are missing")
def test_names_of_the_stories_are_found_without_descriptions() -> None:
    """The same is true of the first article of each annotated story."""
    for path in sorted(_STORIES.glob("*/articles.jsonl")):
        _check(json.loads(path.read_text(encoding="utf-8").splitlines()[0])["text"])


def test_names_are_tagged_once_for_a_document_and_its_trimmed_form() -> None:
    """Trimmed mentions do not change the kinds of words; the shared array cannot be changed."""
    analysis = analyse(_SEEDS[0], load_models())
    assert analysis is not None
    document = analysis.document
    assert document.untrimmed is not None
    kinds = _tag(document)
    assert _tag(document.untrimmed) is kinds
    assert not kinds.flags.writeable
    assert _tag(replace(document, untrimmed=None)).tolist() == kinds.tolist()
