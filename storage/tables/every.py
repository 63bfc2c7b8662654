"""Every table, imported so that `Table.metadata` is complete."""

from storage.tables import (
    account,
    api_token,
    audit,
    call,
    call_event,
    city_setting,
    login_session,
    login_throttle,
    recording,
    ticket,
    ticket_case,
    ticket_event,
    ticket_number,
    utterance,
    webhook_delivery,
    webhook_endpoint,
    working_year,
)
from storage.tables.base import Table

METADATA = Table.metadata

__all__ = [
    "METADATA",
    "account",
    "api_token",
    "audit",
    "call",
    "call_event",
    "city_setting",
    "login_session",
    "login_throttle",
    "recording",
    "ticket",
    "ticket_case",
    "ticket_event",
    "ticket_number",
    "utterance",
    "webhook_delivery",
    "webhook_endpoint",
    "working_year",
]
