"""The choice among the entities of an article, and no speaker, for the words that a person spoke."""
