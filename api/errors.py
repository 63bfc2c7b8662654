"""The one place where a failure becomes an HTTP status.

Every answer to a failure has one shape, `schemas.failure.Failure`: what happened (in English and
in Chinese), and where there are fields at fault, each with its reason.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.backend import backend_of
from api.faults import faults_of
from api.schemas.failure import Failure, Fault
from api.schemas.tickets import TicketConflict, TicketEventAnswer, View
from callflow.flow import FlowUnreadable
from callflow.simulate import ScriptFault
from domain.accounts.passwords import PasswordTooWeak
from domain.accounts.permissions import Permission, RolesClash, UnitNotForRole
from domain.calendar.table import CalendarInvalid, OutsideCalendar
from domain.callers.conduct import MeasureRefused
from domain.callers.suspension import SuspensionNotAllowed
from domain.cities.load import UnknownCity
from domain.keeping.retention import ConditionsRefused
from domain.knowledge.entry import StageNotAllowed
from domain.queueing.roster import RosterRefused
from domain.review.finding import QuestionRefused
from domain.review.form import FormRefused
from domain.review.progress import StepNotPossible
from domain.review.scoring import AnswersRefused
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Incomplete
from domain.tickets.rehearsal.scenario import ScenarioInvalid
from domain.tickets.status import StatusNotAllowed
from prompts.recordings import RecordingRefused
from prompts.speech import RenderFailed
from prompts.texts import UnknownLanguage
from services.accounts import NameTaken, OwnAccount, WrongCode, WrongPassword
from services.calendars import TableChangedMeanwhile, YearOutside
from services.calibration import CalibrationRefused, NotCalibrated
from services.case_record import FieldRefused, RulesGone
from services.cases import NotPossible
from services.desk import WordNotThere
from services.floor import QueueStays, QueueUnknown, SettingRefused
from services.flow_publishing import NotPublishable, NotReleased, OwnDraft
from services.flows import FlowChangedMeanwhile, FlowNameTaken
from services.knowledge import KnowledgeKeyTaken
from services.logins import CodeNeeded, SignInRefused, TooManyAttempts
from services.orders import Kind, OrderRefused
from services.retention import DeletionSettled, NothingDue, SamePerson
from services.reviewing import AppealTooLate, NotYours, ReviewChangedMeanwhile, ReviewedAlready
from services.splitting import SplitRefused
from services.statistics import TimeRefused
from services.suspensions import LengthRefused, NumberWithheld
from services.tickets import (
    NumbersExhausted,
    RegisteredAlready,
    RequestKeyReused,
    TicketChangedMeanwhile,
)
from services.webhook_endpoints import UrlTaken
from services.webhooks import UrlRefused
from storage.repositories.accounts import AccountNotFound, SessionNotFound, TokenNotFound
from storage.repositories.calls import CallNotFound
from storage.repositories.cards import NotOnTheDesk
from storage.repositories.cases import CaseNotFound
from storage.repositories.effects import EffectNotFound
from storage.repositories.floor import CallBackNotFound, DutyNotFound, QueueNotFound
from storage.repositories.flows import (
    FlowNotFound,
    FlowRouteNotFound,
    FlowTestNotFound,
    FlowVersionNotFound,
)
from storage.repositories.keeping import DeletionNotFound, HoldNotFound, RuleNotFound
from storage.repositories.knowledge import EntryNotFound
from storage.repositories.page import CursorBroken
from storage.repositories.suspensions import SuspensionNotFound
from storage.repositories.tickets import TicketNotFound
from storage.repositories.webhooks import EndpointNotFound
from storage.vault.keyring import KeyMissing, KeysUnreadable
from storage.vault.sealing import SoundDamaged

log = structlog.get_logger()


class NotSignedIn(Exception):
    """Neither a session nor a token that counts."""

    def __init__(self) -> None:
        super().__init__("sign in first, or send a token that is in force")


class NotAllowed(Exception):
    """Signed in, but without this permission."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"this needs the permission {permission}")
        self.permission = permission


class ForgedRequest(Exception):
    """A browser sent a session's cookie, but not from our own page."""

    def __init__(self) -> None:
        super().__init__("the X-CSRF-Token header is missing or wrong, or the origin is not ours")


class PasswordMustChange(Exception):
    """Somebody else chose the password: only changing it is possible until then."""

    def __init__(self) -> None:
        super().__init__("change your password first: POST /auth/password")


class PromptNotFound(LookupError):
    """There is no sound of this prompt."""

    def __init__(self, language: str, key: str) -> None:
        super().__init__(f"no sound of {key} in {language}")


class RecordingNotFound(LookupError):
    """The call has no recording, or its file is gone."""

    def __init__(self, call_id: str) -> None:
        super().__init__(f"no recording of call {call_id}")


