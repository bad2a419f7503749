"""Who said what: finds the quotations of an article, their cues and sources, and the people who speak."""

from briefings.attribution.analysis import extract_quotes, get_engine_version
from briefings.attribution.attributions import find_attributions
from briefings.attribution.batch import generate_json_lines
from briefings.attribution.name_completion import complete_speakers

__all__ = [
    "complete_speakers",
    "extract_quotes",
    "find_attributions",
    "generate_json_lines",
    "get_engine_version",
]
