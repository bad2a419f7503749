"""Builds the weights in `briefings/attribution/models/weights` from a PolNeAR folder. Not shipped: `python -m training DATA`."""
