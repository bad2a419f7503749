"""Messages about people over time: timelines, comparisons, and the choice between people with one name."""
