"""What requests about people have in common: words for what was said. Pure."""

import re

_SPEECH_NOUNS = (
    r"(?:quotes?|quotations?|statements?|positions?|views?|words|remarks?|comments?|stances?|speeches|opinions?)"
)
_POSSESSIVE = re.compile(rf"(?<=\w)['’]s?\s+{_SPEECH_NOUNS}\b", re.IGNORECASE)
_NAME_END = re.compile(rf"(?:['’]s?|(?<=s)['’])(?:\s+{_SPEECH_NOUNS})?$", re.IGNORECASE)


def drop_speech_nouns(text: str) -> str:
    """Return "Roe on the ferry" for "Roe's remarks on the ferry"."""
    return _POSSESSIVE.sub("", text)


def drop_name_end(name: str) -> str:
    """Return "Roe" for "Roe's" and "Roe's views"."""
    return _NAME_END.sub("", name)
