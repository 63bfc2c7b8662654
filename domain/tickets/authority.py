"""Which permission each event of a ticket's life needs."""

from domain.accounts.permissions import Permission
from domain.tickets.lifecycle.states import Verb

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
