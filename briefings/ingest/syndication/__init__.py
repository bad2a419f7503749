"""Reads feeds and lists of feeds."""