@dataclass(frozen=True)
class Verdict:
    """`field` names the part of the request at fault, where the failure itself does not."""

    status: int
    chinese: str
    field: str = ""


VERDICTS: dict[type[Exception], Verdict] = {
    NotSignedIn: Verdict(401, "请先登录，或提供有效的令牌"),
    SignInRefused: Verdict(401, "账号或密码错误"),
    CodeNeeded: Verdict(401, "需要正确的动态验证码", "code"),
    NotAllowed: Verdict(403, "没有此项权限"),
    ForgedRequest: Verdict(403, "请求来源校验失败"),
    PasswordMustChange: Verdict(403, "请先修改密码"),
    OwnAccount: Verdict(403, "不能修改自己的角色或状态"),
    NotYours: Verdict(403, "不是您的评分"),
    SamePerson: Verdict(403, "提议人不能确认自己的删除"),
    WrongPassword: Verdict(403, "当前密码错误", "present"),
    WrongCode: Verdict(403, "动态验证码错误或已使用", "code"),
    TicketNotFound: Verdict(404, "没有这张工单"),
    CallNotFound: Verdict(404, "没有这通电话"),
    CallBackNotFound: Verdict(404, "没有这条回拨"),
    DutyNotFound: Verdict(404, "没有这条有效的值班"),
    QueueNotFound: Verdict(404, "没有这个队列"),
    QueueStays: Verdict(409, "这个队列仍在使用，不能删除"),
    QueueUnknown: Verdict(422, "没有这个队列"),
    RosterRefused: Verdict(422, "值班时段不能接受"),
    SettingRefused: Verdict(422, "规则自相矛盾"),
    TimeRefused: Verdict(422, "时间段不能接受"),
    PromptNotFound: Verdict(404, "没有这段语音"),
    RecordingNotFound: Verdict(404, "没有这通电话的录音"),
    NotOnTheDesk: Verdict(404, "质检台没有这一项"),
    WordNotThere: Verdict(404, "没有这个词"),
    RuleNotFound: Verdict(404, "没有这条保存规则"),
    HoldNotFound: Verdict(404, "没有这条有效的封存"),
    DeletionNotFound: Verdict(404, "没有这次删除"),
    AccountNotFound: Verdict(404, "没有这个账号"),
    TokenNotFound: Verdict(404, "没有这个令牌"),
    SessionNotFound: Verdict(404, "没有这个会话"),
    EffectNotFound: Verdict(404, "没有这一事项"),
    EndpointNotFound: Verdict(404, "没有这个推送地址"),
    EntryNotFound: Verdict(404, "没有这个知识条目"),
    KnowledgeKeyTaken: Verdict(409, "已有同名的知识条目"),
    OwnDraft: Verdict(403, "草稿里有您自己的修改，须由另一人发布"),
    UnknownLanguage: Verdict(404, "没有这种语言", "language"),
    RecordingRefused: Verdict(422, "录音不能使用", "recording"),
    RenderFailed: Verdict(503, "语音合成暂时不可用"),
    FlowNotFound: Verdict(404, "没有这个流程"),
    FlowVersionNotFound: Verdict(404, "没有这个版本"),
    FlowTestNotFound: Verdict(404, "没有这个测试"),
    FlowRouteNotFound: Verdict(404, "没有这条接入设置"),
    FlowNameTaken: Verdict(409, "流程名已存在", "name"),
    FlowChangedMeanwhile: Verdict(409, "草稿已被他人修改", "draft_version"),
    NotReleased: Verdict(409, "该版本正在使用", "number"),
    FlowUnreadable: Verdict(422, "流程内容有误", "graph"),
    ScriptFault: Verdict(422, "演练步骤有误", "script"),
    StatusNotAllowed: Verdict(409, "工单当前状态不允许此操作", "status"),
    CaseNotFound: Verdict(409, "工单尚未登记，城市规则还不适用"),
    SplitRefused: Verdict(409, "工单已登记，不能再拆分；请另行登记", "ticket_id"),
    RegisteredAlready: Verdict(409, "工单已登记，类别不能再改", "category"),
    TableChangedMeanwhile: Verdict(409, "工作日表已被他人修改", "edition"),
    UnknownCity: Verdict(404, "没有这个城市的规则"),
    RulesGone: Verdict(409, "本程序没有该工单登记时的规则版本"),
    FieldRefused: Verdict(422, "该项内容不正确"),
    ScenarioInvalid: Verdict(422, "演练内容有误"),
    OutsideCalendar: Verdict(422, "日期超出工作日表的范围"),
    CalendarInvalid: Verdict(422, "工作日表内容不正确", "days"),
    YearOutside: Verdict(422, "年份超出范围", "year"),
    SuspensionNotFound: Verdict(404, "没有这条暂停记录"),
    SuspensionNotAllowed: Verdict(409, "当前不能这样处理"),
    NumberWithheld: Verdict(409, "来电未显示号码，不能据此采取措施"),
    LengthRefused: Verdict(422, "期限不符合规定"),
    RequestKeyReused: Verdict(409, "该幂等键已用于其他内容", "Idempotency-Key"),
    NameTaken: Verdict(409, "账号名已存在", "name"),
    UrlTaken: Verdict(409, "该地址已登记", "url"),
    CalibrationRefused: Verdict(422, "校准无法开始"),
    NotCalibrated: Verdict(409, "这次校准没有请您评这通录音，或已结束"),
    ReviewedAlready: Verdict(409, "该录音已有人评分"),
    ReviewChangedMeanwhile: Verdict(409, "评分已被修改", "version"),
    AppealTooLate: Verdict(409, "申诉期限已过"),
    StepNotPossible: Verdict(409, "评分当前状态不允许此操作"),
    DeletionSettled: Verdict(409, "该删除已有结论"),
    NothingDue: Verdict(409, "没有到期的录音"),
    SoundDamaged: Verdict(409, "录音已损坏，请告知管理员"),
    QuestionRefused: Verdict(422, "请输入要查找的词，如：路灯", "words"),
    FormRefused: Verdict(422, "评分表有误", "body"),
    AnswersRefused: Verdict(422, "答案不完整或有误", "answers"),
    ConditionsRefused: Verdict(422, "保存规则的条件有误", "conditions"),
    RolesClash: Verdict(422, "这些角色不能由同一人担任", "roles"),
    UnitNotForRole: Verdict(422, "只有承办单位的人员才能绑定单位", "unit"),
    PasswordTooWeak: Verdict(422, "密码不符合要求", "password"),
    UrlRefused: Verdict(422, "不接受该地址", "url"),
    CursorBroken: Verdict(422, "翻页标记无效", "after"),
    TooManyAttempts: Verdict(429, "尝试次数过多，请稍后再试"),
    NumbersExhausted: Verdict(503, "今日工单号已用完"),
    KeyMissing: Verdict(503, "录音密钥不可用，请告知管理员"),
    KeysUnreadable: Verdict(503, "录音密钥不可用，请告知管理员"),
    OperationalError: Verdict(503, "数据库暂时不可用，请稍后再试"),
    InterfaceError: Verdict(503, "数据库暂时不可用，请稍后再试"),
    PoolTimeout: Verdict(503, "数据库繁忙，请稍后再试"),
}
# What the database says about itself stays in the log: it names hosts and statements.
KEPT_BACK = (OperationalError, InterfaceError, PoolTimeout)
RETRY_DATABASE_S = 2
OF_AN_ORDER: dict[Kind, int] = {
    "bad": 422,
    "not_allowed": 403,
    "not_found": 404,
    "conflict": 409,
    "away": 503,
}
HTTP_CHINESE = {404: "没有这个地址", 405: "不支持这种请求方法", 413: "请求内容过大"}

