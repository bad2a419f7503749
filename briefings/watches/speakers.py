"""Tells whether a quotation's speaker is the one who is watched, by the rule of `/whosaid`.

A surname means everyone with it, and a full name only that person. A description with a person's name in it is not that
person: "Roe's supporters", "a spokesman for Roe".
"""

from functools import lru_cache

from briefings.attribution.name_clustering import is_speaker_meant
from briefings.model import Quote, Speaker
from briefings.text.folding import make_search_key


def is_by(quote: Quote, name: str | None) -> bool:
    """Whether a quote is by the speaker with this name, or a part of it. None means any speaker, or an unknown one."""
    return name is None or (quote.speaker is not None and is_meant(quote.speaker, name))


def is_named(quote: Quote, words: str) -> bool:
    """Whether words are the full name or the surname of the person who is quoted."""
    if quote.speaker is None or quote.speaker.anonymous:
        return False
    return f" {make_search_key(quote.speaker.name)}".endswith(f" {make_search_key(words)}")


@lru_cache(maxsize=65_536)
def is_meant(speaker: Speaker, name: str) -> bool:
    """Whether `name`, all or a part of a name, means a speaker; "Roe" does not mean "Roe's office"."""
    is_owner = f" {make_search_key(name)} s " in f" {make_search_key(speaker.name)} "
    return not is_owner and is_speaker_meant(speaker, name)
