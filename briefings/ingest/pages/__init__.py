"""Reads web pages: text, quotation elements and metadata."""
