"""Answers about people over time: one person's timeline, and two people side by side."""
