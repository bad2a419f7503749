"""Tables at the newest revision; `migrations/` brings older databases there.

Rule: only column types that SQLite and PostgreSQL share. Offsets are half-open code points into `articles.text`. The
full-text indexes are not here: `sqlite_fts5` and `postgres_tsearch` create them. Utterances and story links are in
`derived_tables`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from briefings.model import Provenance
from briefings.storage.db.derived_tables import story_links as story_links
from briefings.storage.db.derived_tables import story_names as story_names
from briefings.storage.db.derived_tables import story_terms as story_terms
from briefings.storage.db.derived_tables import utterance_sketches as utterance_sketches
from briefings.storage.db.derived_tables import utterances as utterances
from briefings.storage.db.metadata import METADATA as METADATA
from briefings.storage.db.metadata import Number as Number
from briefings.storage.integrity.column_types import Day, Spans, UtcDateTime

#: revision of these tables: the last one in `migrations/versions`
HEAD = "0016"

outlets = Table("outlets", METADATA, Column("name", Text, primary_key=True))

articles = Table(
    "articles",
    METADATA,
    #: row id that sorts newest-first (see `counters`)
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("outlet", Text, ForeignKey(outlets.c.name)),
    Column("published", Day),
    #: count of its rows in `quotes`
    Column("quotes", Integer, nullable=False),
    #: count of its rows in `names`; null if names were not extracted
    Column("named", Integer),
    #: engine version that found the quotes and names; null if unknown
    Column("engine", Text),
    Column("url", Text),
    Column("title", Text),
    Column("byline", Text),
    #: hexadecimal SHA-256 of the text in UTF-8
    Column("content_hash", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("boilerplate", Spans, nullable=False),
    Column("quotation_elements", Spans, nullable=False, server_default="[]"),
    #: how certain the outlet is (`Provenance`), and the name that a fetched page gives itself
    Column("provenance", Text, nullable=False, server_default=Provenance.STATED),
    Column("claimed_outlet", Text),
    Column("text", Text, nullable=False),
    #: detects damage; null is damage, too (see `checksums`)
    Column("checksum", BigInteger),
    Index(None, "outlet"),
    Index(None, "content_hash"),
    Index(None, "engine"),
    Index(None, "added_at"),
    #: covers counts and first and last day without reading the table
    Index(None, "published", "quotes"),
)

#: older versions of articles; their quotes are not stored, since the text can be analysed again
article_versions = Table(
    "article_versions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), nullable=False),
    Column("outlet", Text, ForeignKey(outlets.c.name)),
    Column("published", Day),
    Column("url", Text),
    Column("title", Text),
    Column("byline", Text),
    Column("text", Text, nullable=False),
    Column("boilerplate", Spans, nullable=False),
    Column("quotation_elements", Spans, nullable=False, server_default="[]"),
    Column("provenance", Text, nullable=False, server_default=Provenance.STATED),
    Column("claimed_outlet", Text),
    Column("content_hash", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("replaced_at", UtcDateTime, nullable=False),
    Column("checksum", BigInteger),
    Index(None, "article"),
)

quotes = Table(
    "quotes",
    METADATA,
    #: combines the article's number and the position in the article (see `counters`)
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), nullable=False),
    Column("content", Spans, nullable=False),
    Column("source_start", Integer),
    Column("source_end", Integer),
    Column("cue_start", Integer),
    Column("cue_end", Integer),
    #: null if no speaker is named; `reason` then says why
    Column("speaker", Text),
    Column("role", Text),
    Column("anonymous", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("checksum", BigInteger),
    Index(None, "article"),
    #: covers counts per speaker without reading the table
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

#: full names in articles: one row per name and part of the article
names = Table(
    "names",
    METADATA,
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    #: 0, 1, ... in the article
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, ForeignKey(people.c.name), nullable=False),
    #: offices given in the article, as a list
    Column("roles", JSON, nullable=False),
    Column("checksum", BigInteger),
    Index(None, "person"),
)

#: the story of each article, as last clustered
stories = Table(
    "stories",
    METADATA,
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    Column("story", Text, nullable=False),
    #: readable title of the story
    Column("label", Text),
    Index(None, "story"),
)

#: duplicate articles, one row per pair: the later article, and the one it duplicates
copies = Table(
    "copies",
    METADATA,
    Column("article", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    Column("of", Text, ForeignKey(articles.c.id, ondelete="CASCADE"), primary_key=True),
    #: 1 for identical text, else the share of the shorter opening found in the other
    Column("likeness", Float, nullable=False),
    Index(None, "of"),
)

#: hashes that find duplicates: of an article's URL, of its text, and of some runs of its words
sketches = Table(
    "sketches",
    METADATA,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("article", Number, ForeignKey(articles.c.number, ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Index(None, "article"),
    sqlite_with_rowid=False,
)

#: followed feeds, which are polled regularly
feeds = Table(
    "feeds",
    METADATA,
    Column("address", Text, primary_key=True),
    #: the feed's title, or the outlet name that the team gave it
    Column("title", Text),
    #: who follows it: a person, or the file that lists it
    Column("followed_by", Text, nullable=False),
    Column("followed_at", UtcDateTime, nullable=False),
    #: minutes between two polls; null for automatic
    Column("minutes", Integer),
    #: time of the next poll
    Column("due_at", UtcDateTime, nullable=False),
    #: time of its last successful response
    Column("answered_at", UtcDateTime),
    Column("etag", Text),
    Column("modified", Text),
    #: failures since then, and the message of the last one
    Column("failures", Integer, nullable=False),
    Column("failure", Text),
    #: entries of its last response that could not be used
    Column("unusable", Integer, nullable=False),
    Index(None, "due_at"),
)

#: pages of single articles, from feeds or added by people: fetched, then checked for changes for a while
pages = Table(
    "pages",
    METADATA,
    Column("address", Text, primary_key=True),
    #: the feed that listed it last; null if a person added it
    Column("feed", Text),
    #: what the feed says about it (`FeedMetadata`), and a hash to detect changes
    Column("told", JSON, nullable=False),
    Column("stamp", Text, nullable=False),
    #: id of the article made from it; null before that
    Column("article", Text),
    #: whether only the beginning can be read
    Column("teaser", Boolean, nullable=False),
    #: whether the feed had the full text: the page is then only checked for existence
    Column("whole", Boolean, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    #: time of the next fetch; null for never
    Column("due_at", UtcDateTime),
    #: count of successful fetches
    Column("looks", Integer, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    #: failures since the last success, and the kind and message of the last one
    Column("failures", Integer, nullable=False),
    Column("kind", Text),
    Column("failure", Text),
    #: since when its server has reported it missing
    Column("missing_at", UtcDateTime),
    #: when it was declared removed from its site; the article stays
    Column("gone_at", UtcDateTime),
    Index(None, "due_at"),
    Index(None, "feed"),
    Index(None, "article"),
    Index(None, "gone_at"),
)

#: hosts of outlets that an admin confirmed
confirmed_outlets = Table(
    "confirmed_outlets",
    METADATA,
    Column("host", Text, primary_key=True),
    Column("name", Text, nullable=False),
    #: who confirmed it: a person, or the command line
    Column("confirmed_by", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
)

#: the list of outlets by which the fetched articles were judged: one row, with its fingerprint
outlet_lists = Table("outlet_lists", METADATA, Column("fingerprint", Text, primary_key=True))

#: locks with an end time, for work that one process does at a time
leases = Table(
    "leases",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

#: archive shards that were added completely, one row each time; the last row of an address is current
shards = Table(
    "shards",
    METADATA,
    Column("address", Text, primary_key=True),
    #: also the `added_at` of its articles, which links them to the shard; unique per shard
    Column("added_at", UtcDateTime, primary_key=True),
    #: its size, plus a checksum or modification time if the file system has one
    Column("stamp", Text, nullable=False),
    #: engine version that analysed it
    Column("engine", Text, nullable=False),
    #: articles by `ArticleStatus` ("held" is UNCHANGED), and articles that could not be stored
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("older", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Index(None, "added_at", unique=True),
)

#: queue of articles of a load that are not linked yet (see `writes.loading`)
pending_links = Table(
    "pending_links",
    METADATA,
    #: in the order in which the articles came
    Column("id", Number, primary_key=True),
    Column(
        "article",
        Number,
        ForeignKey(articles.c.number, name="fk_pending_links_article", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
        unique=True,
    ),
    #: when it became news; null if it is no news
    Column("arrived_at", UtcDateTime),
    sqlite_autoincrement=True,
)

#: queue of articles that came or changed (see `arrivals`)
arrivals = Table(
    "arrivals",
    METADATA,
    #: never given twice, even after the row was deleted
    Column("id", Number, primary_key=True),
    Column(
        "article",
        Text,
        ForeignKey(articles.c.id, name="fk_arrivals_article_articles", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("arrived_at", UtcDateTime, nullable=False),
    #: whether the article was not stored before
    Column("is_new", Boolean, nullable=False),
    Index(None, "article"),
    Index(None, "arrived_at"),
    sqlite_autoincrement=True,
)
