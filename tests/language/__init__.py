"""A check that the names, prose and messages of this project are plain modern English."""
