"""The form of a digest: its fields, and the digest that a submitted form describes."""
