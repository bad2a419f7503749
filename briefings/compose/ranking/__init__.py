"""Rank sentences: which are clear without context, how much they matter, and which one tells the news."""
