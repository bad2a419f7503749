"""The tables of the full-text indexes, as statements: FTS5 tables on SQLite, tsvectors on PostgreSQL."""

#: Lexemes are already folded and separated by single spaces, and the "ascii" tokenizer keeps them unchanged. An entry
#: of a quote has its words in order, their pairs, its speaker and its outlet; positions are not stored. Triggers delete
#: the entry with its row. `words` contains every word that ever occurred in a quote.
SQLITE = (
    "CREATE VIRTUAL TABLE quote_words USING fts5(lexemes, tokenize = \"ascii tokenchars '_@#'\", detail = none, "
    "columnsize = 0)",
    "CREATE VIRTUAL TABLE article_words USING fts5(text, title, tokenize = 'ascii', columnsize = 0)",
    "CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE quote_vocabulary USING fts5vocab(quote_words, instance)",
    "CREATE TRIGGER quotes_gone AFTER DELETE ON quotes BEGIN DELETE FROM quote_words WHERE rowid = old.id; END",
    "CREATE TRIGGER articles_gone AFTER DELETE ON articles "
    "BEGIN DELETE FROM article_words WHERE rowid = old.number; END",
)

#: A row is one piece of a quote or article (see `split_into_pieces`); `parted` marks articles of several pieces.
POSTGRESQL = (
    "CREATE TABLE quote_words (id BIGINT NOT NULL REFERENCES quotes (id) ON DELETE CASCADE, piece INTEGER NOT NULL, "
    "vector TSVECTOR NOT NULL, PRIMARY KEY (id, piece))",
    "CREATE TABLE article_words (number BIGINT NOT NULL REFERENCES articles (number) ON DELETE CASCADE, "
    "piece INTEGER NOT NULL, parted BOOLEAN NOT NULL, vector TSVECTOR NOT NULL, PRIMARY KEY (number, piece))",
    'CREATE TABLE words (word TEXT COLLATE "C" PRIMARY KEY)',
    "CREATE INDEX ix_quote_words_vector ON quote_words USING gin (vector)",
    "CREATE INDEX ix_article_words_vector ON article_words USING gin (vector)",
    "CREATE INDEX ix_article_words_parted ON article_words (number) WHERE parted",
)
