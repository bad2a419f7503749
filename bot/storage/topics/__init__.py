"""The topics of each workspace: what people make of them, and the table in which they are stored."""
