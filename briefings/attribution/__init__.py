"""Who said what: finds the quotations of an article, their cues and sources, and the people who speak.

The names below are imported on first use: answers from stored quotes need none of the models.
"""

from typing import TYPE_CHECKING

from briefings.late_names import import_late

if TYPE_CHECKING:
    from briefings.attribution.analysis import extract_quotes, get_engine_version
    from briefings.attribution.attributions import find_attributions
    from briefings.attribution.batch import generate_json_lines
    from briefings.attribution.name_completion import complete_quotes, complete_speakers

__all__ = [
    "complete_quotes",
    "complete_speakers",
    "extract_quotes",
    "find_attributions",
    "generate_json_lines",
    "get_engine_version",
]

__getattr__ = import_late(__name__, __all__, ("name_completion", "attributions", "analysis", "batch"))
