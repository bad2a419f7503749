"""What a sentence tells: when, quantities, names, and whether it happened, is expected, alleged or denied."""

from briefings.facts.amounts import Quantity, QuantityKind, find_figures, find_quantities
from briefings.facts.sentence import SentenceFacts, extract_facts
from briefings.facts.state import Factuality, classify_factuality, is_expected
from briefings.facts.when import Anchor, NamedDay, NamedPeriod, find_single_day
from briefings.facts.written import find_anchor

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
    "find_quantities",
    "find_single_day",
    "is_expected",
]
