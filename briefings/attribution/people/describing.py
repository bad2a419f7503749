"""The article's own words for an unnamed source."""

from briefings.attribution.features.clause import find_link_after
from briefings.attribution.features.document import Document
from briefings.model import Speaker


def describe_mention(document: Document, number: int) -> str:
    """Return the words for an unnamed source, with its complement: "spokesman for the Trump campaign"."""
    mentions, words = document.mentions, document.tokens.words
    first, end = int(mentions.first[number]), int(mentions.last[number])
    next_mention = number + 1
    for _ in range(2):
        continuation = find_link_after(document, end)
        if continuation >= 0:
            while next_mention < len(mentions) and mentions.first[next_mention] < continuation:
                next_mention += 1
            while next_mention + 1 < len(mentions) and mentions.first[next_mention + 1] == mentions.first[next_mention]:
                next_mention += 1
            if next_mention < len(mentions) and mentions.first[next_mention] == continuation:
                end = int(mentions.last[next_mention])
                continue
        break
    if words[first].lower() in ("the", "a", "an") and end - first > 1:
        first += 1
    phrase = " ".join(document.text[document.tokens.starts[first] : document.tokens.ends[end - 1]].split())
    return phrase[:160]


def describe_unnamed(words: str) -> Speaker | None:
    """Return a source as its own words describe it, or None if they are a name or a pronoun: "the official"."""
    phrase = words.split()
    if phrase and phrase[0].lower() in ("the", "a", "an"):
        phrase = phrase[1:]
    is_description = bool(phrase) and phrase[-1].islower() and len(words.split()) > 1
    return Speaker(" ".join(phrase), anonymous=True) if is_description else None
