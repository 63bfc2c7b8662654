"""Who may do what: roles of people, scopes of machines, and what no one may combine.

Roles are given to accounts, scopes to API tokens; a scope is a role's name or one of `MACHINE`.
"""

from collections.abc import Iterable
from enum import StrEnum


class Permission(StrEnum):
    TICKET_READ = "ticket.read"
    TICKET_CREATE = "ticket.create"
    TICKET_EDIT = "ticket.edit"
    CASE_REGISTER = "case.register"  # register, refuse, answer, supplement, repeats, withdrawal
    CASE_DISPATCH = "case.dispatch"  # dispatch, decide returns, designate
    CASE_HANDLE = "case.handle"  # a unit's daily work: sign, contact, on site, report, reply
    CASE_SUBMIT = "case.submit"  # what a unit asks for: return, extension, closing
    CASE_REVIEW = "case.review"  # decide extensions, closings, exemptions
    CASE_VISIT = "case.visit"  # call back, record ratings, order a rework
    CASE_SUPERVISE = "case.supervise"
    RULES_ADMIN = "rules.admin"  # the working-day table, the city's own settings
    ASSESSMENT_READ = "assessment.read"
    EFFECT_CARRY = "effect.carry"  # what tickets ask for outside: short messages, other systems
    CALL_READ = "call.read"  # call records and transcripts
    RECORDING_LISTEN = "recording.listen"
    RECORDING_DOWNLOAD = "recording.download"  # as a marked file; everybody else only listens
    RECORDING_DELETE = "recording.delete"  # retention rules, and deletions in two steps
    RECORDING_HOLD = "recording.hold"  # legal holds
    REVIEW_SCORE = "review.score"  # the review desk: find, score, comment, correct
    REVIEW_LEAD = "review.lead"  # forms, work lists, release, appeals, reports
    REVIEW_OWN = "review.own"  # an agent's own released reviews
    LIVE_WATCH = "live.watch"
    CONDUCT_RECORD = "conduct.record"  # measures against abuse; a suspension is only proposed
    SUSPENSION_DECIDE = "suspension.decide"
    PERSONAL_UNMASK = "personal.unmask"  # one object at a time, with a reason, audited
    PERSONAL_CLEAR = "personal.clear"  # machines that cannot work with masked numbers
    SEAT_WORK = "seat.work"  # log in at a seat and take calls
    SEAT_SUPERVISE = "seat.supervise"  # other agents' states, listening in, taking over
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_EDIT = "knowledge.edit"
    FLOW_READ = "flow.read"
    FLOW_EDIT = "flow.edit"
    FLOW_PUBLISH = "flow.publish"
    FLOW_SWITCH = "flow.switch"  # bad weather and the like, on and off
    ACCOUNT_ADMIN = "account.admin"
    TOKEN_ADMIN = "token.admin"  # noqa: S105  a permission's name
    WEBHOOK_ADMIN = "webhook.admin"
    AUDIT_READ = "audit.read"


class Role(StrEnum):
    AGENT = "agent"  # 话务员
    SUPERVISOR = "supervisor"  # 班长
    FLOW_EDITOR = "flow_editor"  # 流程编辑
    FLOW_PUBLISHER = "flow_publisher"  # 流程发布
    DISPATCHER = "dispatcher"  # 派单员
    UNIT_HANDLER = "unit_handler"  # 承办单位经办人
    VISITOR = "visitor"  # 回访员
    UNIT_REVIEWER = "unit_reviewer"  # 承办单位审核人
    RECORDING_REVIEWER = "recording_reviewer"  # 录音质检员
    AUDITOR = "auditor"  # 审计员
    ADMINISTRATOR = "administrator"  # 管理员


class MachineScope(StrEnum):
    """Scopes that only an API token can have."""

    DRAFTS = "drafts"  # an outside backend that takes over drafts, numbers in clear
    LIVE = "live"  # a wallboard
    NOTICES = "notices"  # a gateway that sends short messages and tells other systems


P = Permission

