"""The text of an article as the analysis reads it: boilerplate is blank, hard-wrapped lines are joined.

Rule: the view has the length of the article's text, so an offset means the same character in both.
"""

from briefings.model import Article
from briefings.text.spans import mask_spans
from briefings.text.wrapped_lines import unwrap_lines


def build_prose_view(article: Article) -> str:
    """Return the text of `article` without boilerplate and without wrapped lines, at the same length."""
    return mask_spans(unwrap_lines(article.text), article.boilerplate)
