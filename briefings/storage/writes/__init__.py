"""Upserts, duplicates, feed and shard tables."""
