"""Which part of an article's text is its headline.

Rule: the first line, when it is the title that is known, or when it is short and does not end as a sentence ends.
"""

from briefings.model import Article, Span
from briefings.text.folding import fold
from briefings.text.sentences import split_paragraphs

#: words; longer first lines are taken for prose that lost its full stop
MAX_HEADLINE_WORDS = 30
_ENDINGS = ".?!:;,"
_CLOSING_MARKS = "\"'”’)]»"


def find_headline(article: Article) -> Span | None:
    """The span of the headline within the text, or None when the text has none."""
    lines = split_paragraphs(article.text)
    if len(lines) < 2:
        return None
    first = lines[0].of(article.text)
    if article.title is not None and fold(first) == fold(article.title.strip()):
        return lines[0]
    return None if ends_as_prose(first) or len(first.split()) > MAX_HEADLINE_WORDS else lines[0]


def ends_as_prose(line: str) -> bool:
    """Whether a line ends as a sentence or clause of running text does, closing marks aside."""
    return line.rstrip(_CLOSING_MARKS).endswith(tuple(_ENDINGS)) or line.endswith(("…", "-", "–", "—"))