# Everyone who speaks with the citizen or works on the request may unmask the one ticket in
# hand; those who only look over others' shoulders (reviewers, auditors, administrators) may not.
OF_ROLE: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(
        {
            P.KNOWLEDGE_READ,
            P.CASE_REGISTER,
            P.TICKET_READ,
            P.TICKET_CREATE,
            P.TICKET_EDIT,
            P.CALL_READ,
            P.REVIEW_OWN,
            P.RECORDING_LISTEN,  # a field of a draft is checked by hearing its words
            P.LIVE_WATCH,
            P.CONDUCT_RECORD,
            P.PERSONAL_UNMASK,
            P.SEAT_WORK,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            P.KNOWLEDGE_READ,
            P.KNOWLEDGE_EDIT,
            P.CASE_REGISTER,
            P.CASE_DISPATCH,
            P.CASE_REVIEW,
            P.CASE_VISIT,
            P.CASE_SUPERVISE,
            P.ASSESSMENT_READ,
            P.TICKET_READ,
            P.TICKET_CREATE,
            P.TICKET_EDIT,
            P.CALL_READ,
            P.RECORDING_LISTEN,
            P.LIVE_WATCH,
            P.CONDUCT_RECORD,
            P.SUSPENSION_DECIDE,
            P.PERSONAL_UNMASK,
            P.SEAT_WORK,
            P.SEAT_SUPERVISE,
            P.FLOW_READ,
            P.FLOW_SWITCH,
            P.TOKEN_ADMIN,
            P.RECORDING_HOLD,
            P.RECORDING_DOWNLOAD,
            P.REVIEW_SCORE,
            P.REVIEW_LEAD,
        }
    ),
    Role.FLOW_EDITOR: frozenset({P.FLOW_READ, P.FLOW_EDIT}),
    Role.FLOW_PUBLISHER: frozenset({P.FLOW_READ, P.FLOW_PUBLISH, P.FLOW_SWITCH}),
    Role.DISPATCHER: frozenset(
        {
            P.KNOWLEDGE_READ,
            P.CASE_REGISTER,
            P.CASE_DISPATCH,
            P.CASE_REVIEW,
            P.TICKET_READ,
            P.TICKET_EDIT,
            P.CALL_READ,
            P.PERSONAL_UNMASK,
        }
    ),
    Role.UNIT_HANDLER: frozenset(
        {P.KNOWLEDGE_READ, P.CASE_HANDLE, P.CASE_SUBMIT, P.TICKET_READ, P.PERSONAL_UNMASK}
    ),
    Role.VISITOR: frozenset(
        {P.KNOWLEDGE_READ, P.CASE_VISIT, P.TICKET_READ, P.CALL_READ, P.PERSONAL_UNMASK}
    ),
    Role.UNIT_REVIEWER: frozenset({P.CASE_SUBMIT, P.TICKET_READ}),
    Role.RECORDING_REVIEWER: frozenset(
        {P.TICKET_READ, P.CALL_READ, P.RECORDING_LISTEN, P.REVIEW_SCORE}
    ),
    Role.AUDITOR: frozenset({P.AUDIT_READ}),
    Role.ADMINISTRATOR: frozenset(
        {
            P.RULES_ADMIN,
            P.ASSESSMENT_READ,
            P.TICKET_READ,
            P.CALL_READ,
            P.LIVE_WATCH,
            P.FLOW_READ,
            P.ACCOUNT_ADMIN,
            P.TOKEN_ADMIN,
            P.WEBHOOK_ADMIN,
            P.RECORDING_DELETE,
            P.RECORDING_HOLD,
        }
    ),
}
OF_MACHINE: dict[MachineScope, frozenset[Permission]] = {
    MachineScope.DRAFTS: frozenset(
        {
            P.TICKET_READ,
            P.TICKET_CREATE,
            P.TICKET_EDIT,
            P.CALL_READ,
            P.RECORDING_LISTEN,  # the webhook names the recording
            P.PERSONAL_CLEAR,
        }
    ),
    MachineScope.LIVE: frozenset({P.LIVE_WATCH}),
    MachineScope.NOTICES: frozenset({P.TICKET_READ, P.EFFECT_CARRY, P.PERSONAL_CLEAR}),
}
SCOPES: dict[str, frozenset[Permission]] = {
    **{role.value: granted for role, granted in OF_ROLE.items()},
    **{scope.value: granted for scope, granted in OF_MACHINE.items()},
}

# Whoever makes accounts does not listen, whoever reads the trail neither makes accounts nor
# leaves traces of the kind he checks; whoever deletes recordings neither hears nor checks them.
KEPT_APART: tuple[tuple[Permission, Permission], ...] = (
    (P.ACCOUNT_ADMIN, P.RECORDING_LISTEN),
    (P.ACCOUNT_ADMIN, P.AUDIT_READ),
    (P.AUDIT_READ, P.RECORDING_LISTEN),
    (P.RECORDING_DELETE, P.RECORDING_LISTEN),
    (P.RECORDING_DELETE, P.AUDIT_READ),
)


class RolesClash(Exception):
    """These roles (or scopes) must not be in one hand."""

    def __init__(self, names: Iterable[str], pair: tuple[Permission, Permission]) -> None:
        self.names = sorted(names)
        self.pair = pair
        super().__init__(
            f"{', '.join(self.names)} would join {pair[0]} and {pair[1]}, which are kept apart"
        )


# Who works for a handling unit may be bound to it: then he sees its tickets and nothing else.
OF_A_UNIT = frozenset({Role.UNIT_HANDLER.value, Role.UNIT_REVIEWER.value})


class UnitNotForRole(Exception):
    """Only people and machines of handling units are bound to one."""

    field = "unit"

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names) - OF_A_UNIT)
        super().__init__(f"{', '.join(self.names)} work for the whole hotline: no unit")


def refuse_unit(unit: str, names: Iterable[str]) -> None:
    """Raise `UnitNotForRole` if somebody with other roles or scopes would be bound to `unit`."""
    names = list(names)
    if unit and not OF_A_UNIT.issuperset(names):
        raise UnitNotForRole(names)


def permissions_of(names: Iterable[str]) -> frozenset[Permission]:
    """Everything these roles or scopes allow together. Unknown names allow nothing."""
    return frozenset().union(*(SCOPES.get(name, frozenset()) for name in names))


def refuse_clash(names: Iterable[str]) -> None:
    """Raise `RolesClash` if one person with all these roles or scopes could do too much."""
    names = list(names)
    granted = permissions_of(names)
    for pair in KEPT_APART:
        if granted.issuperset(pair):
            raise RolesClash(names, pair)
