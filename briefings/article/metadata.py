"""Find an article's headline in its text, and read byline and publication date from a credit line.

Rule: the headline is the first line, if it equals the known title or is short and does not end like a sentence. Rule:
a date counts only after words that mark it as the article's own. Captions and links to other stories have dates too,
a copyright line has a year, and a correction comes later.
"""

import re
from datetime import date

from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.dates import find_absolute_dates
from briefings.text.folding import fold
from briefings.text.sentences import split_paragraphs

#: words; a longer first line is taken for prose that lost its full stop
MAX_HEADLINE_WORDS = 30
_ENDINGS = ".?!:;,"
_CLOSING_MARKS = "\"'”’)]»"
_WRITTEN_BY = re.compile(r"\b(?i:written by) ((?:[^\W\d_][\w'’.-]* ?){1,6})")
_PUBLICATION_CUE = re.compile(r"\b(?:written by|published|posted|appeared)\b", re.IGNORECASE)


def find_headline(article: Article) -> Span | None:
    """Return the span of the headline within the text, or None if the text has none."""
    lines = split_paragraphs(article.text)
    if len(lines) < 2:
        return None
    first = lines[0].of(article.text)
    if article.title is not None and fold(first) == fold(article.title.strip()):
        return lines[0]
    return None if ends_as_prose(first) or len(first.split()) > MAX_HEADLINE_WORDS else lines[0]


def ends_as_prose(line: str) -> bool:
    """Whether a line ends like a sentence or clause of running text, ignoring closing marks."""
    return line.rstrip(_CLOSING_MARKS).endswith(tuple(_ENDINGS)) or line.endswith(("…", "-", "–", "—"))


def parse_publication_date(line: str) -> date | None:
    """Return the first full date (day, month and year) after the publication words in a credit line, or None."""
    match = _PUBLICATION_CUE.search(line)
    return next((date_words.day for date_words in find_absolute_dates(line[match.end() :])), None) if match else None


def parse_byline(line: str) -> str | None:
    """Return the writer's name after "written by", without a job title that follows it, or None."""
    match = _WRITTEN_BY.search(line)
    if match is None:
        return None
    name: list[str] = []
    for word in match.group(1).split():
        if not word[0].isupper() or word.lower() in lexicon.load_words("byline_roles"):
            break
        name.append(word)
    return " ".join(name) or None
