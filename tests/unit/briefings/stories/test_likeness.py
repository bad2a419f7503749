"""Sketches of articles: the same as those of a plain definition, whatever articles come together."""

from collections import Counter
from math import log, sqrt
from re import findall

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Article, Span
from briefings.stories import build_sketches, measure_likeness
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.tokenizer import hash_word
from briefings.text.words import load_table

_WORDS = st.sampled_from(
    ["harbour", "Harbour", "council", "Mercer", "Mercer", "O'Neil", "the", "The", "said", "İzmir", "naïve", "50", "ß"]
)
_TEXTS = st.lists(_WORDS, max_size=120).map(" ".join)


def _sketch(article: Article) -> bytes:
    """The plain definition: count the terms of one article, weigh them, and keep the 64 heaviest."""
    counts = {word: int(number) for word, number in load_table("article_counts").items()}
    uses, capitals = Counter[str](), Counter[str]()
    for word in findall(r"[^\W_]{2,}", f"{article.title or ''}\n{article.text[:3_000]}"):
        for term in make_search_key(word).split():
            if term not in lexicon.load_words("stop_words"):
                uses[term] += 1
                capitals[term] += word[0].isupper()
    weights = sorted(
        (
            -(1 + log(count))
            * (1.4 if 2 * capitals[term] > count else 1.0)
            * log(1 + 969 / (counts.get(term, 0) + 0.5)) ** 1.5,
            term,
        )
        for term, count in uses.items()
    )[:64]
    norm = sqrt(sum(weight * weight for weight, _ in weights))
    by_hash = {hash_word(term): round(-weight * 255 / norm) for weight, term in reversed(weights)}
    hashes = sorted(by_hash)
    return b"".join(key.to_bytes(4, "little") for key in hashes) + bytes(by_hash[key] for key in hashes)


@given(st.lists(st.tuples(_TEXTS, st.none() | _TEXTS), max_size=5))
def test_sketches_equal_the_plain_definition(pairs: list[tuple[str, str | None]]) -> None:
    """Each article's sketch is the one that its own words give, among any others."""
    articles = [Article(id=str(number), text=text, title=title) for number, (text, title) in enumerate(pairs)]
    assert build_sketches(articles) == [_sketch(article) for article in articles]


def test_a_sketch_has_at_most_64_terms() -> None:
    """Only the heaviest terms of a long article are kept."""
    [sketch] = build_sketches([Article(id="1", text=" ".join(f"harbour{number}" for number in range(200)))])
    assert len(sketch) == 64 * 5


def test_boilerplate_has_no_terms() -> None:
    """Words of the page's furniture say nothing of the story."""
    text = "Share this page\nThe council closed the harbour."
    article = Article(id="1", text=text, boilerplate=(Span(0, 15),))
    assert build_sketches([article]) == build_sketches([Article(id="2", text="The council closed the harbour.")])


def test_equal_articles_are_wholly_alike() -> None:
    """The likeness of two equal texts is 1, and that of texts without a common word is 0."""
    one, same, other = build_sketches(
        [Article(id=text, text=text) for text in ("Harbour strike ends", "harbour  Strike ends", "Budget passes")]
    )
    assert measure_likeness(one, [one, other]) == [1.0, 0.0]
    assert measure_likeness(one, [same])[0] == pytest.approx(1.0, abs=0.05)
