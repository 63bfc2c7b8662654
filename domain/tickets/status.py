"""The life of a ticket: which status may follow which.

For now a ticket lives until it is handed over: a draft is submitted or thrown away. The way
from registration to rating is the cities' business and comes with their rule sets.
"""

from enum import StrEnum


class TicketStatus(StrEnum):
    DRAFT = "draft"  # made by the machine or begun by a person; nobody has signed it
    SUBMITTED = "submitted"  # a person has looked at it and stands for it
    DISCARDED = "discarded"  # nothing to handle: silence, a wrong number, a repeated call


ALLOWED: dict[TicketStatus, frozenset[TicketStatus]] = {
    TicketStatus.DRAFT: frozenset({TicketStatus.SUBMITTED, TicketStatus.DISCARDED}),
    # Thrown away by mistake: it comes back as a draft.
    TicketStatus.DISCARDED: frozenset({TicketStatus.DRAFT}),
    TicketStatus.SUBMITTED: frozenset(),
}


class StatusNotAllowed(Exception):
    """Somebody asked for a step that the life of a ticket does not have."""

    def __init__(self, current: TicketStatus, wanted: TicketStatus) -> None:
        super().__init__(f"a {current} ticket cannot become {wanted}")
        self.current = current
        self.wanted = wanted
        self.allowed = sorted(ALLOWED[current])


def move(current: TicketStatus, wanted: TicketStatus) -> TicketStatus:
    """The new status, or `StatusNotAllowed`."""
    if wanted not in ALLOWED[current]:
        raise StatusNotAllowed(current, wanted)
    return wanted
