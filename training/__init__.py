"""Train the weights in `briefings/attribution/models/weights` from a PolNeAR folder. Not part of the release."""
