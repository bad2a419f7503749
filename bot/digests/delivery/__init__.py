"""Sends digests on schedule, at most once, and records each run."""
