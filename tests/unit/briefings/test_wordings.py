"""Reports with the same words are not other wordings, and each is listed once."""

from briefings import Hit, Kind, Speaker, Variant, list_other_wordings, list_same_wordings


def make_hit(quote: str, *reports: tuple[str, str]) -> Hit:
    """Return a hit of article "a" with these reports: an article and its words."""
    variants = tuple(Variant(words, article, 0, len(words), f"The {article}", None) for article, words in reports)
    return Hit(
        Speaker("Jane Roe"), quote, Kind.DIRECT, "said", "Jane Roe", 0.99, "named", "a", 0, len(quote), "The Tribune",
        None, None, None, 1, variants,
    )  # fmt: skip


def test_reports_are_split_by_their_words() -> None:
    hit = make_hit(
        "We will keep the harbour-side hall open.",
        ("b", "We will keep the harbour side hall open"),
        ("c", "We will keep the hall open"),
        ("d", "we will keep “the hall” open."),
        ("b", "We will keep the harbour-side hall open."),
        ("a", "We will keep the harbour-side hall open."),
        ("e", "We'll keep the harbour-side hall open."),
    )
    assert [variant.article for variant in list_other_wordings(hit)] == ["c", "e"]
    assert [variant.article for variant in list_same_wordings(hit)] == ["b"]
    assert list_other_wordings(make_hit("x")) == list_same_wordings(make_hit("x")) == ()
