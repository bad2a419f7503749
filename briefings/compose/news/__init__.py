"""The news of some days: the stories in the newest articles, their names, and one line of each."""
