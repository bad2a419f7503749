"""Pages with a cited passage, and which of their words Chromium marks."""
