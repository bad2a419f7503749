"""What is found in an article before it is recorded: who is quoted in it, whom it names, and which engine looked.

Rule: an article alone decides what is found in it, so that it can be read again at any time, in any order.
"""

from dataclasses import dataclass

from briefings.article.language import Language, detect_language
from briefings.model import Article, Quote
from briefings.quotes import extract_quotes
from briefings.quotes.story import KnownPerson, find_full_names
from briefings.quotes.version import get_engine_version


@dataclass(frozen=True, slots=True)
class Analysis:
    """What `engine` (`quotes.version`) found in one article: quotes in their order, and people and bodies by name."""

    quotes: tuple[Quote, ...]
    names: tuple[KnownPerson, ...]
    engine: str


def analyse(article: Article) -> Analysis:
    """Reads a parsed article."""
    if detect_language(article) is Language.OTHER:
        # other languages have other marks of quotation: what stands between two of them may be the paper's own words
        return Analysis((), (), get_engine_version())
    return Analysis(extract_quotes(article), find_full_names(article), get_engine_version())
