"""The attribution benchmark compares with textacy on a real parser, in rates that agree with each other."""

import warnings

import pytest

from bench.attribution import Reference, compare, load_reference

TEXTS = [
    "“We will build the bridge before the winter,” Jane Roe said.\n“It is far too expensive,” said John Doe.",
    "The mayor said the school would close. “Nobody asked the parents,” Ann Poe said on Monday.",
]


@pytest.fixture(scope="module")
def reference() -> Reference:
    """Return textacy with spaCy's small English model, or skip."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spaCy's own imports, which we cannot mend
        reference = load_reference()
    if reference is None:
        pytest.skip("textacy, spacy or the small English model (extra `bench`) is not installed")
    return reference


def test_reference_attributes_quotations_with_a_real_parser(reference: Reference) -> None:
    """It names both speakers, alone and in a batch, so that it does the work it is compared for."""
    quotations = reference.read(TEXTS[0])
    assert [str(quotation.speaker[-1]) for quotation in quotations] == ["Roe", "Doe"]
    assert list(map(str, reference.read_all(TEXTS)[0])) == list(map(str, quotations))


def test_article_that_textacy_refuses_is_still_read(reference: Reference) -> None:
    """An unpaired quotation mark gives no quotation, and no error."""
    assert reference.read("“We will build it, Jane Roe said.") == []


def test_figures_are_rates_of_the_same_articles(reference: Reference) -> None:
    """Articles and megabytes a second have one ratio, because they count the same seconds."""
    figures = {figure.name.removeprefix("attribution."): figure for figure in compare(TEXTS, reference, rounds=1)}
    assert list(figures) == [
        "textacy.articles_per_s",
        "textacy.mb_per_s",
        "textacy.articles_per_core_s",
        "textacy_batched.articles_per_core_s",
    ]
    assert all(figure.value > 0 and figure.raw > 0 for figure in figures.values())
    articles, megabytes = figures["textacy.articles_per_s"], figures["textacy.mb_per_s"]
    assert articles.value / articles.raw == pytest.approx(megabytes.value / megabytes.raw)
    assert articles.value / megabytes.value == pytest.approx(len(TEXTS) * 1e6 / sum(len(t.encode()) for t in TEXTS))


def test_no_texts_are_refused(reference: Reference) -> None:
    """Without articles there is no rate."""
    with pytest.raises(ValueError, match="no texts"):
        next(compare([], reference))
