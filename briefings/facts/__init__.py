"""What a sentence tells: days, figures, and whether it has happened or is still to come."""

from briefings.facts.sentence import Day, SentenceFacts, facts_of, is_to_come

__all__ = ["Day", "SentenceFacts", "facts_of", "is_to_come"]
