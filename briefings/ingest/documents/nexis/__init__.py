"""Reads downloads of Nexis: many articles in one text."""

from briefings.ingest.documents.nexis.reader import split_nexis

__all__ = ["split_nexis"]
