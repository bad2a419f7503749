"""From articles and their quotes to answers, every line verbatim: briefings, who said what, a draft checked."""

from briefings.compose.briefing import compose
from briefings.compose.check import check
from briefings.compose.quotations import quotations
from briefings.compose.who_said import holding, listed, narrated, spoken_by, who_said

__all__ = [
    "check",
    "compose",
    "holding",
    "listed",
    "narrated",
    "quotations",
    "spoken_by",
    "who_said",
]
