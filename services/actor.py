"""Who is acting, for histories and the audit trail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`name` is account:NAME, token:NAME or system; `address` where the request came from."""

    name: str
    address: str = ""


SYSTEM = Actor("system")
