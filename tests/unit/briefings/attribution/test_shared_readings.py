"""What is read once for an article, or in fewer steps, is the same as read plainly."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution.attributions import build_fragments
from briefings.attribution.features.document import Document, parse_document
from briefings.attribution.features.pair_features import Anchors
from briefings.attribution.features.quotation_marks import find_passages
from briefings.attribution.models.pipeline import analyse
from briefings.attribution.models.reported_speech import ReportedCandidates
from briefings.attribution.models.speaker_ranker import find_covering_candidates
from briefings.attribution.models.weights import load_models
from briefings.attribution.people.models import load_people_models
from briefings.attribution.people.naming.name_chunks import NameChunk, find_chunks, find_tagged_chunks
from briefings.attribution.people.naming.name_tagger import tag_names
from briefings.attribution.people.naming.roles import RoleFinder, build_role_finder
from briefings.model import Span

_STORIES = Path(__file__).parents[5] / "shared" / "stories" / "dev"
_SEEDS = [path.read_text(encoding="utf-8") for path in files("seeds").iterdir() if path.name.endswith(".txt")]


def _describe(chunks: list[NameChunk]) -> list[tuple[object, ...]]:
    return [(one.first, one.last, one.kinds.tolist(), one.gender, one.has_title, one.kind) for one in chunks]


def _check(text: str) -> None:
    """Check the names and their roles of an article, whose trimmed form is read before the untrimmed one."""
    analysis, models = analyse(text, load_models()), load_people_models()
    assert analysis is not None
    assert analysis.document.untrimmed is not None
    for document in (analysis.document, analysis.document.untrimmed):
        kinds = tag_names(document, models.first_name_tagger, models.second_name_tagger)
        chunks = find_tagged_chunks(document, models.first_name_tagger, models.second_name_tagger)
        assert _describe(chunks) == _describe(find_chunks(document, kinds))
        plain, shared = RoleFinder(document), build_role_finder(analysis.document.untrimmed)
        assert (plain.tags, plain.sentence) == (shared.tags, shared.sentence)
        assert plain.headline_tokens.tolist() == shared.headline_tokens.tolist()


def test_names_and_roles_of_the_seeds_are_those_read_apart() -> None:
    for text in _SEEDS:
        _check(text)


@pytest.mark.skipif(not _STORIES.exists(), reason="the shared stories are missing")
def test_names_and_roles_of_the_stories_are_those_read_apart() -> None:
    for path in sorted(_STORIES.glob("*/articles.jsonl")):
        _check(json.loads(path.read_text(encoding="utf-8").splitlines()[0])["text"])


def test_a_caller_can_change_its_passages() -> None:
    text = "“We close,” said Jane Roe. “Not today.”"
    passages = find_passages(text)
    find_passages(text).clear()
    assert find_passages(text) == passages
    assert len(passages) == 2


_TEXT = "Jane Roe said “we close, and we stay.” John Doe left. “No,” he said — “not today.” " * 3


@pytest.fixture(scope="module")
def document() -> Document:
    return parse_document(_TEXT, load_models().tagger)


@given(st.sets(st.integers(0, 50)))
def test_fragments_are_the_runs_of_tokens(document: Document, numbers: set[int]) -> None:
    """Plainly, runs are split where the next token does not follow, and those with a word are trimmed."""
    tokens = np.array(sorted(numbers), dtype=np.int64)
    runs = np.split(tokens, np.flatnonzero(np.diff(tokens) > 1) + 1) if numbers else []
    spans = (Span(int(document.tokens.starts[run[0]]), int(document.tokens.ends[run[-1]])) for run in runs)
    trimmed = [span.of(_TEXT).strip(' “”",') for span in spans]
    expected = [words for words in trimmed if any(map(str.isalnum, words))]
    assert [span.of(_TEXT).strip(' “”",') for span in build_fragments(document, tokens)] == expected


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6)), max_size=5),
    st.lists(st.sets(st.integers(0, 49), max_size=12), max_size=20),
)
def test_candidates_cover_the_passages_of_which_they_hold_half(
    gaps: list[tuple[int, int]], contents: list[set[int]]
) -> None:
    """Plainly, a passage gets the first eight candidates that hold at least half of its tokens."""
    ends = np.cumsum(np.array(gaps, dtype=np.int64).reshape(-1, 2).sum(axis=1))
    firsts = ends - np.array([width for _, width in gaps], dtype=np.int64)
    plain = [
        [number for number, content in enumerate(contents) if 2 * len(content & set(range(first, end))) >= end - first]
        for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
    ]
    heads, values = np.zeros(len(contents), dtype=np.int64), np.zeros(len(contents), dtype=np.float32)
    tokens = [np.array(sorted(content), dtype=np.int64) for content in contents]
    candidates = ReportedCandidates(heads, heads, values, tokens, values[:, None])
    covering = find_covering_candidates(Anchors(firsts, ends), candidates, 50)
    assert covering == [numbers[:8] for numbers in plain]
