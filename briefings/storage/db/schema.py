"""The tables, as they are at the newest revision; `migrations/` is how a record gets there.

Rule: plain types that SQLite and PostgreSQL share. Offsets are half-open code points into `articles.text`. Words are
looked for in the indexes (`fts5`, `tsearch`), which are tables of each database's own and hold nothing else.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from briefings.model import Span

#: the revision these tables belong to: the last one in `migrations/versions`
HEAD = "0009"


class Spans(TypeDecorator[Sequence[Span]]):
    """Spans in order, as JSON: [[start, end], ...]."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Span] | None, dialect: Dialect) -> list[list[int]]:  # noqa: ARG002 - given
        """Spans to JSON."""
        return [[span.start, span.end] for span in value or ()]

    def process_result_value(self, value: list[list[int]] | None, dialect: Dialect) -> tuple[Span, ...]:  # noqa: ARG002 - given
        """JSON to spans."""
        return tuple(Span(start, end) for start, end in value or ())


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so one is demanded going in and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """The moment in UTC. Raises ValueError without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """The moment, in UTC and with that zone."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


#: a number of `numbers`; in SQLite, the row's own place, which only a column of this very type is
Number = BigInteger().with_variant(Integer, "sqlite")

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

outlets = Table("outlets", METADATA, Column("name", Text, primary_key=True))

articles = Table(
    "articles",
    METADATA,
    #: its place among all articles, the newest the least (`numbers`)
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("outlet", Text, ForeignKey(outlets.c.name)),
    Column("published", Date),
    #: how many rows of `quotes` are this article's
    Column("quotes", Integer, nullable=False),
    #: how many rows of `names` are; null when nobody has looked
    Column("named", Integer),
    #: the version of the engine that found them; null when it did not say
    Column("engine", Text),
    Column("url", Text),
    Column("title", Text),
    Column("byline", Text),
    #: SHA-256 of the text as UTF-8, in hexadecimal
    Column("content_hash", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("boilerplate", Spans, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "outlet"),
    Index(None, "content_hash"),
    Index(None, "engine"),
    Index(None, "added_at"),
    #: counts the record without reading it
    Index(None, "published", "quotes"),
)

#: what stood in `articles` under the same id before; no quotes are kept of it, for they can be found in it again
article_versions = Table(
    "article_versions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), nullable=False),
    Column("outlet", Text, ForeignKey(outlets.c.name)),
    Column("published", Date),
    Column("url", Text),
    Column("title", Text),
    Column("byline", Text),
    Column("text", Text, nullable=False),
    Column("boilerplate", Spans, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("replaced_at", UtcDateTime, nullable=False),
    Index(None, "article"),
)

quotes = Table(
    "quotes",
    METADATA,
    #: its article's number and its place in the article (`numbers`)
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), nullable=False),
    Column("content", Spans, nullable=False),
    Column("source_start", Integer),
    Column("source_end", Integer),
    Column("cue_start", Integer),
    Column("cue_end", Integer),
    #: null when nobody is named; then `reason` says why
    Column("speaker", Text),
    Column("role", Text),
    Column("anonymous", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "article"),
    #: counts what each has said without reading the quotes
    Index(None, "speaker", "anonymous", "role", postgresql_include=["id"]),
)

people = Table(
    "people",
    METADATA,
    Column("name", Text, primary_key=True),
    #: the name as a search key
    Column("name_key", Text, nullable=False),
    Index(None, "name_key"),
)

#: whom an article names in full, once for each of its parts that does
names = Table(
    "names",
    METADATA,
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    #: 0, 1, ... in the article
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, ForeignKey(people.c.name), nullable=False),
    #: the offices the article gives, as a list
    Column("roles", JSON, nullable=False),
    Index(None, "person"),
)

#: which articles tell one story, as they were last grouped
stories = Table(
    "stories",
    METADATA,
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    Column("story", Text, nullable=False),
    #: what the story is called, for people
    Column("label", Text),
    Index(None, "story"),
)

#: articles that tell the same text, once a pair: the one that came later, and the one it is a copy of
copies = Table(
    "copies",
    METADATA,
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    Column("of", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    #: 1 for the very text, else the share of the shorter opening that stands in the other (`corroboration.likeness`)
    Column("likeness", Float, nullable=False),
    Index(None, "of"),
)

#: by what copies are found (`copies`): hashes of an article's address, of its text, and of some runs of its words
sketches = Table(
    "sketches",
    METADATA,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("article", Number, ForeignKey(articles.c.number, ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Index(None, "article"),
    sqlite_with_rowid=False,
)

#: addresses that are asked for news again and again
feeds = Table(
    "feeds",
    METADATA,
    Column("address", Text, primary_key=True),
    #: what the feed calls itself, or the team calls its outlet
    Column("title", Text),
    #: who follows it: a person, or the file it stands in
    Column("followed_by", Text, nullable=False),
    Column("followed_at", UtcDateTime, nullable=False),
    #: minutes between two polls; null for the program's own choice
    Column("minutes", Integer),
    #: when it is polled next
    Column("due_at", UtcDateTime, nullable=False),
    #: when it last answered
    Column("answered_at", UtcDateTime),
    Column("etag", Text),
    Column("modified", Text),
    #: failures since it last answered, and the sentence of the last one
    Column("failures", Integer, nullable=False),
    Column("failure", Text),
    #: entries of its last answer that could not be used
    Column("unusable", Integer, nullable=False),
    Index(None, "due_at"),
)

#: addresses of single articles, from feeds or given by people: fetched, and looked at again for a while
pages = Table(
    "pages",
    METADATA,
    Column("address", Text, primary_key=True),
    #: the feed that told of it last; null when a person gave it
    Column("feed", Text),
    #: what the feed told of it (`sources.Told`), and its hash, to see when it tells something else
    Column("told", JSON, nullable=False),
    Column("stamp", Text, nullable=False),
    #: the article it became; null when it has not
    Column("article", Text),
    #: only the beginning is there to be read
    Column("teaser", Boolean, nullable=False),
    #: its text came whole with the feed: the page itself is only asked whether it is still there
    Column("whole", Boolean, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    #: when it is fetched next; null for no more
    Column("due_at", UtcDateTime),
    #: how often it was fetched and was there
    Column("looks", Integer, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    #: failures since it was last there, and the name and sentence of the last one
    Column("failures", Integer, nullable=False),
    Column("kind", Text),
    Column("failure", Text),
    #: since when its server says that it is not there
    Column("missing_at", UtcDateTime),
    #: when it was given up as taken from the site; the article stays
    Column("gone_at", UtcDateTime),
    Index(None, "due_at"),
    Index(None, "feed"),
    Index(None, "article"),
    Index(None, "gone_at"),
)

#: work that only one process does at a time
leases = Table(
    "leases",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

#: shards of archives that were added whole, once each time: the last row of an address tells how it stands
shards = Table(
    "shards",
    METADATA,
    Column("address", Text, primary_key=True),
    #: what its articles have as theirs, so that they tell which shard brought them; no two shards share it
    Column("added_at", UtcDateTime, primary_key=True),
    #: its size, and whatever its file system tells of its content or its last change
    Column("stamp", Text, nullable=False),
    #: the version of the engine that read it
    Column("engine", Text, nullable=False),
    #: articles by how they stood (`values.Standing`), and those that could not be kept
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("older", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Index(None, "added_at", unique=True),
)
