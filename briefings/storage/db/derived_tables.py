"""Tables that are computed from articles and quotes, and that `reindex` builds again: utterances and story links."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, LargeBinary, Table, Text, text

from briefings.storage.db.metadata import METADATA, Number

#: which quotes of named speakers report one utterance (see `writes.utterances`)
utterances = Table(
    "utterances",
    METADATA,
    Column("quote", Number, ForeignKey("quotes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    #: hash of the speaker's surname and of the folded words: equal for quotes with the same words
    Column("wording", BigInteger, nullable=False),
    #: smallest id of the quotes that report this utterance; null if there is no other
    Column("utterance", Number),
    Index(None, "wording"),
    Index(
        None,
        "utterance",
        "quote",
        sqlite_where=text("utterance IS NOT NULL"),
        postgresql_where=text("utterance IS NOT NULL"),
    ),
)

#: hashes that find similar wordings: of some runs of their words
utterance_sketches = Table(
    "utterance_sketches",
    METADATA,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("wording", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: surnames that find articles of one story: of the people whom an article quotes or names in full
story_names = Table(
    "story_names",
    METADATA,
    Column("surname", Text, primary_key=True),
    Column("article", Number, ForeignKey("articles.number", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Column("quoted", Boolean, nullable=False),
    Column("named", Boolean, nullable=False),
    Index(None, "article"),
    sqlite_with_rowid=False,
)

#: the heaviest terms of each article with such a surname (see `stories.likeness`)
story_terms = Table(
    "story_terms",
    METADATA,
    Column("article", Number, ForeignKey("articles.number", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Column("terms", LargeBinary, nullable=False),
)

#: articles of one story that can complete each other's names, one row per pair, the lower number first
story_links = Table(
    "story_links",
    METADATA,
    Column("article", Number, ForeignKey("articles.number", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Column("other", Number, ForeignKey("articles.number", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    #: likeness of their openings, 0 to 1
    Column("likeness", Float, nullable=False),
    Index(None, "other"),
    sqlite_with_rowid=False,
)

#: the names of these tables
DERIVED = frozenset(table.name for table in (utterances, utterance_sketches, story_names, story_terms, story_links))
