"""Working days, and when a time limit ends."""
