"""Reads documents: files of an office, a mail client, a newsroom or a library."""