ErrorHandler = Callable[[Request, Any], Awaitable[JSONResponse]]


def install(app: FastAPI) -> None:
    for failure, verdict in VERDICTS.items():
        app.add_exception_handler(failure, _answer_with(verdict))
    app.add_exception_handler(NotPublishable, _not_publishable)  # type: ignore[arg-type]
    app.add_exception_handler(OrderRefused, _order_refused)  # type: ignore[arg-type]
    app.add_exception_handler(TicketChangedMeanwhile, _changed_meanwhile)  # type: ignore[arg-type]
    app.add_exception_handler(MeasureRefused, _measure_refused)  # type: ignore[arg-type]
    app.add_exception_handler(StageNotAllowed, _stage_refused)  # type: ignore[arg-type]
    app.add_exception_handler(NotPossible, _rules_refuse)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _bad_input)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _plain)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unforeseen)


def _answer_with(verdict: Verdict) -> ErrorHandler:
    async def answer(request: Request, failure: Exception) -> JSONResponse:
        kept_back = isinstance(failure, KEPT_BACK)
        if kept_back:
            log.error("database failed", path=request.url.path, failure=type(failure).__name__)
        body = Failure(
            error="DatabaseUnavailable" if kept_back else type(failure).__name__,
            message="the database does not answer" if kept_back else str(failure),
            message_zh=verdict.chinese,
            details=_details(failure, verdict),
            allowed=list(getattr(failure, "allowed", [])),
        )
        return JSONResponse(
            body.model_dump(mode="json"), verdict.status, headers=_headers(failure, kept_back)
        )

    return answer


