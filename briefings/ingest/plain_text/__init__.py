"""Reads what a plain text says about itself at its top."""
