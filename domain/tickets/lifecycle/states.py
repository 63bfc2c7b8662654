"""The one table of states: what may follow what, and which event may happen when."""

from enum import StrEnum


class State(StrEnum):
    NEW = "new"  # nothing is registered yet
    REGISTERED = "registered"
    DISPATCHED = "dispatched"  # with a unit that has not accepted yet
    ACCEPTED = "accepted"  # signed for, or accepted by silence
    RETURN_REQUESTED = "return_requested"
    CLOSING_REVIEW = "closing_review"
    # The eleven ends.
    CLOSED = "closed"
    CLOSED_STAGED = "closed_staged"
    CLOSED_NO_INFO = "closed_no_info"
    DEEMED_CLOSED = "deemed_closed"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    NOT_REGISTERED = "not_registered"
    DUPLICATE_ARCHIVED = "duplicate_archived"
    DIRECT_ANSWERED = "direct_answered"
    TRANSFERRED_LINE = "transferred_line"


class Verb(StrEnum):
    REGISTER = "register"
    ANSWER_DIRECTLY = "answer_directly"
    REFUSE = "refuse"
    TRANSFER_LINE = "transfer_line"
    DISPATCH = "dispatch"
    SIGN = "sign"
    REQUEST_RETURN = "request_return"
    DECIDE_RETURN = "decide_return"
    DESIGNATE = "designate"
    SUPPLEMENT = "supplement"
    CONTACT = "contact"
    ARRIVE_ON_SITE = "arrive_on_site"
    REPORT_STAGE = "report_stage"
    REQUEST_EXTENSION = "request_extension"
    DECIDE_EXTENSION = "decide_extension"
    REQUEST_CLOSE = "request_close"
    DECIDE_CLOSE = "decide_close"
    REPLY_REQUESTER = "reply_requester"
    DEEM_CLOSED = "deem_closed"
    VISIT = "visit"
    RATE = "rate"
    ORDER_REWORK = "order_rework"
    DUTY_OPINION = "duty_opinion"
    EXEMPT = "exempt"
    DUPLICATE = "duplicate"
    WITHDRAW = "withdraw"
    SUPERVISE = "supervise"


S = State
WORKED_ON = frozenset({S.DISPATCHED, S.ACCEPTED})
OPEN = WORKED_ON | {S.REGISTERED, S.RETURN_REQUESTED, S.CLOSING_REVIEW}
# A result was given: it can be visited, rated and sent back.
RESULT = frozenset({S.CLOSED, S.CLOSED_STAGED, S.DEEMED_CLOSED, S.TERMINATED})
ENDS = frozenset(State) - OPEN - {S.NEW}

FOLLOWS: dict[State, frozenset[State]] = {
    S.NEW: frozenset(
        {
            S.REGISTERED,
            S.REFUSED,
            S.NOT_REGISTERED,
            S.DUPLICATE_ARCHIVED,
            S.DIRECT_ANSWERED,
            S.TRANSFERRED_LINE,
        }
    ),
    S.REGISTERED: frozenset(
        {
            S.DISPATCHED,
            S.REFUSED,
            S.NOT_REGISTERED,
            S.DIRECT_ANSWERED,
            S.TRANSFERRED_LINE,
            S.DUPLICATE_ARCHIVED,
            S.WITHDRAWN,
            S.CLOSED_NO_INFO,
        }
    ),
    S.DISPATCHED: frozenset(
        {
            S.ACCEPTED,
            S.RETURN_REQUESTED,
            S.DISPATCHED,
            S.CLOSING_REVIEW,
            S.CLOSED,
            S.DEEMED_CLOSED,
            S.WITHDRAWN,
            S.CLOSED_NO_INFO,
        }
    ),
    S.ACCEPTED: frozenset(
        {
            S.DISPATCHED,
            S.RETURN_REQUESTED,
            S.CLOSING_REVIEW,
            S.CLOSED,
            S.DEEMED_CLOSED,
            S.WITHDRAWN,
            S.CLOSED_NO_INFO,
        }
    ),
    S.RETURN_REQUESTED: frozenset(
        {S.REGISTERED, S.ACCEPTED, S.DISPATCHED, S.WITHDRAWN, S.CLOSED_NO_INFO}
    ),
    S.CLOSING_REVIEW: frozenset({S.CLOSED, S.CLOSED_STAGED, S.TERMINATED, S.ACCEPTED, S.WITHDRAWN}),
    S.CLOSED: frozenset({S.ACCEPTED, S.DISPATCHED}),
    S.CLOSED_STAGED: frozenset({S.ACCEPTED, S.DISPATCHED}),
    S.DEEMED_CLOSED: frozenset({S.ACCEPTED, S.DISPATCHED}),
    S.TERMINATED: frozenset({S.ACCEPTED, S.DISPATCHED}),
    S.CLOSED_NO_INFO: frozenset({S.DISPATCHED}),
    S.WITHDRAWN: frozenset({S.DISPATCHED}),
    S.REFUSED: frozenset(),
    S.NOT_REGISTERED: frozenset(),
    S.DUPLICATE_ARCHIVED: frozenset(),
    S.DIRECT_ANSWERED: frozenset(),
    S.TRANSFERRED_LINE: frozenset(),
}

