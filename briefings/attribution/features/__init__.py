"""Document layers and features that the models read."""
