"""From articles and their quotes to answers, every line verbatim: briefings, who said what, a draft checked."""

from briefings.compose.builder import compose
from briefings.compose.draft_check.draft_parser import MAX_DRAFT_CHARACTERS, parse_quotations
from briefings.compose.draft_check.verdicts import check_quotations
from briefings.compose.who_said import (
    MAX_HITS,
    Utterances,
    answer_who_said,
    build_hits,
    find_utterances,
    group_into_hits,
    group_matching_quotes,
    group_quotes_by,
    make_matcher,
)

__all__ = [
    "MAX_DRAFT_CHARACTERS",
    "MAX_HITS",
    "Utterances",
    "answer_who_said",
    "build_hits",
    "check_quotations",
    "compose",
    "find_utterances",
    "group_into_hits",
    "group_matching_quotes",
    "group_quotes_by",
    "make_matcher",
    "parse_quotations",
]
