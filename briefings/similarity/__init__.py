"""How alike texts are: TF-IDF, quote matching and independence of sources."""
