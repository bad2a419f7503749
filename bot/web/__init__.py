"""The pages beside the Slack endpoints: an article as it stands in the record, a story, a person, a search.

Rule: drawn on the server, without script; strangers' text is escaped, and no page asks anything of another host.
"""
