"""Reads PDF files: fragments of text on a page become lines in reading order, and lines become paragraphs."""
