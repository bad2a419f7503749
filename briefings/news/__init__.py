"""What is new in a story for readers who had part of it already, and what of that part no longer stands."""

from briefings.news.told import Correction, Had, Item, Kind, News, Told
from briefings.news.whats_new import mark_of, whats_new

__all__ = ["Correction", "Had", "Item", "Kind", "News", "Told", "mark_of", "whats_new"]
