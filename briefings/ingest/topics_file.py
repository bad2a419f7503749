"""`topics.toml`: the stories a team asks for by name.

Rule: the file is right as a whole or refused as a whole; a topic that could never match anything is a mistake to tell.

TOML files as tables with the line each starts on, so that a sentence can say where to look.

Rule: tomllib decides what the file says; lines are only counted for the reader.

Sets to measure on, as JSON lines: articles whose ids may stand more than once, and topics with their documents.

Rule: what is told beside the articles, references and labels above all, is never looked at.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.field_validation import Fields, get_optional_text, require_text
from briefings.ingest.formats.json_lines import parse_article, read_objects
from briefings.ingest.text_file import read_utf8
from briefings.model import Article, Topic
from briefings.text.folding import make_search_key


def read_tables(path: Path, name: str) -> tuple[tuple[str, Fields], ...]:
    """The `[[name]]` tables of a file, in order, each with where it starts ("topics.toml, line 3").

    Raises BadInput when the file cannot be read, is not TOML, or holds `name` as something else; none is ().
    """
    # The byte order mark is no part of a TOML document; Windows editors put it there.
    text = read_utf8(path).removeprefix("\ufeff")
    try:
        tables = tomllib.loads(text).get(name, [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(
            f"{path}{_describe_error_line(error, text)}: this is not valid TOML. Correct that line and try again."
        ) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadInput(f"{path}: write [[{name}]] in double brackets, once before each {name}.")
    return tuple(zip(_locate_tables(path, text, name, len(tables)), tables, strict=True))


def _locate_tables(path: Path, text: str, name: str, count: int) -> list[str]:
    """Where each table starts; by number when headings and tables do not pair up (inline tables, a heading quoted)."""
    heading = re.compile(rf"[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if heading.match(line)]
    if len(lines) == count:
        return [f"{path}, line {line}" for line in lines]
    return [f"{path}, {name} {number}" for number in range(1, count + 1)]


def _describe_error_line(error: Exception, text: str) -> str:
    """The line that tomllib tells in its message alone, "... (at line 3, column 1)", as ", line 3"; "" without one."""
    if "at end of document" in str(error):
        return f", line {text.rstrip().count(chr(10)) + 1}"
    match = re.search(r"at line (\d+)", str(error))
    return f", line {match[1]}" if match else ""


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


def read_evaluation_articles(path: Path, stdin: BinaryIO | None = None) -> Iterator[Article]:
    """The raw articles of a file, gzipped or not, or of `stdin` for "-", as a stream. Raises BadInput."""
    return (parse_article(fields, location) for location, fields in read_objects(path, stdin))


def read_evaluation_topics(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, tuple[Article, ...]]]:
    """Each topic's name and its documents, raw: lines {"topic", "docs": [articles]}. Raises BadInput."""
    for location, fields in read_objects(path, stdin):
        documents = fields.get("docs")
        if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
            raise BadInput(f'{location}: "docs" must be a list of articles, each an object with an id and a text.')
        yield (
            require_text(fields, "topic", location),
            tuple(parse_article(document, location) for document in documents),
        )
