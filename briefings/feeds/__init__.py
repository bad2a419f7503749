"""Newsgathering: links and feeds of the web become articles of the record, again and again.

Rule: what goes wrong is the failure of one item, named and counted; the others go on.
"""
