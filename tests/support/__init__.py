"""What the tests share: articles, databases and processes."""
