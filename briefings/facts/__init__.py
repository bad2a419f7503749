"""What a sentence says: when, how much, who, and whether it happened, is expected, alleged or denied."""

from briefings.facts.extraction import SentenceFacts, extract_facts
from briefings.facts.factuality import Factuality, classify_factuality, is_expected
from briefings.facts.publication_date import find_anchor, find_news_day
from briefings.facts.quantities import Quantity, QuantityKind, find_figures, find_quantities
from briefings.facts.temporal import Anchor, NamedDay, NamedPeriod, find_single_day

__all__ = [
    "Anchor",
    "Factuality",
    "NamedDay",
    "NamedPeriod",
    "Quantity",
    "QuantityKind",
    "SentenceFacts",
    "classify_factuality",
    "extract_facts",
    "find_anchor",
    "find_figures",
    "find_news_day",
    "find_quantities",
    "find_single_day",
    "is_expected",
]
