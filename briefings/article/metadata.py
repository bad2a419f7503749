"""Which part of an article's text is its headline.

Rule: the first line, when it is the title that is known, or when it is short and does not end as a sentence ends.

Reads what a credit line tells: who wrote the article and on which day it appeared.

Rule: a day counts only after words that say that it is the article's own: a caption or a link to another story has days
too, a copyright has a year, and an amendment comes later.
"""

import re
from datetime import date

from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.dates import find_absolute_dates
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


_WRITTEN_BY = re.compile(r"\b(?i:written by) ((?:[^\W\d_][\w'’.-]* ?){1,6})")
_PUBLICATION_CUE = re.compile(r"\b(?:written by|published|posted|appeared)\b", re.IGNORECASE)


def parse_publication_date(line: str) -> date | None:
    """The first full date (day, month and year) in a credit line, after the words that make it one."""
    match = _PUBLICATION_CUE.search(line)
    return next((date_words.day for date_words in find_absolute_dates(line[match.end() :])), None) if match else None


def parse_byline(line: str) -> str | None:
    """The writer's name after "written by", without the office that may follow it."""
    match = _WRITTEN_BY.search(line)
    if match is None:
        return None
    name: list[str] = []
    for word in match.group(1).split():
        if not word[0].isupper() or word.lower() in lexicon.load_words("byline_roles"):
            break
        name.append(word)
    return " ".join(name) or None
