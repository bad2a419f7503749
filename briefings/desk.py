"""The façade: what the outside may ask. Everything else in this package is reached through here.

(Interface agreed first; the implementation lands next.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from briefings.model import Article, Briefing, Searched, Topic, WhoSaid


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic and how much the record holds on it: counts of articles, and the newest article's day."""

    topic: Topic
    articles: int
    newest: date | None


class Desk:
    """Answers questions from one record. Blocking: call it off the event loop. Safe to call from several threads."""

    def brief(self, ask: str, *, words: int = 400, since: date | None = None, until: date | None = None) -> Briefing:
        """The briefing on a topic slug or on free words. Raises BadQuestion, NothingFound (with `.nearest`)."""
        raise NotImplementedError

    def who_said(self, words: str, *, by: str | None = None) -> WhoSaid:
        """Who said `words`. Raises BadQuestion when nothing is left to look for."""
        raise NotImplementedError

    def topics(self) -> tuple[TopicSummary, ...]:
        """Every topic, newest article first."""
        raise NotImplementedError

    def searched(self) -> Searched:
        """How much the record holds."""
        raise NotImplementedError

    def add(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Adds articles; gives the ids that were new. Adding one again changes nothing."""
        raise NotImplementedError
