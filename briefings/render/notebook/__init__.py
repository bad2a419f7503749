"""Answers in a notebook: HTML, one-line descriptions and tables."""

from briefings.render.answers import to_json
from briefings.render.notebook.descriptions import describe
from briefings.render.notebook.html import render_html
from briefings.render.notebook.tables import build_dataframe

__all__ = ["build_dataframe", "describe", "render_html", "to_json"]
