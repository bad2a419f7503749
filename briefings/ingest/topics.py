"""`topics.toml`: the stories a team asks for by name.

Rule: the file is right as a whole or refused as a whole; a topic that could never match anything is a mistake to tell.
"""

import re
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.fields import Fields, get_optional_text, require_text
from briefings.ingest.toml import read_tables
from briefings.model import Topic
from briefings.text.folding import make_search_key

MAX_TOPICS = 1_000
MAX_PHRASES = 200
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SLUG_LENGTH = 64


def read_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of a file, in order. Raises BadInput naming file and line when one is wrong, or there is none."""
    tables = read_tables(path, "topic")
    if not tables:
        raise BadInput(f"{path} holds no topics. Add one: [[topic]], then slug, title and words.")
    if len(tables) > MAX_TOPICS:
        raise BadInput(f"{path} holds over {MAX_TOPICS:,} topics. Keep those that people ask for.")
    topics: dict[str, Topic] = {}
    for location, fields in tables:
        topic = _parse_topic(fields, location)
        if topic.slug in topics:
            raise BadInput(f"{location}: the slug {topic.slug!r} is taken by a topic above. Choose another.")
        topics[topic.slug] = topic
    return tuple(topics.values())


def _parse_topic(fields: Fields, location: str) -> Topic:
    slug = require_text(fields, "slug", location)
    if len(slug) > _MAX_SLUG_LENGTH or not _SLUG.fullmatch(slug):
        shortened_slug = slug[:_MAX_SLUG_LENGTH]
        raise BadInput(
            f"{location}: the slug {shortened_slug!r} must be small letters, digits and single hyphens (labour-crisis)."
        )
    require_text(fields, "title", location)
    return Topic(
        slug=slug, title=get_optional_text(fields, "title", location) or slug, words=_parse_words(fields, location)
    )


def _parse_words(fields: Fields, location: str) -> tuple[str, ...]:
    phrases = fields.get("words")
    if not isinstance(phrases, list) or not 0 < len(phrases) <= MAX_PHRASES:
        raise BadInput(
            f'{location}: "words" must be a list of 1 to {MAX_PHRASES} phrases: words = ["weak leadership"].'
        )
    for phrase in phrases:
        if not isinstance(phrase, str) or not make_search_key(phrase):
            raise BadInput(f'{location}: each of "words" must be a text with at least one letter or digit.')
    return tuple(phrases)
