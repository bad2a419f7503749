"""From scored candidates to quotations with speakers."""
