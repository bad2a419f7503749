"""Reads archives that hold many files or pages."""
