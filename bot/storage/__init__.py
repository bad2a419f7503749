"""What the bot keeps of its own, in the same database as the record: what was handled, asked, shared, disputed, done.

Rule: the record knows nothing of these tables, and they hold ids of articles, never their text. They have migrations
and a version table of their own. What is awaited works on a thread; every other call that touches the database blocks.
"""
