"""Views of stored articles, and the other wordings of their quotes."""
