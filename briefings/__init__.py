"""News briefings in which every line is verbatim: attribution, composition, corroboration, and the record behind them.

This package knows news and nothing of where its answers are shown. Outside code asks `briefings.desk`.
"""
