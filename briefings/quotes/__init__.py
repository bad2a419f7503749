"""Who said what: finds the quotations of an article, their cues and sources, and the people behind them."""

from briefings.quotes.attributions import find_attributions
from briefings.quotes.quotations import extract_quotes
from briefings.quotes.story import complete_speakers

__all__ = ["complete_speakers", "extract_quotes", "find_attributions"]
