"""Application services: briefing, who said it, draft check, search and ingestion."""

from briefings.compose import MAX_DRAFT_CHARACTERS
from briefings.service.article_view import MAX_VERSIONS, ArticleView, NumberedQuote
from briefings.service.article_wordings import Wording
from briefings.service.ingestion import ArticleDefaults, IngestedArticle
from briefings.service.person_search import MAX_PAGE, PAGE_SIZE, AmbiguousName, PersonProfile, UnknownPerson
from briefings.service.quote_search import SearchResultsPage
from briefings.service.service import (
    MAX_WORDS,
    BriefingService,
    open,  # noqa: A004  # `briefings.open` reads like `gzip.open`
)
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
    "PersonProfile",
    "SearchResultsPage",
    "TopicSummary",
    "UnknownPerson",
    "Wording",
    "open",
]
