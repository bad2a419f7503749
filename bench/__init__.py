"""Benchmarks that compare each figure with a reference (a raw database or a similar library) in the same run.

Rule: every figure has a reference. Benchmarks use only loopback and temporary folders.
Rule: a benchmark takes about a minute, except `record` and `web`, which use a million quotes (set BENCH_QUOTES for
fewer), and `scale`.
"""
