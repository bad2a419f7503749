"""Who is meant: the people, bodies and descriptions of an article, and the one that speaks each passage."""
