"""Tell whether a feed contains a whole article or only its beginning."""

import re

from briefings.ingest.pages.html import extract_paragraphs

#: minimum number of words of a feed's text that counts as the whole article
MIN_WHOLE_ARTICLE_WORDS = 150
#: minimum number of words of what a feed calls an entry's content; less is a label such as "Comments"
_MIN_CONTENT_WORDS = 10
#: line that WordPress adds after an entry's text
_TRAILER = re.compile(
    r"\n(?:The post|This (?:article|post|story)) [^\n]{1,500} (?:appeared )?first (?:appeared )?on [^\n]{1,200}\Z"
)
#: ending of a text that continues on the website. "Read more: Mayor resigns" names another article
_CONTINUATION = re.compile(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.)\]|\bread more|\bcontinue reading|\bmore ?[»›→>]|(?:^|\n)(?:more|read on)"
    # a link in words of its own begins with a capital letter, also after a sentence that is cut
    r"|(?-i:(?=[A-Z]))\b(?:(?:read|see|view) (?:more|(?:the )?(?:full|whole|entire|original|rest)\b[^\n:.]{0,80})"
    r"(?: on [^\n:.]{1,60})?|read (?:it|this) (?:on|at) [^\n:.]{1,60}|(?:continue|keep) reading\b[^\n]{0,200}))"
    r"[\s.…»›→>\])]{0,10}\Z",
    re.IGNORECASE,
)
#: number of characters at the end of a text in which it is searched
_END_LENGTH = 1_000


def is_whole_article(html: str) -> bool:
    """Tell whether a feed's text (markup) is probably the whole article."""
    return _is_whole(html, MIN_WHOLE_ARTICLE_WORDS)


def is_whole_entry(html: str, *, is_content: bool) -> bool:
    """Tell whether the text of an entry (markup) is its whole article; a short one is, if the feed calls it content."""
    return _is_whole(html, _MIN_CONTENT_WORDS if is_content else MIN_WHOLE_ARTICLE_WORDS)


def _is_whole(html: str, min_words: int) -> bool:
    text = extract_paragraphs(html)
    end = _TRAILER.sub("", text[-_END_LENGTH:])
    return len(text.split()) >= min_words and _CONTINUATION.search(end) is None