def _details(failure: Exception, verdict: Verdict) -> list[Fault]:
    field = verdict.field or getattr(failure, "field", "")
    if not field:
        return []
    reason = getattr(failure, "reason", str(failure))
    chinese = getattr(failure, "reason_zh", verdict.chinese)
    return [Fault(field=field, reason=reason, reason_zh=chinese)]


def _headers(failure: Exception, kept_back: bool) -> dict[str, str]:
    if isinstance(failure, TooManyAttempts):
        return {"Retry-After": str(int(failure.wait.total_seconds()) + 1)}
    if isinstance(failure, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}  # RFC 9110, 11.6.1: a 401 says how
    return {"Retry-After": str(RETRY_DATABASE_S)} if kept_back else {}


async def _order_refused(_request: Request, failure: OrderRefused) -> JSONResponse:
    body = Failure(
        error=failure.error,
        message=str(failure),
        message_zh=failure.chinese,
        allowed=list(failure.allowed),
    )
    headers = {"Retry-After": str(RETRY_DATABASE_S)} if failure.kind == "away" else None
    return JSONResponse(body.model_dump(mode="json"), OF_AN_ORDER[failure.kind], headers=headers)


async def _changed_meanwhile(request: Request, failure: TicketChangedMeanwhile) -> JSONResponse:
    view = View(backend_of(request).zone, clear=False)
    current = failure.current
    body = TicketConflict(
        error="TicketChangedMeanwhile",
        message=str(failure),
        message_zh="工单已被他人修改",
        details=[
            Fault(
                field="version",
                reason=f"it is {current} by now",
                reason_zh=f"当前版本为 {current}",
            )
        ],
        current_version=current,
        changed_since=[TicketEventAnswer.of(event, view) for event in failure.events],
    )
    return JSONResponse(body.model_dump(mode="json"), 409)


async def _measure_refused(_request: Request, failure: MeasureRefused) -> JSONResponse:
    body = Failure(
        error="MeasureRefused",
        message=str(failure),
        message_zh=f"{failure.reason}（{failure.article}）",
        allowed=list(failure.allowed),
        article=failure.article,
    )
    return JSONResponse(body.model_dump(mode="json"), 409)


async def _stage_refused(_request: Request, failure: StageNotAllowed) -> JSONResponse:
    body = Failure(
        error="StageNotAllowed",
        message=str(failure),
        message_zh="；".join(f"{fault.what}（{fault.article}）" for fault in failure.faults),
        article=failure.faults[0].article,
    )
    return JSONResponse(body.model_dump(mode="json"), 409)


async def _rules_refuse(_request: Request, failure: NotPossible) -> JSONResponse:
    """409 when something else would be possible now, 422 when the event itself lacks something."""
    lacks = isinstance(failure.refused, Incomplete) or not set(failure.allowed) <= set(Verb)
    body = TicketConflict(
        error="NotPossible",
        message=str(failure),
        message_zh=f"{failure.reason}（{failure.article}）",
        allowed=failure.allowed,
        article=failure.article,
        current_version=failure.version,
        state=failure.state,
    )
    return JSONResponse(body.model_dump(mode="json"), 422 if lacks else 409)


async def _not_publishable(_request: Request, failure: NotPublishable) -> JSONResponse:
    body = Failure(
        error="NotPublishable",
        message=str(failure),
        message_zh="流程未通过检查，不能发布",
        details=[
            Fault(field=place, reason=reason, reason_zh=reason)
            for place, reason in failure.obstacles
        ],
    )
    return JSONResponse(body.model_dump(mode="json"), 422)


async def _bad_input(_request: Request, failure: RequestValidationError) -> JSONResponse:
    faults = faults_of(failure.errors())
    named = ", ".join(fault.field for fault in faults)
    body = Failure(
        error="BadInput",
        message=f"the request has faults: {named}",
        message_zh="请求内容有误",
        details=faults,
    )
    return JSONResponse(body.model_dump(mode="json"), 422)


async def _plain(_request: Request, failure: HTTPException) -> JSONResponse:
    body = Failure(
        error=f"Http{failure.status_code}",
        message=str(failure.detail),
        message_zh=HTTP_CHINESE.get(failure.status_code, "请求无法处理"),
    )
    return JSONResponse(body.model_dump(mode="json"), failure.status_code, headers=failure.headers)


async def _unforeseen(request: Request, failure: Exception) -> JSONResponse:
    log.error("request failed", path=request.url.path, failure=type(failure).__name__)
    body = Failure(
        error="Unforeseen",
        message="this should not have happened; the log says more",
        message_zh="系统内部错误",
    )
    return JSONResponse(body.model_dump(mode="json"), 500)
