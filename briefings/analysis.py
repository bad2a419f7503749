"""What is found in an article before it is recorded: who is quoted in it, whom it names, and which engine looked.

Rule: an article alone decides what is found in it, so that it can be read again at any time, in any order.
"""

from dataclasses import dataclass

from briefings.article.language import Language, language
from briefings.model import Article, Quote
from briefings.quotes import extract
from briefings.quotes.story import Known, named_in_full
from briefings.quotes.version import engine


@dataclass(frozen=True, slots=True)
class Analysis:
    """What `engine` (`quotes.version`) found in one article: quotes in their order, and people and bodies by name."""

    quotes: tuple[Quote, ...]
    names: tuple[Known, ...]
    engine: str


def analyse(article: Article) -> Analysis:
    """Reads a parsed article."""
    if language(article) is Language.OTHER:
        # other languages have other marks of quotation: what stands between two of them may be the paper's own words
        return Analysis((), (), engine())
    return Analysis(extract(article), named_in_full(article), engine())
