"""From articles and their quotes to answers, every line verbatim: briefings, who said what, a draft checked.

The names below are imported on first use: a question needs one kind of answer.
"""

from typing import TYPE_CHECKING

from briefings.late_names import import_late

if TYPE_CHECKING:
    from briefings.compose.builder import compose
    from briefings.compose.draft_check.draft_parser import MAX_DRAFT_CHARACTERS, ParsedDraft, parse_draft
    from briefings.compose.draft_check.verdicts import check_quotations
    from briefings.compose.who_said.hits import build_hits
    from briefings.compose.who_said.search import (
        MAX_HITS,
        Utterances,
        answer_who_said,
        find_nearest,
        find_utterances,
        group_into_hits,
        group_matching_quotes,
        group_quotes_by,
        make_matcher,
    )

__all__ = [
    "MAX_DRAFT_CHARACTERS",
    "MAX_HITS",
    "ParsedDraft",
    "Utterances",
    "answer_who_said",
    "build_hits",
    "check_quotations",
    "compose",
    "find_nearest",
    "find_utterances",
    "group_into_hits",
    "group_matching_quotes",
    "group_quotes_by",
    "make_matcher",
    "parse_draft",
]

__getattr__ = import_late(
    __name__,
    __all__,
    ("who_said.search", "who_said.hits", "draft_check.draft_parser", "draft_check.verdicts", "builder"),
)
