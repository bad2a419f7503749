"""Tells whether an article's words for a speaker contradict the person: "Mr Roe" and "he" are not Jane Roe.

Rule: only contradictions count. A first name whose gender is not known contradicts no one, nor do words such as "the
mayor".
"""

import re

from briefings.model import Article, Kind, Quote
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.words import load_table

_PRONOUN_GENDERS = {"he": "m", "she": "f"}
_REPORTED_SELF = re.compile(r"^(?:that\s+)?(?:he|she|they)\b", re.IGNORECASE)


def contradicts_person(article: Article, quote: Quote, name: str) -> bool:
    """Whether the words for the speaker of a quotation cannot mean the person with this full name."""
    if quote.source is None:
        return False
    words, name_words = make_search_key(quote.source.of(article.text)).split(), make_search_key(name).split()
    own_gender = load_table("first_names").get(name_words[0], "u") if len(name_words) > 1 else "u"
    genders = {own_gender, _get_gender(words, name_words)}
    return {"m", "f"} <= genders or _names_another(article, quote, words, name_words[-1])


def _get_gender(words: list[str], name_words: list[str]) -> str:
    """Return m or f if a pronoun, or a title before a name, tells it; or u. "King" alone is a surname."""
    if len(words) > 1 and words[0] not in name_words:
        return load_table("honorifics").get(words[0], "u")
    return _PRONOUN_GENDERS.get(words[0], "u") if words else "u"


def _names_another(article: Article, quote: Quote, source_words: list[str], surname: str) -> bool:
    """Whether the paraphrase of a "he" has the person's name: "he said that he never paid Roe" is not Roe's."""
    if quote.kind is not Kind.INDIRECT or not source_words or source_words[0] not in _PRONOUN_GENDERS:
        return False
    words = quote.span.of(article.text)
    return bool(_REPORTED_SELF.match(words)) and contains_phrase(words, surname)
