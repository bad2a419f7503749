"""Values of watches: what is watched, and what a watch finds in one article.

Rule: a finding has only spans of the article and its stored quotes, so that nothing in a notice can differ from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from briefings.errors import BadQuestion
from briefings.model import Article, Quote, Span
from briefings.text.folding import make_search_key
from briefings.text.lexicon import load_words

ArticleWithQuotes = tuple[Article, Sequence[Quote]]


@dataclass(frozen=True, slots=True)
class WatchQuery:
    """What is watched. All parts that are set must be true of one article.

    Raises BadQuestion unless there is a phrase, words or a speaker, and for a part without letters and digits.
    """

    #: a run of words, verbatim as in `/whosaid`: in a quotation, or anywhere in the text
    phrase: str | None = None
    #: words that are near each other in the text, or all in the title; or the slug or title of a topic
    words: str = ""
    #: the speaker's name, or a part of it
    by: str | None = None
    #: what the quotation or the sentence is about, in words; or the slug or title of a topic that the article is on
    about: str | None = None
    #: the name of the outlet, or a part of it
    outlet: str | None = None

    def __post_init__(self) -> None:
        for name, value in (
            ("phrase", self.phrase),
            ("words", self.words or None),
            ("speaker", self.by),
            ("subject", self.about),
            ("outlet", self.outlet),
        ):
            if value is not None and not make_search_key(value):
                raise BadQuestion(f"The {name} of a watch has no words. Add some, or remove the {name}.")
        if not (self.phrase or self.words or self.by):
            raise BadQuestion('Say what to watch for, for example: watch "lynch-mob"')


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch. Several watches may have equal queries."""

    id: int
    query: WatchQuery


@dataclass(frozen=True, slots=True)
class WatchFinding:
    """The best place in an article that a query matches.

    With a `quote`, the words are in that quotation or in its sentence, or its speaker is the one who is watched. The
    quote is as stored: a speaker that is not certain stays uncertain. Without one, the words are in the article, and
    no speaker is quoted with them.
    """

    #: id of the article
    article: str
    quote: Quote | None
    #: the sentences of the article that contain the quotation or the words; None if only the title has the words
    sentence: Span | None
    #: where the words are in the article's text, in order; () if only the title has them, or if only a speaker is named
    matches: tuple[Span, ...] = ()


class WatchMatch(NamedTuple):
    """A watch that an article matches. Watches with equal queries share one finding."""

    watch_id: int
    finding: WatchFinding


@dataclass(frozen=True, slots=True)
class WatchPreview:
    """What a watch would have found in the stored articles, newest first."""

    findings: tuple[tuple[Article, WatchFinding], ...]
    #: there may be more, in older articles that were not read
    is_bounded: bool = False


def has_only_common_words(text: str) -> bool:
    """Whether a text has words, and each of them is in nearly every article: "of the"."""
    words = make_search_key(text).split()
    return bool(words) and all(word in load_words("stop_words") for word in words)
