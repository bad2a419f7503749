"""Timelines of a person, and comparisons of two people, from the buttons of answers."""
