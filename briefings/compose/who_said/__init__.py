"""Answer who said some words: hits, their other reports, and the narration."""
