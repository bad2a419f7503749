"""Every quantity a sentence tells: its words, its kind, its values, its unit and its hedge."""

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
    ("text", "words", "sort", "values", "unit", "hedge"),
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
def test_a_quantity_is_read(
    text: str, words: str, sort: QuantityKind, values: tuple[float, ...], unit: str | None, hedge: str | None
) -> None:
    (found,) = find_quantities(text, Span(0, len(text)))
    assert (found.span.of(text), found.kind, found.values, found.unit, found.hedge) == (
        words,
        sort,
        values,
        unit,
        hedge,
    )


@pytest.mark.parametrize(
    "text", ["On 28 June they met.", "In 2016 they met.", "On June 28 they met.", "The A380 left."]
)
def test_days_years_and_codes_are_none(text: str) -> None:
    assert list(find_quantities(text, Span(0, len(text)))) == []


@given(st.one_of(st.text(), TEXTS))
def test_any_text_gives_quantities_in_order_within_it(text: str) -> None:
    end = 0
    for found in find_quantities(text, Span(0, len(text))):
        assert end <= found.span.start < found.span.end <= len(text)
        end = found.span.end
