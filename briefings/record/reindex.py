"""Builds the indexes of a record anew, from the articles and quotes it holds.

Rule: an index holds nothing that the rows do not, so that it can be lost and made again.
"""
