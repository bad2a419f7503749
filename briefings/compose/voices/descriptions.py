"""Tell which descriptions can replace a name: "a senior harbour official", not "the teen" or "many people".

Rule: a description that points back ("the official") means a person that the line does not name. One word says too
little, unless it is a body ("police").
"""

import re

from briefings.model import Article, Quote
from briefings.text import lexicon
from briefings.text.folding import fold

_POINTING = re.compile(
    r"(?:another|each|he|her|his|it|its|many|most|one|only|other|others|she|some|that|their|these|they|this|those|who)\b"
)
_FORMER = re.compile(r"\b(?:ex|former|then)\b|-based\b")
_PREPOSITION = re.compile(r"\s(?:at|by|close|familiar|for|from|in|of|on|to|who|with)\s")
#: minimum words of a description, unless it is a body
_MIN_WORDS = 2


def can_show_description(article: Article, quote: Quote) -> bool:
    """Tell whether a quote's speaker is named, or described so that a reader can place them."""
    if quote.speaker is None or not quote.speaker.anonymous:
        return True
    mention = fold(quote.source.of(article.text)) if quote.source else ""
    head = fold(_PREPOSITION.split(f"{quote.speaker.name} ", maxsplit=1)[0]).split()[-1]
    is_body = head in lexicon.load_words("organisations") or head in lexicon.load_words("speaking_bodies")
    if head in lexicon.load_words("outlet_nouns") or (not is_body and not _is_office(head)) or _POINTING.match(mention):
        return False
    if mention.startswith("the "):
        return not _FORMER.search(mention) and any(word[:1].isupper() for word in quote.speaker.name.split())
    return len(quote.speaker.name.split()) >= _MIN_WORDS or is_body


def _is_office(head: str) -> bool:
    """Tell whether a word, in the singular or plural, heads an office."""
    offices = lexicon.load_words("offices")
    return head in offices or (head.endswith("s") and head[:-1] in offices)
