"""What a sentence tells: when, quantities, names, and whether it happened, is expected, alleged or denied."""

from briefings.facts.amounts import Amount, Sort, amounts, figures
from briefings.facts.sentence import SentenceFacts, facts_of
from briefings.facts.state import State, is_to_come, state_of
from briefings.facts.when import Anchor, Day, NamedPeriod, day_told
from briefings.facts.written import written

__all__ = [
    "Amount",
    "Anchor",
    "Day",
    "NamedPeriod",
    "SentenceFacts",
    "Sort",
    "State",
    "amounts",
    "day_told",
    "facts_of",
    "figures",
    "is_to_come",
    "state_of",
    "written",
]
