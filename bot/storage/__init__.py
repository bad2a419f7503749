"""The bot's own tables, in the same database as the articles: requests, rate limits, feedback, shares, audit, digests.

Rule: the article store does not know these tables. They contain ids of articles, never their text, and have their own
migrations and version table. Async methods work on a thread; all other calls that touch the database block.
"""
