"""Reads typed questions with the names in the stored articles, so that "McDonnell" is read as a speaker.

Rule: a question is read on a worker thread, because names are looked up in the database. Equal questions within a few
seconds are read once, so that a cached answer needs no thread.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date

from bot.answers.current_topics import load_topics_key
from bot.answers.left_out import FindLeftOut, LeftOut, leave_out_nothing
from bot.queries.grammar.names import find_outlet, find_topic, has_name
from bot.queries.natural_language import ParsedQuery, parse_command_text, parse_question
from bot.queries.queries import Command
from briefings import BriefingService, stories

#: questions kept, and seconds until one is read again
_MAX_QUESTIONS, _TTL_SECONDS = 500, 5.0
#: surnames looked up for one question
_MAX_LOOKUPS = 60

#: a door for questions in plain words, or the command that was typed
Door = Command | None


class RecordNames:
    """The names in the stored articles. For one question: it looks up a limited number of words."""

    def __init__(self, service: BriefingService) -> None:
        self._lookup = service.name_lookup
        self._topics = service.topics
        self._people_by_surname: dict[str, tuple[str, ...]] = {}

    def is_person(self, name: str) -> bool:
        """Whether a quoted person has this full name or surname."""
        surname = (name.split() or [""])[-1].casefold()
        if surname not in self._people_by_surname:
            if len(self._people_by_surname) >= _MAX_LOOKUPS:
                return False
            self._people_by_surname[surname] = self._lookup.list_people(surname)
        return any(has_name(person, name) for person in self._people_by_surname[surname])

    def find_outlet(self, name: str, *, partial: bool = False) -> str | None:
        """Return the outlet with this name."""
        return find_outlet(self._lookup.list_outlets(), name, partial=partial)

    def find_topic(self, text: str) -> str | None:
        """Return the slug of the topic with this slug or title."""
        if slug := find_topic(self._lookup.topic_titles, text):
            return slug
        topic = stories.find_topic(self._topics, text)
        return topic.slug if topic else None

    def has_words(self, text: str) -> bool:
        """Whether an article contains these words."""
        return self._lookup.has_words(text)


def read_question(service: BriefingService, door: Door, text: str, today: date) -> ParsedQuery:
    """Return the query in a typed text. Blocks. Raises DatabaseUnavailable."""
    names = RecordNames(service)
    return parse_command_text(door, text, today, names) if door else parse_question(text, today, names)


@dataclass(slots=True)
class QuestionReader:
    """Reads questions, and remembers the last ones. For one event loop.

    `call` runs a function with the service on a worker thread, and `now` returns seconds. `find_left_out` finds what
    the service leaves out.
    """

    call: Callable[[Callable[[BriefingService], ParsedQuery]], Awaitable[ParsedQuery]]
    now: Callable[[], float]
    find_left_out: FindLeftOut = leave_out_nothing
    _queries: OrderedDict[tuple[str, LeftOut, Door, str, date], tuple[float, ParsedQuery]] = field(
        default_factory=OrderedDict
    )

    async def read(self, door: Door, text: str, today: date) -> ParsedQuery:
        """Return the query in a typed text. Raises Busy, TimeoutError or DatabaseUnavailable."""
        key = (await load_topics_key(), await self.find_left_out(), door, text, today)
        last_reading = self._queries.get(key)
        if last_reading and self.now() - last_reading[0] < _TTL_SECONDS:
            return last_reading[1]
        query = await self.call(lambda service: read_question(service, door, text, today))
        self._queries[key] = self.now(), query
        self._queries.move_to_end(key)
        while len(self._queries) > _MAX_QUESTIONS:
            self._queries.popitem(last=False)
        return query
