"""Repairs of a page's tree, so that the text extraction keeps all of the article and nothing else.

Rule: a repair changes elements, never words. It moves, unwraps, renames or drops whole elements. The one exception is
a drop cap, whose space after the letter is removed.
"""
