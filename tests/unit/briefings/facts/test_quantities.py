"""The quantities in a sentence: words, kind, values, unit and hedge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.facts import QuantityKind, find_quantities
from briefings.model import Span

TEXTS = st.lists(
    st.sampled_from(
        ["170", " to ", "40", "%", "£", "3.5", "m", " 15 ", "minutes", "a fifth of", "about ", ",", "June "]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "words", "kind", "values", "unit", "hedge"),
    [
        ("He lost by 170 to 40.", "170 to 40", QuantityKind.SCORE, (170, 40), None, None),
        ("The tally was 97-1.", "97-1", QuantityKind.SCORE, (97, 1), None, None),
        ("Almost 60% of them left.", "Almost 60%", QuantityKind.PERCENT, (60,), "%", "Almost"),
        (
            "It has close to 150,000 signatures.",
            "close to 150,000 signatures",
            QuantityKind.COUNT,
            (150000,),
            "signatures",
            "close to",
        ),
        ("The support of a fifth of MPs.", "a fifth of", QuantityKind.FRACTION, (), "a fifth", None),
        ("There were hundreds of people.", "hundreds", QuantityKind.MULTITUDE, (), "hundreds", None),
        ("It cost £3.5m.", "£3.5m", QuantityKind.MONEY, (3.5e6,), "£", None),
        ("It cost about $84,000 then.", "about $84,000", QuantityKind.MONEY, (84000,), "$", "about"),
        ("They pledged 150,000 euro.", "150,000 euro", QuantityKind.MONEY, (150000,), "euro", None),
        ("They had 15 minutes’ notice.", "15 minutes", QuantityKind.TIME, (15,), "minutes", None),
        ("Some 322 million people gave.", "Some 322 million people", QuantityKind.COUNT, (322e6,), "people", "Some"),
    ],
)
def test_quantity_is_parsed(
    text: str, words: str, kind: QuantityKind, values: tuple[float, ...], unit: str | None, hedge: str | None
) -> None:
    (quantity,) = find_quantities(text, Span(0, len(text)))
    assert (quantity.span.of(text), quantity.kind, quantity.values, quantity.unit, quantity.hedge) == (
        words,
        kind,
        values,
        unit,
        hedge,
    )


@pytest.mark.parametrize(
    "text", ["On 28 June they met.", "In 2016 they met.", "On June 28 they met.", "The A380 left."]
)
def test_days_years_and_codes_are_not_quantities(text: str) -> None:
    assert list(find_quantities(text, Span(0, len(text)))) == []


@given(st.one_of(st.text(), TEXTS))
def test_random_text_gives_quantities_in_order_within_the_text(text: str) -> None:
    end = 0
    for quantity in find_quantities(text, Span(0, len(text))):
        assert end <= quantity.span.start < quantity.span.end <= len(text)
        end = quantity.span.end
