"""Coming back after a lost connection: how long to wait, and the one log line each time."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from telephony.line import LineError

log = structlog.get_logger(__name__)


class LoginRefused(LineError):
    """Asterisk does not accept the user or the secret."""


@dataclass(frozen=True)
class Backoff:
    """Doubling pauses in seconds, each shortened by up to half at random.

    The jitter keeps engines that lost the same switch from coming back in step.
    """

    first_s: float
    longest_s: float

    def pause_s(self, failures: int) -> float:
        """The pause after so many failures in a row (1 = the first)."""
        doubled = self.first_s * 2.0 ** min(failures - 1, 32)
        return min(self.longest_s, doubled) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


AFTER_LOSS = Backoff(first_s=0.5, longest_s=30.0)
# A wrong password does not mend itself, and Asterisk logs every attempt as an attack.
AFTER_REFUSAL = Backoff(first_s=60.0, longest_s=600.0)


@dataclass(frozen=True)
class ConnectionTimes:
    """Waiting times. A peer silent for ``ping_every_s + answer_s`` is left.

    A connection that lasted ``steady_after_s`` counts as a success: the pauses start anew.
    """

    answer_s: float = 5.0
    ping_every_s: float = 10.0
    steady_after_s: float = 10.0
    after_loss: Backoff = AFTER_LOSS
    after_refusal: Backoff = AFTER_REFUSAL


async def stay_connected(
    name: str, be_connected: Callable[[], Awaitable[None]], times: ConnectionTimes
) -> None:
    """Run ``be_connected`` again and again until cancelled.

    It returns, or raises `LineError` or `OSError`, when the connection is gone or did not come
    about. ``name`` of the link stands in the log: "ami", "ari".
    """
    loop = asyncio.get_running_loop()
    failures = 0
    while True:
        began = loop.time()
        backoff = times.after_loss
        try:
            await be_connected()
            why = "connection lost"
        except LoginRefused as refusal:
            why, backoff = str(refusal), times.after_refusal
        except (LineError, OSError) as problem:
            why = str(problem) or type(problem).__name__
        steady = loop.time() - began >= times.steady_after_s
        failures = 1 if steady else failures + 1
        pause_s = backoff.pause_s(failures)
        log.warning(
            "link.down", link=name, why=why, retry_in_s=round(pause_s, 1), failures=failures
        )
        await asyncio.sleep(pause_s)
