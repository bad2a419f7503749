"""Scores against gold data: annotated quotes, an editor's must-have facts, and outside data sets."""
