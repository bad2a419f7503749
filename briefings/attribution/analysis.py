"""What is found in an article before it is recorded: who is quoted in it, whom it names, and which engine looked.

Rule: an article alone decides what is found in it, so that it can be read again at any time, in any order.

The name of the engine: what says whether a record's quotes were found as they would be found today.

Rule: other weights or another release is another engine; nothing else is, so that the same program never reads a record
twice.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from briefings.article.language import Language, detect_language
from briefings.attribution import extract_quotes
from briefings.attribution.models import weights
from briefings.attribution.name_completion import KnownPerson, find_full_names
from briefings.model import Article, Quote

_DIGITS = 12


@cache
def get_engine_version() -> str:
    """The first 12 hexadecimal digits of SHA-256 over the release and the weights. Takes a few milliseconds, once."""
    weight_bytes = (files(weights) / weights.FILE).read_bytes()
    return sha256(version("on-the-record").encode() + b"\n" + weight_bytes).hexdigest()[:_DIGITS]


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
