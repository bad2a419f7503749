"""The text of an article as the analysis reads it: boilerplate is blank, wrapped lines are joined, marks are folded.

Rule: the view has the length of the article's text, so an offset means the same character in both.
"""

from briefings.model import Article
from briefings.text.mark_folding import fold_quotation_marks
from briefings.text.spans import mask_spans
from briefings.text.wrapped_lines import unwrap_lines


def build_prose_view(article: Article) -> str:
    """Return the text of `article` without boilerplate and wrapped lines, with curly marks, at the same length."""
    return mask_spans(fold_quotation_marks(unwrap_lines(article.text)), article.boilerplate)
