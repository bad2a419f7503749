"""Who said what: finds the quotations of an article, their cues and sources, and the people behind them."""

from briefings.quotes.extract import extract
from briefings.quotes.story import resolve

__all__ = ["extract", "resolve"]
