"""From an article as it came to one whose boilerplate is marked and whose own metadata is read.

Rule: what the caller knows stands; only what is missing is read from the text, and nothing is guessed.
"""

from dataclasses import replace

from briefings.article import credit
from briefings.article.boilerplate import find_boilerplate
from briefings.article.headline import find_headline
from briefings.model import Article


def parse_article(raw: Article) -> Article:
    """`raw` with boilerplate marked and, where it had none, title, byline and day from its text, which is untouched."""
    headline_span = find_headline(raw)
    boilerplate_spans = find_boilerplate(raw.text, headline_span)
    credit_lines = [span.of(raw.text) for span in boilerplate_spans]
    return replace(
        raw,
        title=raw.title or (headline_span.of(raw.text) if headline_span else None),
        byline=raw.byline or next(filter(None, map(credit.parse_byline, credit_lines)), None),
        published=raw.published or next(filter(None, map(credit.parse_publication_date, credit_lines)), None),
        boilerplate=boilerplate_spans,
    )
