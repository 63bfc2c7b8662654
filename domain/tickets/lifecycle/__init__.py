"""The life of a ticket under its city's rules: `engine.step` takes a ticket and an event."""
