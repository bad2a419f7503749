"""Read the articles of one story: the part of each that a briefing uses, and where they have a name."""
