"""From articles and their quotes to answers, every line verbatim: briefings, who said what, a draft checked."""

from briefings.compose.builder import compose
from briefings.compose.draft_check.draft_parser import MAX_DRAFT_CHARACTERS, parse_quotations
from briefings.compose.draft_check.verdicts import check_quotations
from briefings.compose.who_said import answer_who_said, find_narration, group_into_hits, list_quotes_by, make_matcher

__all__ = [
    "MAX_DRAFT_CHARACTERS",
    "answer_who_said",
    "check_quotations",
    "compose",
    "find_narration",
    "group_into_hits",
    "list_quotes_by",
    "make_matcher",
    "parse_quotations",
]
