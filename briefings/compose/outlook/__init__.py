"""What is open at the end of a story: what comes next, and what the articles call unknown."""
