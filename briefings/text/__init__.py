"""Text as characters, words, sentences and dates, always by offsets into the text as it came."""
