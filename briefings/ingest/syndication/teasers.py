"""Tell whether a feed contains a whole article or only its beginning."""

from briefings.ingest.pages.html import extract_paragraphs

#: minimum number of words of a feed's text that counts as the whole article
MIN_WHOLE_ARTICLE_WORDS = 150
#: endings of a feed's text that continues on the website
_CONTINUATION_ENDINGS = ("…", "...", "[…]", "[...]", "read more", "continue reading", "read more.", "more »")


def is_whole_article(html: str) -> bool:
    """Tell whether a feed's text (markup) is probably the whole article."""
    text = extract_paragraphs(html)
    return len(text.split()) >= MIN_WHOLE_ARTICLE_WORDS and not text.casefold().endswith(_CONTINUATION_ENDINGS)
