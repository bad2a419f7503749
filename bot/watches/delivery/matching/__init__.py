"""Matching of new articles with the watches of all teams, and what is stored of it in one transaction."""
