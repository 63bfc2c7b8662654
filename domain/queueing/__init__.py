"""Who is rung next, for whom, and why. Pure: the engine only carries the answers out."""
