"""Reads the files of word processors, and electronic books."""
