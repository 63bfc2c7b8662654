"""Whom a caller asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.queueing.seats import GENERAL


@dataclass(frozen=True)
class Wish:
    """Whom the caller asks for. ``keys``: those that leave the queue, besides emergencies.

    ``wants``: a seat that is waited for alone, for ``patience_s``. ``brings``: the line that comes
    into the conversation too.
    """

    queue: str = GENERAL
    needs: Mapping[str, int] = field(default_factory=dict)
    wants: str = ""
    patience_s: float = 20.0
    keys: str = ""
    brings: str = ""
