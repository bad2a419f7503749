"""Read `topics.toml`, and any other TOML file of tables.

Rule: a topics file is accepted or refused as a whole. A topic that can never match is an error.
Rule: tomllib parses the file. Lines are counted only for error messages.
"""

import re
import tomllib
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.field_validation import Fields, get_optional_text, require_text
from briefings.ingest.text_file import read_utf8
from briefings.model import Topic
from briefings.text.folding import make_search_key

MAX_TOPICS = 1_000
MAX_PHRASES = 200
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SLUG_LENGTH = 64


def read_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics of a file, in order. Raises BadInput if the file has no topics or an invalid one."""
    tables = read_tables(path, "topic")
    if not tables:
        raise BadInput(f"{path} contains no topics. Add one: [[topic]], then slug, title and words.")
    if len(tables) > MAX_TOPICS:
        raise BadInput(f"{path} contains more than {MAX_TOPICS:,} topics. Remove the ones you don't use.")
    topics: dict[str, Topic] = {}
    for location, fields in tables:
        topic = _parse_topic(fields, location)
        if topic.slug in topics:
            raise BadInput(f"{location}: an earlier topic already uses the slug {topic.slug!r}. Choose another.")
        topics[topic.slug] = topic
    return tuple(topics.values())


def read_tables(path: Path, name: str) -> tuple[tuple[str, Fields], ...]:
    """Return the `[[name]]` tables of a TOML file, in order, each with its location ("topics.toml, line 3").

    The result is empty if the file has no such tables. Raises BadInput if the file cannot be read, is not TOML, or uses
    `name` for something else.
    """
    # Windows editors add a byte order mark, which TOML does not allow.
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
    """Return the location of each table: its line, or its number if headings and tables do not match one to one.

    They do not match with inline tables, or with a heading inside a string.
    """
    heading = re.compile(rf"[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if heading.match(line)]
    if len(lines) == count:
        return [f"{path}, line {line}" for line in lines]
    return [f"{path}, {name} {number}" for number in range(1, count + 1)]


def _describe_error_line(error: Exception, text: str) -> str:
    """Return ", line 3" from a tomllib message like "... (at line 3, column 1)"; "" if it names no line."""
    if "at end of document" in str(error):
        return f", line {text.rstrip().count(chr(10)) + 1}"
    match = re.search(r"at line (\d+)", str(error))
    return f", line {match[1]}" if match else ""


def _parse_topic(fields: Fields, location: str) -> Topic:
    slug = require_text(fields, "slug", location)
    if len(slug) > _MAX_SLUG_LENGTH or not _SLUG.fullmatch(slug):
        shortened_slug = slug[:_MAX_SLUG_LENGTH]
        raise BadInput(
            f"{location}: invalid slug {shortened_slug!r}. "
            f"Use up to {_MAX_SLUG_LENGTH} lowercase letters, digits and single hyphens, for example labour-crisis."
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
            raise BadInput(f'{location}: each phrase in "words" must contain a letter or digit.')
    return tuple(phrases)
