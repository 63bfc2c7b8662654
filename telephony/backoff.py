"""How long to wait before knocking again."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Doubling pauses in seconds, each shortened by up to half at random.

    The jitter keeps engines that lost the same switch from coming back in step.
    """

    first_s: float = 0.5
    longest_s: float = 30.0

    def pause_s(self, failures: int) -> float:
        """The pause after so many failures in a row (1 = the first)."""
        doubled = self.first_s * 2.0 ** min(failures - 1, 32)
        return min(self.longest_s, doubled) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
