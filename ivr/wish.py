"""Whom a caller asks for."""

from dataclasses import dataclass, field

from domain.queueing.seats import GENERAL


@dataclass(frozen=True)
class Wish:
    """Whom the caller asks for. ``keys``: those that leave the queue, besides emergencies."""

    queue: str = GENERAL
    needs: dict[str, int] = field(default_factory=dict)
    wants: str = ""
    keys: str = ""
