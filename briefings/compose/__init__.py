"""From articles and their quotes to answers in which every line is verbatim: briefings, and who said what."""

from briefings.compose.briefing import compose
from briefings.compose.who_said import spoken_by, who_said

__all__ = ["compose", "spoken_by", "who_said"]
