"""Add article numbers ordered by day, full-text indexes, and tables for names, people and stories."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from briefings.storage.db.counters import choose_next_number, choose_number, to_quote_id
from briefings.storage.db.creation import full_text_tables
from briefings.storage.db.full_text import ArticleWords, QuoteWords, to_lexemes, to_name_lexemes
from briefings.storage.search.postgres_tsearch import TSearchIndex
from briefings.storage.search.sqlite_fts5 import Fts5Index

revision = "0003"
down_revision = "0002"

#: articles moved at a time; bounds the memory used
_BATCH = 200

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_SAME = "outlet, published, url, title, byline, content_hash, added_at, boilerplate, text"
_MOVE_ARTICLE = sa.text(
    f"INSERT INTO articles (number, id, quotes, {_SAME}) SELECT :number, id, :quotes, {_SAME} "  # noqa: S608 - constants
    "FROM articles_2 WHERE id = :id"
)
#: the columns of a quote that stay the same
_QUOTE = "content, source_start, source_end, cue_start, cue_end, speaker, role, anonymous, kind, confidence, reason"
_MOVE_QUOTE = sa.text(
    f"INSERT INTO quotes (id, article, {_QUOTE}) SELECT :new, article, {_QUOTE} FROM quotes_2 WHERE id = :old"  # noqa: S608 - constants
)
_VERSION = "id, article, outlet, published, url, title, byline, text, boilerplate, content_hash, added_at, replaced_at"
_READ_ARTICLES = sa.text(
    "SELECT id, outlet, published, text_key, title_key FROM articles_2 WHERE id >= :last ORDER BY id "
    "LIMIT :most OFFSET :skip"
).columns(published=sa.Date)
_READ_QUOTES = sa.text(
    "SELECT id, article, content_key, speaker_key FROM quotes_2 WHERE article IN :ids ORDER BY article, position"
).bindparams(sa.bindparam("ids", expanding=True))

_IS_NUMBER_USED = sa.text("SELECT 1 FROM articles WHERE number = :number")


def upgrade() -> None:
    """Move articles and quotes to their new numbers and index them, 200 articles at a time."""
    db = op.get_bind()
    sqlite = db.dialect.name == "sqlite"
    _set_aside(sqlite=sqlite)
    _create()
    for statement in full_text_tables.SQLITE if sqlite else full_text_tables.POSTGRESQL:
        op.execute(statement)
    index = Fts5Index() if sqlite else TSearchIndex()
    for rows in _batches(db):
        _move(db, index, rows)
    op.execute(f"INSERT INTO article_versions ({_VERSION}) SELECT {_VERSION} FROM versions_2")  # noqa: S608 - constants
    for table in ("versions_2", "quotes_2", "articles_2"):
        op.drop_table(table)
    _create_indexes()
    if not sqlite:
        op.execute("SELECT setval(pg_get_serial_sequence('article_versions', 'id'), max(id)) FROM article_versions")


def downgrade() -> None:
    """Refuse: older programs cannot read the numbers."""
    raise RuntimeError("a record does not go back before revision 0003: restore the backup made before it")


def _set_aside(*, sqlite: bool) -> None:
    """Rename the old tables, and free the names of their indexes and constraints."""
    for table, column in (("articles", "published"), ("articles", "content_hash"), ("article_versions", "article")):
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_index("ix_quotes_speaker", "quotes")
    if not sqlite:
        for table, constraint in (
            ("article_versions", "fk_article_versions_article"),
            ("article_versions", "fk_article_versions_outlet"),
            ("article_versions", "pk_article_versions"),
            ("quotes", "fk_quotes_article"),
            ("quotes", "pk_quotes"),
            ("articles", "fk_articles_outlet"),
        ):
            op.drop_constraint(constraint, table)
        op.create_index("ix_quotes_2", "quotes", ["id"])
    for table, aside in (("article_versions", "versions_2"), ("quotes", "quotes_2"), ("articles", "articles_2")):
        op.rename_table(table, aside)
    if not sqlite:  # the batches are read in the order of this index
        op.execute("ALTER TABLE articles_2 RENAME CONSTRAINT pk_articles TO pk_articles_2")


def _create() -> None:
    op.create_table(
        "articles",
        sa.Column("number", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("outlet", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("quotes", sa.Integer, nullable=False),
        sa.Column("named", sa.Integer),
        sa.Column("engine", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("byline", sa.Text),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("boilerplate", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_articles"),
        sa.UniqueConstraint("id", name="uq_articles_id"),
        sa.ForeignKeyConstraint(["outlet"], ["outlets.name"], name="fk_articles_outlet"),
    )
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("outlet", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("url", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("byline", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("boilerplate", sa.JSON, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_versions"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_article_versions_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outlet"], ["outlets.name"], name="fk_article_versions_outlet"),
    )
    op.create_table(
        "quotes",
        sa.Column("id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("source_start", sa.Integer),
        sa.Column("source_end", sa.Integer),
        sa.Column("cue_start", sa.Integer),
        sa.Column("cue_end", sa.Integer),
        sa.Column("speaker", sa.Text),
        sa.Column("role", sa.Text),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quotes"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_quotes_article", ondelete="CASCADE"),
    )
    op.create_table(
        "people",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_people"),
    )
    op.create_table(
        "names",
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("article", "position", name="pk_names"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_names_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name="fk_names_person"),
    )
    op.create_table(
        "stories",
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("story", sa.Text, nullable=False),
        sa.Column("label", sa.Text),
        sa.PrimaryKeyConstraint("article", name="pk_stories"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_stories_article", ondelete="CASCADE"),
    )


def _create_indexes() -> None:
    op.create_index("ix_articles_outlet", "articles", ["outlet"])
    op.create_index("ix_articles_content_hash", "articles", ["content_hash"])
    op.create_index("ix_articles_engine", "articles", ["engine"])
    op.create_index("ix_articles_published", "articles", ["published", "quotes"])
    op.create_index("ix_article_versions_article", "article_versions", ["article"])
    op.create_index("ix_quotes_article", "quotes", ["article"])
    op.create_index("ix_quotes_speaker", "quotes", ["speaker", "anonymous", "article"])
    op.create_index("ix_people_name_key", "people", ["name_key"])
    op.create_index("ix_names_person", "names", ["person"])
    op.create_index("ix_stories_story", "stories", ["story"])


def _batches(db: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    last, skip = "", 0
    while rows := db.execute(_READ_ARTICLES, {"last": last, "most": _BATCH, "skip": skip}).all():
        yield rows
        last, skip = rows[-1].id, 1


def _move(db: sa.Connection, index: Fts5Index | TSearchIndex, rows: Sequence[sa.Row[Any]]) -> None:
    used_numbers: set[int] = set()
    numbers = {row.id: _number(db, row.id, row.published, used_numbers) for row in rows}
    outlets = {row.id: to_name_lexemes(row.outlet) for row in rows}
    quotes_by_article: dict[str, list[sa.Row[Any]]] = {row.id: [] for row in rows}
    for quote in db.execute(_READ_QUOTES, {"ids": list(numbers)}):
        quotes_by_article[quote.article].append(quote)
    articles = [{"id": key, "number": number, "quotes": len(quotes_by_article[key])} for key, number in numbers.items()]
    db.execute(_MOVE_ARTICLE, articles)
    quote_moves, quote_words = [], []
    for key, quotes in quotes_by_article.items():
        for place, quote in enumerate(quotes):
            new = to_quote_id(numbers[key], place)
            quote_moves.append({"new": new, "old": quote.id})
            quote_words.append(
                QuoteWords(new, to_lexemes(quote.content_key), to_name_lexemes(quote.speaker_key), outlets[key])
            )
    if quote_moves:
        db.execute(_MOVE_QUOTE, quote_moves)
    words = [ArticleWords(numbers[row.id], to_lexemes(row.text_key), to_name_lexemes(row.title_key)) for row in rows]
    index.add(db, words, quote_words)


def _number(db: sa.Connection, article_id: str, published: date | None, used_numbers: set[int]) -> int:
    number = choose_number(article_id, published)
    while number in used_numbers or db.execute(_IS_NUMBER_USED, {"number": number}).first():
        number = choose_next_number(number)
    used_numbers.add(number)
    return number
