"""News briefings in which every line is verbatim, and who said what, from a collection of articles.

    import briefings

    service = briefings.open("news.db")
    service.add("articles/")
    print(service.brief("budget").lines)

This package knows news, and nothing about where its answers are shown. Its public names are the service, the
answer types and the errors. They are imported on first use, so that `import briefings` takes milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefings.errors import (
        BadInput,
        BadQuestion,
        BadSettings,
        BriefingsError,
        DatabaseUnavailable,
        NothingFound,
    )
    from briefings.model import (
        ELISION,
        MIN_CERTAIN_CONFIDENCE,
        Article,
        Briefing,
        Change,
        CheckedQuote,
        Context,
        DraftCheck,
        Evidence,
        Hit,
        Kind,
        Line,
        Narration,
        Quote,
        SearchTotals,
        Slot,
        Source,
        Span,
        Speaker,
        Topic,
        Variant,
        Verdict,
        WhoSaid,
    )
    from briefings.report import DayCount, FigureSeries, FigureValue, Report
    from briefings.service import (
        MAX_DRAFT_CHARACTERS,
        MAX_PAGE,
        MAX_VERSIONS,
        MAX_WORDS,
        PAGE_SIZE,
        AmbiguousName,
        ArticleDefaults,
        ArticleView,
        BriefingService,
        IngestedArticle,
        NumberedQuote,
        PersonProfile,
        SearchResultsPage,
        TopicSummary,
        UnknownPerson,
        Wording,
        open,  # noqa: A004  # `briefings.open` reads like `gzip.open`
    )
    from briefings.source_labels import get_source_name
    from briefings.speaker_labels import SpeakerLabel, SpeakerStatus, explain, label_hit, label_quote
    from briefings.wordings import list_other_wordings, list_same_wordings

#: searched in this order for a public name; the slow import comes last
_MODULES = ("errors", "model", "source_labels", "speaker_labels", "wordings", "report", "service")

__all__ = [
    "ELISION",
    "MAX_DRAFT_CHARACTERS",
    "MAX_PAGE",
    "MAX_VERSIONS",
    "MAX_WORDS",
    "MIN_CERTAIN_CONFIDENCE",
    "PAGE_SIZE",
    "AmbiguousName",
    "Article",
    "ArticleDefaults",
    "ArticleView",
    "BadInput",
    "BadQuestion",
    "BadSettings",
    "Briefing",
    "BriefingService",
    "BriefingsError",
    "Change",
    "CheckedQuote",
    "Context",
    "DatabaseUnavailable",
    "DayCount",
    "DraftCheck",
    "Evidence",
    "FigureSeries",
    "FigureValue",
    "Hit",
    "IngestedArticle",
    "Kind",
    "Line",
    "Narration",
    "NothingFound",
    "NumberedQuote",
    "PersonProfile",
    "Quote",
    "Report",
    "SearchResultsPage",
    "SearchTotals",
    "Slot",
    "Source",
    "Span",
    "Speaker",
    "SpeakerLabel",
    "SpeakerStatus",
    "Topic",
    "TopicSummary",
    "UnknownPerson",
    "Variant",
    "Verdict",
    "WhoSaid",
    "Wording",
    "explain",
    "get_source_name",
    "label_hit",
    "label_quote",
    "list_other_wordings",
    "list_same_wordings",
    "open",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # the types are those of the imports above
    """Import a public name on first use. Raises AttributeError for any other name."""
    if name in __all__:
        for module in (import_module(f"{__name__}.{module}") for module in _MODULES):
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
