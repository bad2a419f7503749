"""News briefings in which every line is verbatim, and who said what, from a collection of articles.

    import briefings

    service = briefings.open("news.db")
    service.add("articles/")
    print(service.brief("budget").lines)

This package knows news, and nothing about where its answers are shown. Its public names are the service, the
answer types and the errors. They are imported on first use, so that `import briefings` takes milliseconds.
"""

from typing import TYPE_CHECKING

from briefings.distribution import __version__ as __version__
from briefings.late_names import import_late

if TYPE_CHECKING:
    from briefings.draft_report import Change, CheckedQuote, DraftCheck, Verdict
    from briefings.errors import (
        BadInput,
        BadQuestion,
        BadSettings,
        BriefingsError,
        DatabaseUnavailable,
        LimitExceeded,
        NothingFound,
    )
    from briefings.model import (
        ELISION,
        MIN_CERTAIN_CONFIDENCE,
        Article,
        Briefing,
        Context,
        Evidence,
        Hit,
        Kind,
        Line,
        Narration,
        Provenance,
        Quote,
        SearchTotals,
        Slot,
        Source,
        Span,
        Speaker,
        Topic,
        Variant,
        WhoSaid,
    )
    from briefings.person_report import (
        ComparedPerson,
        PersonComparison,
        PersonStatement,
        PersonTimeline,
        SideStatus,
        StatementReport,
    )
    from briefings.report import (
        DayCount,
        FigureSeries,
        FigureValue,
        NewsBriefing,
        NewsStory,
        Report,
        SuggestedTopic,
        TopicSuggestions,
    )
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
        OutletBook,
        OutletChange,
        PersonProfile,
        SearchResultsPage,
        Steps,
        TopicSummary,
        UnknownPerson,
        Wording,
        open,  # noqa: A004  # `briefings.open` reads like `gzip.open`
    )
    from briefings.service.bounded import BoundedSteps
    from briefings.source_filter import (
        NO_SOURCES,
        SourceFilter,
        build_source_filter,
        make_outlet_key,
        normalize_address,
    )
    from briefings.source_labels import get_source_name
    from briefings.speaker_labels import SpeakerLabel, SpeakerStatus, explain, label_hit, label_quote
    from briefings.wordings import list_other_wordings, list_same_wordings

#: searched in this order for a public name; the slow import comes last
_MODULES = (
    "errors",
    "model",
    "draft_report",
    "source_filter",
    "source_labels",
    "speaker_labels",
    "wordings",
    "report",
    "person_report",
    "service",
    "service.bounded",
)

__all__ = [
    "ELISION",
    "MAX_DRAFT_CHARACTERS",
    "MAX_PAGE",
    "MAX_VERSIONS",
    "MAX_WORDS",
    "MIN_CERTAIN_CONFIDENCE",
    "NO_SOURCES",
    "PAGE_SIZE",
    "AmbiguousName",
    "Article",
    "ArticleDefaults",
    "ArticleView",
    "BadInput",
    "BadQuestion",
    "BadSettings",
    "BoundedSteps",
    "Briefing",
    "BriefingService",
    "BriefingsError",
    "Change",
    "CheckedQuote",
    "ComparedPerson",
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
    "LimitExceeded",
    "Line",
    "Narration",
    "NewsBriefing",
    "NewsStory",
    "NothingFound",
    "NumberedQuote",
    "OutletBook",
    "OutletChange",
    "PersonComparison",
    "PersonProfile",
    "PersonStatement",
    "PersonTimeline",
    "Provenance",
    "Quote",
    "Report",
    "SearchResultsPage",
    "SearchTotals",
    "SideStatus",
    "Slot",
    "Source",
    "SourceFilter",
    "Span",
    "Speaker",
    "SpeakerLabel",
    "SpeakerStatus",
    "StatementReport",
    "Steps",
    "SuggestedTopic",
    "Topic",
    "TopicSuggestions",
    "TopicSummary",
    "UnknownPerson",
    "Variant",
    "Verdict",
    "WhoSaid",
    "Wording",
    "build_source_filter",
    "explain",
    "get_source_name",
    "label_hit",
    "label_quote",
    "list_other_wordings",
    "list_same_wordings",
    "make_outlet_key",
    "normalize_address",
    "open",
]

__getattr__ = import_late(__name__, __all__, _MODULES)
