"""Take articles into the record, and keep the outlets that they are judged by."""
