"""Answers to queries: the executor, the answer cache and the answer service."""
