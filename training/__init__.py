"""Builds the weights in `briefings/quotes/weights` from a PolNeAR folder. Not shipped: `python -m training DATA`."""
