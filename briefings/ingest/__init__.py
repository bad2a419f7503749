"""What people have, read into raw articles: files, folders, JSON lines, and the topics they ask about.

Rule: whatever cannot be read is one `BadInput` sentence naming file and line, and nothing of it is half-loaded.
"""
