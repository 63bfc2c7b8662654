"""What may be shown of a ticket: the requester's data masked, the progress to the requester."""

from domain.accounts.masking import mask_number
from domain.cities.rules import Rules
from domain.tickets.lifecycle.states import State
from domain.tickets.lifecycle.ticket import Ticket

HIDDEN = "***"
# What a requester is told; the words are ours, the right to them the city's.
STAGES = {
    State.NEW: "尚未登记",
    State.REGISTERED: "已受理，待派单",
    State.DISPATCHED: "已派单，待签收",
    State.ACCEPTED: "办理中",
    State.RETURN_REQUESTED: "重新确定承办单位",
    State.CLOSING_REVIEW: "已办理，复核中",
    State.CLOSED: "已办结",
    State.CLOSED_STAGED: "阶段性办结",
    State.CLOSED_NO_INFO: "因缺少信息办结归档",
    State.DEEMED_CLOSED: "视同办结",
    State.TERMINATED: "终止办理",
    State.WITHDRAWN: "已撤诉",
    State.REFUSED: "不予受理",
    State.NOT_REGISTERED: "不予登记",
    State.DUPLICATE_ARCHIVED: "重复来电归档",
    State.DIRECT_ANSWERED: "已直接答复",
    State.TRANSFERRED_LINE: "已转相应热线",
}


def shown_requester(ticket: Ticket, rules: Rules) -> dict[str, object]:
    """The requester as people see it who have not asked, with a reason, for more."""
    anonymous = bool(ticket.requester.get("anonymous"))
    secret = rules.masked_anonymous.value if anonymous else ()
    stated = rules.masked_anonymous if anonymous else rules.masked
    shown: dict[str, object] = {}
    for name, value in ticket.requester.items():
        if name in secret:
            shown[name] = HIDDEN
        elif name in rules.masked.value:
            shown[name] = _masked(name, str(value))
        else:
            shown[name] = value
    return {**shown, "article": stated.article} if shown else {}


def _masked(name: str, value: str) -> str:
    if name in ("contact", "id_number"):
        return mask_number(value)
    return value[:1] + "*" * (len(value) - 1)


def progress(ticket: Ticket, rules: Rules) -> dict[str, object] | None:
    """What a requester may ask of the own ticket at any time; None for secret matters."""
    if ticket.secret or not rules.progress_query.value:
        return None
    clock = ticket.clocks.get("handle") or ticket.clocks.get("reply")
    rate = ticket.clocks.get("rate")
    return {
        "stage": STAGES[ticket.state],
        "unit": ticket.unit or None,
        "due": clock.due.isoformat() if clock and clock.stopped is None else None,
        "rate_until": rate.due.isoformat() if rate and rate.stopped is None else None,
        "article": rules.progress_query.article,
    }
