"""Which sentences can stand alone, how much they matter in their story, and which one tells its news."""
