"""Checks the quotations of a draft against the articles."""
