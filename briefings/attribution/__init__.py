"""Who said what: finds the quotations of an article, their cues and sources, and the people behind them."""

from briefings.attribution.attributions import find_attributions
from briefings.attribution.name_completion import complete_speakers
from briefings.attribution.quotations import extract_quotes

__all__ = ["complete_speakers", "extract_quotes", "find_attributions"]
