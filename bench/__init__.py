"""Benchmarks: each figure beside the raw engine or the peer that does the same, in the same run.

Rule: no figure without its rival; loopback and temporary folders only; about a minute each, but for the record, which
is measured at a million quotes (BENCH_QUOTES makes it smaller).
"""
