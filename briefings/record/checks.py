"""What a record can keep, checked before anything is written."""

from briefings.errors import BadInput
from briefings.model import Article
from briefings.record.numbers import PLACES
from briefings.record.taking import Arrival
from briefings.text.storable import why_not_storable


def check(came: Arrival) -> None:
    """Raises BadInput when an article, or what was found in it, cannot be kept."""
    check_storable(came.article)
    if len(came.quotes) > PLACES:
        raise BadInput(f"The article {came.article.id!r} holds over {PLACES:,} quotes. Split it and add its parts.")


def check_storable(article: Article) -> None:
    """Raises BadInput when an article holds characters that cannot be kept."""
    for text in (article.id, article.publisher, article.url, article.title, article.byline, article.text):
        if text is not None and (reason := why_not_storable(text)):
            raise BadInput(f"The article {article.id!r} {reason}. Correct it and add it again.")


def are_storable(*texts: str) -> bool:
    """Whether each of these could be kept."""
    return not any(why_not_storable(text) for text in texts)
