"""From an article as it came to one whose boilerplate is marked and whose own metadata is read.

Rule: what the caller knows stands; only what is missing is read from the text, and nothing is guessed.
"""

from dataclasses import replace

from briefings.article import credit
from briefings.article.boilerplate import boilerplate
from briefings.article.headline import headline
from briefings.model import Article


def parse(raw: Article) -> Article:
    """`raw` with boilerplate marked and, where it had none, title, byline and day from its text, which is untouched."""
    head = headline(raw)
    marked = boilerplate(raw.text, head)
    credits_ = [span.of(raw.text) for span in marked]
    return replace(
        raw,
        title=raw.title or (head.of(raw.text) if head else None),
        byline=raw.byline or next(filter(None, map(credit.byline, credits_)), None),
        published=raw.published or next(filter(None, map(credit.published, credits_)), None),
        boilerplate=marked,
    )
