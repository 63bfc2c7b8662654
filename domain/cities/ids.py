"""The words in which events and rules speak of tickets."""

from enum import StrEnum


class Category(StrEnum):
    """What a requester wants; every city maps these to its own kinds."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGEST = "suggest"
    PRAISE = "praise"
    CRITICISM = "criticism"
    OTHER = "other"


class Urgency(StrEnum):
    GENERAL = "general"
    FAST = "fast"
    EMERGENCY_GENERAL = "emergency_general"
    EMERGENCY_MAJOR = "emergency_major"
