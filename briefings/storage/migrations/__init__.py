"""The way of every record to the newest schema, run by the program itself when it opens one.

To change the schema: change `schema.py`, add `versions/rNNNN_what.py` that does the same, and set `schema.HEAD` to it;
a test compares the two. A revision that was released is never changed.
"""