BEFORE_DISPATCH = frozenset({S.NEW, S.REGISTERED})
HAPPENS_IN: dict[Verb, frozenset[State]] = {
    Verb.REGISTER: frozenset({S.NEW}),
    Verb.ANSWER_DIRECTLY: BEFORE_DISPATCH,
    Verb.REFUSE: BEFORE_DISPATCH,
    Verb.TRANSFER_LINE: BEFORE_DISPATCH,
    # With a unit only where a district's office hands it on to its own unit.
    Verb.DISPATCH: WORKED_ON | {S.REGISTERED, S.RETURN_REQUESTED},
    Verb.SIGN: WORKED_ON,
    Verb.REQUEST_RETURN: WORKED_ON,
    Verb.DECIDE_RETURN: frozenset({S.RETURN_REQUESTED}),
    # A dispute may also come up with a unit that has accepted, even by its silence.
    Verb.DESIGNATE: WORKED_ON | {S.REGISTERED, S.RETURN_REQUESTED},
    Verb.SUPPLEMENT: OPEN - {S.CLOSING_REVIEW},
    Verb.CONTACT: WORKED_ON,
    Verb.ARRIVE_ON_SITE: WORKED_ON,
    Verb.REPORT_STAGE: WORKED_ON,
    Verb.REQUEST_EXTENSION: WORKED_ON,
    Verb.DECIDE_EXTENSION: WORKED_ON,
    Verb.REQUEST_CLOSE: WORKED_ON,
    Verb.DECIDE_CLOSE: frozenset({S.CLOSING_REVIEW, S.CLOSED}),
    Verb.REPLY_REQUESTER: WORKED_ON | RESULT | {S.CLOSING_REVIEW},
    Verb.DEEM_CLOSED: WORKED_ON,
    Verb.VISIT: RESULT,
    Verb.RATE: RESULT | {S.DIRECT_ANSWERED},
    Verb.ORDER_REWORK: RESULT,
    Verb.DUTY_OPINION: WORKED_ON | RESULT,
    Verb.EXEMPT: WORKED_ON | RESULT,
    Verb.DUPLICATE: frozenset(State) - {S.NEW},
    Verb.WITHDRAW: OPEN,
    Verb.SUPERVISE: OPEN | RESULT,
}

# The parameter whose article speaks about an event: cited when it comes at the wrong time.
SPEAKS_OF: dict[Verb, str] = {
    Verb.REGISTER: "categories",
    Verb.ANSWER_DIRECTLY: "direct_answer",
    Verb.REFUSE: "grounds",
    Verb.TRANSFER_LINE: "grounds",
    Verb.DISPATCH: "multi_unit",
    Verb.SIGN: "sign_limit",
    Verb.REQUEST_RETURN: "return_required",
    Verb.DECIDE_RETURN: "return_required",
    Verb.DESIGNATE: "designate_by",
    Verb.SUPPLEMENT: "missing_info",
    Verb.CONTACT: "contact",
    Verb.ARRIVE_ON_SITE: "emergency_on_site",
    Verb.REPORT_STAGE: "stage_report",
    Verb.REQUEST_EXTENSION: "extension_steps",
    Verb.DECIDE_EXTENSION: "extension_steps",
    Verb.REQUEST_CLOSE: "close_required",
    Verb.DECIDE_CLOSE: "close_required",
    Verb.REPLY_REQUESTER: "close_required",
    Verb.DEEM_CLOSED: "deemed_closed",
    Verb.VISIT: "visit_modality",
    Verb.RATE: "rate_axes",
    Verb.ORDER_REWORK: "rework_needs",
    Verb.DUTY_OPINION: "duty_opinion",
    Verb.EXEMPT: "exempt_grounds",
    Verb.DUPLICATE: "duplicate_open_same",
    Verb.WITHDRAW: "withdraw_dispatched",
    Verb.SUPERVISE: "supervise_modality",
}
