"""What a sentence tells: days, quantities, names, and whether it happened, is expected, alleged or denied."""

from briefings.facts.amounts import Amount, Sort, amounts
from briefings.facts.sentence import Day, SentenceFacts, facts_of
from briefings.facts.state import State, is_to_come, state_of

__all__ = ["Amount", "Day", "SentenceFacts", "Sort", "State", "amounts", "facts_of", "is_to_come", "state_of"]
