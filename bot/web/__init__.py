"""Web pages under /record: articles, stories, people and search.

Rule: the server renders every page, without JavaScript. Text from articles and users is escaped, and no page loads
anything from another host.
"""
