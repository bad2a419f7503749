"""Who said what: finds the quotations of an article, their cues and sources, and the people behind them."""

from briefings.quotes.attributions import attributions
from briefings.quotes.quotations import extract
from briefings.quotes.story import resolve

__all__ = ["attributions", "extract", "resolve"]
