"""Application services: briefing, who said it, draft check, search and ingestion."""

from briefings.compose import MAX_DRAFT_CHARACTERS
from briefings.service.article_views.view import MAX_VERSIONS, ArticleView, NumberedQuote
from briefings.service.article_views.wordings import Wording
from briefings.service.bounded import Steps
from briefings.service.person_search import MAX_PAGE, PAGE_SIZE, AmbiguousName, PersonProfile, UnknownPerson
from briefings.service.quote_search import SearchResultsPage
from briefings.service.service import (
    MAX_WORDS,
    BriefingService,
    open,  # noqa: A004  # `briefings.open` reads like `gzip.open`
)
from briefings.service.sources.ingestion import ArticleDefaults, IngestedArticle
from briefings.service.sources.outlet_book import OutletBook, OutletChange
from briefings.service.story_reader import TopicSummary

__all__ = [
    "MAX_DRAFT_CHARACTERS",
    "MAX_PAGE",
    "MAX_VERSIONS",
    "MAX_WORDS",
    "PAGE_SIZE",
    "AmbiguousName",
    "ArticleDefaults",
    "ArticleView",
    "BriefingService",
    "IngestedArticle",
    "NumberedQuote",
    "OutletBook",
    "OutletChange",
    "PersonProfile",
    "SearchResultsPage",
    "Steps",
    "TopicSummary",
    "UnknownPerson",
    "Wording",
    "open",
]
