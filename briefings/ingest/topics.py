"""`topics.toml`: the stories a team asks for by name.

Rule: the file is right as a whole or refused as a whole; a topic that could never match anything is a mistake to tell.
"""

import re
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.fields import Fields, optional, required
from briefings.ingest.toml import read_tables
from briefings.model import Topic
from briefings.text.search_key import search_key

MAX_TOPICS = 1_000
MAX_WORDS = 200
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SLUG = 64


def read_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of a file, in order. Raises BadInput naming file and line when one is wrong, or there is none."""
    tables = read_tables(path, "topic")
    if not tables:
        raise BadInput(f"{path} holds no topics. Add one: [[topic]], then slug, title and words.")
    if len(tables) > MAX_TOPICS:
        raise BadInput(f"{path} holds over {MAX_TOPICS:,} topics. Keep those that people ask for.")
    topics: dict[str, Topic] = {}
    for where, fields in tables:
        topic = _topic(fields, where)
        if topic.slug in topics:
            raise BadInput(f"{where}: the slug {topic.slug!r} is taken by a topic above. Choose another.")
        topics[topic.slug] = topic
    return tuple(topics.values())


def _topic(fields: Fields, where: str) -> Topic:
    slug = required(fields, "slug", where)
    if len(slug) > _MAX_SLUG or not _SLUG.fullmatch(slug):
        shown = slug[:_MAX_SLUG]
        raise BadInput(f"{where}: the slug {shown!r} must be small letters, digits and single hyphens (labour-crisis).")
    required(fields, "title", where)
    return Topic(slug=slug, title=optional(fields, "title", where) or slug, words=_words(fields, where))


def _words(fields: Fields, where: str) -> tuple[str, ...]:
    found = fields.get("words")
    if not isinstance(found, list) or not 0 < len(found) <= MAX_WORDS:
        raise BadInput(f'{where}: "words" must be a list of 1 to {MAX_WORDS} phrases: words = ["weak leadership"].')
    for phrase in found:
        if not isinstance(phrase, str) or not search_key(phrase):
            raise BadInput(f'{where}: each of "words" must be a text with at least one letter or digit.')
    return tuple(found)
