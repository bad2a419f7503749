"""Breaks what the program depends on: servers, clocks, disks and databases."""
