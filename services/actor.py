"""Who is acting, for histories and the audit trail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`name` is account:NAME, token:NAME or system; `address` where the request came from.

    `unit`: the handling unit (承办单位) he belongs to; "" for those who work for the hotline.
    """

    name: str
    address: str = ""
    unit: str = ""


SYSTEM = Actor("system")
