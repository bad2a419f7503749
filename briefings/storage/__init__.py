"""The database behind every answer: articles as they came, and what was found in them, on SQLite or PostgreSQL.

Rule: the article is the only truth; everything else in here can be derived from it again. Ask `briefings.record.store`.
"""
