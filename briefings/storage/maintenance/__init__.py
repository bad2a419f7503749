"""Backup, restore, removal, reindexing and integrity checks."""
