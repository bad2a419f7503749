"""Reads the items of news agencies: NITF and NewsML-G2."""
