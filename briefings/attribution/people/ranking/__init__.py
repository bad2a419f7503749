"""The choice among the entities of an article, and nobody, for the words that somebody spoke."""
