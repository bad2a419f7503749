"""Reads records: objects and rows in which fields are named, one article each."""
