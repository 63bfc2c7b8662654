"""Builds the embedded speech model from espeak-ng speech alone: docs/howto/speech-model.md.

Nothing else in the product imports this package, except that a city may rebuild the graph with
its own words (`asr.training.graph`). Every step runs in its own process (`asr.training.pipeline`).
"""
