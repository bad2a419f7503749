"""The names and descriptions of an article, grouped into entities."""
