"""Reads tables: a header, and one article per row."""
