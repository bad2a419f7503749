"""Describes the query of a watch in words, and as the question that finds what it would have found. Pure."""

from bot.queries.queries import WhoSaidQuery
from bot.slack.blocks import mrkdwn
from briefings.watches import WatchQuery

#: longest name or words in a description, in characters
_MAX_PART = 120


def describe_query(query: WatchQuery) -> str:
    """Return the query in words, as markup: “lynch-mob” by John McDonnell in The Tribune."""
    words = [f"“{mrkdwn.shorten(query.phrase, _MAX_PART)}”"] if query.phrase else []
    words += [f"the words “{mrkdwn.shorten(query.words, _MAX_PART)}”"] if query.words else []
    parts = [" and ".join(words)] if words else ["quotes"]
    filters = (("by", query.by), ("about", query.about), ("in", query.outlet))
    parts += [f"{name} {mrkdwn.shorten(value, _MAX_PART)}" for name, value in filters if value]
    return " ".join(parts)


def to_question(query: WatchQuery) -> WhoSaidQuery:
    """Return the question that finds what the watch would have found."""
    words = query.phrase or query.words
    about = query.about or (query.words if query.phrase and query.words else None)
    return WhoSaidQuery(words, query.by, about, query.outlet)
