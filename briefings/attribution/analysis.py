"""Analyse one article before it is stored: its quotes, the people it names, and the engine version.

Rule: the result depends on the article only, so an article can be analysed again at any time, in any order. Rule: new
weights or a new release make a new engine version; nothing else does. The same program never analyses an article
twice.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from briefings.article.language import Language, detect_language
from briefings.attribution.models import weights
from briefings.attribution.name_completion import KnownPerson, find_full_names
from briefings.attribution.quotations import extract_quotes
from briefings.model import Article, Quote

_DIGITS = 12


@cache
def get_engine_version() -> str:
    """Return the first 12 hex digits of SHA-256 over the release and the weights.

    Takes a few milliseconds, then is cached.
    """
    weight_bytes = (files(weights) / weights.FILE).read_bytes()
    return sha256(version("on-the-record").encode() + b"\n" + weight_bytes).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Result of the analysis: quotes in text order, people named in full, and the engine version (`quotes.version`)."""

    quotes: tuple[Quote, ...]
    names: tuple[KnownPerson, ...]
    engine: str


def analyse(article: Article) -> Analysis:
    """Analyse a parsed article. An article in another language has no quotes and no names."""
    if detect_language(article) is Language.OTHER:
        # other languages use other quotation marks: text between two of them can be the paper's own words
        return Analysis((), (), get_engine_version())
    return Analysis(extract_quotes(article), find_full_names(article), get_engine_version())
