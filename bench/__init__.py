"""Benchmarks: each figure beside the raw engine or the peer that does the same, in the same run.

Rule: no figure without its rival; loopback and temporary folders only; about a minute each.
"""
