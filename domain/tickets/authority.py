"""Which permission each event of a ticket's life needs, and what a district's office may do."""

from domain.accounts.permissions import Permission
from domain.cities.rules import ENGINE_DEFAULT, Rules
from domain.tickets.lifecycle import district
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Refused, Ticket

P, V = Permission, Verb

NEEDS: dict[Verb, Permission] = {
    # What the hotline does with a requester on the line.
    V.REGISTER: P.CASE_REGISTER,
    V.ANSWER_DIRECTLY: P.CASE_REGISTER,
    V.REFUSE: P.CASE_REGISTER,
    V.TRANSFER_LINE: P.CASE_REGISTER,
    V.SUPPLEMENT: P.CASE_REGISTER,
    V.DUPLICATE: P.CASE_REGISTER,
    V.WITHDRAW: P.CASE_REGISTER,
    # Who gets it.
    V.DISPATCH: P.CASE_DISPATCH,
    V.DECIDE_RETURN: P.CASE_DISPATCH,
    V.DESIGNATE: P.CASE_DISPATCH,
    # What the unit does.
    V.SIGN: P.CASE_HANDLE,
    V.CONTACT: P.CASE_HANDLE,
    V.ARRIVE_ON_SITE: P.CASE_HANDLE,
    V.REPORT_STAGE: P.CASE_HANDLE,
    V.REPLY_REQUESTER: P.CASE_HANDLE,
    # What the unit asks for: needs the unit's word, not one clerk's everywhere.
    V.REQUEST_RETURN: P.CASE_SUBMIT,
    V.REQUEST_EXTENSION: P.CASE_SUBMIT,
    V.REQUEST_CLOSE: P.CASE_SUBMIT,
    V.DEEM_CLOSED: P.CASE_SUBMIT,
    V.DUTY_OPINION: P.CASE_SUBMIT,
    # What the hotline decides about the unit's work.
    V.DECIDE_EXTENSION: P.CASE_REVIEW,
    V.DECIDE_CLOSE: P.CASE_REVIEW,
    V.EXEMPT: P.CASE_REVIEW,
    V.ORDER_REWORK: P.CASE_VISIT,
    V.VISIT: P.CASE_VISIT,
    V.RATE: P.CASE_VISIT,
    V.SUPERVISE: P.CASE_SUPERVISE,
}

# What the hotline does with units: somebody of a unit does none of it, a district's office some.
_ABOVE = frozenset({P.CASE_DISPATCH, P.CASE_REVIEW})


def decides_below(ticket: Ticket, verb: Verb, unit: str, rules: Rules) -> bool:
    """True for what a district's office does with its own units, False for a unit's own work.

    The office picks its unit while it has the ticket, and decides when that unit returns it
    (Shantou, 第九条 and 第十条). Raises `Refused` for everything else that is the hotline's.
    """
    if NEEDS[verb] not in _ABOVE:
        return False
    handed_on = district.below(ticket)
    if unit == ticket.district and verb is (V.DECIDE_RETURN if handed_on else V.DISPATCH):
        return True
    stated = rules.district_hop
    article = stated.article if stated.value else ENGINE_DEFAULT
    allowed = _OF_OFFICE.get((unit == ticket.district, handed_on), ())
    raise Refused(f"{unit} 不能 {verb}：区（县）只能确定本区（县）的承办单位", article, allowed)


_OF_OFFICE = {(True, False): (V.DISPATCH.value,), (True, True): (V.DECIDE_RETURN.value,)}
