"""What an answer to "who said it" is read from: windows of matching quotes, their other reports, and articles."""
