"""How alike texts are: TF-IDF, quote matching, independence of sources, and what is remembered of equal input."""
