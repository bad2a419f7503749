"""What a record can keep, checked before anything is written."""

from briefings.errors import BadInput
from briefings.model import Article
from briefings.record.numbers import QUOTES_PER_ARTICLE
from briefings.record.taking import Arrival
from briefings.text.spans import explain_unstorable


def check_arrival(arrival: Arrival) -> None:
    """Raises BadInput when an article, or what was found in it, cannot be kept."""
    check_storable(arrival.article)
    if len(arrival.quotes) > QUOTES_PER_ARTICLE:
        raise BadInput(
            f"The article {arrival.article.id!r} holds over {QUOTES_PER_ARTICLE:,} quotes. Split it and add its parts."
        )


def check_storable(article: Article) -> None:
    """Raises BadInput when an article holds characters that cannot be kept."""
    for text in (article.id, article.publisher, article.url, article.title, article.byline, article.text):
        if text is not None and (reason := explain_unstorable(text)):
            raise BadInput(f"The article {article.id!r} {reason}. Correct it and add it again.")


def are_storable(*texts: str) -> bool:
    """Whether each of these could be kept."""
    return not any(explain_unstorable(text) for text in texts)
