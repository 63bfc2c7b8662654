"""What is sent with each event of a ticket's life. What an article demands, the rules check."""

from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.shapes import Input, JsonValue, ShortText, Text, input_example
from domain.cities.ids import Category, Urgency
from domain.tickets.lifecycle.states import Verb

Words = Annotated[list[ShortText], Field(max_length=50)]
Reply = Text | dict[ShortText, Text]
Deadline = Annotated[
    str, Field(pattern=r"^\d{4}-\d\d-\d\d", max_length=40, description="A date or a moment + zone")
]


class Act(Input):
    """`version`: the one you had before you; another one is refused with what happened since."""

    version: int = Field(ge=1, le=2**31 - 1)
    by: ShortText | None = Field(default=None, description="Who did it, if not the one who sends")
    reason: Text | None = None


class Requester(Input):
    """Who the request is for; more may be given where handling needs it."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    name: ShortText | None = None
    contact: ShortText | None = None
    anonymous: bool | None = None
    wants_reply: bool | None = None


class Register(Act):
    model_config = input_example(
        version=1,
        category="complaint",
        urgency="general",
        requester={"name": "王某", "contact": "13800000000", "wants_reply": True},
    )
    category: Category | None = Field(default=None, description="Default: the draft's")
    urgency: Urgency | None = Field(default=None, description="Default: the draft's")
    requester: Requester | None = None
    feedback_by: Deadline | None = None
    statutory_by: Deadline | None = Field(default=None, description="A limit fixed by law prevails")
    duplicate_of: ShortText | None = None
    origin: ShortText | None = Field(default=None, description="national, province: from upstream")
    requests: Words | None = None
    needs: Words | None = Field(default=None, description="What handling needs of the requester")
    content: dict[ShortText, JsonValue] | None = Field(
        default=None, description="The registration as a form: the city's elements are checked"
    )
    template: Words | None = Field(default=None, description="What this matter needs besides")
    channel: ShortText | None = None
    domain: ShortText | None = None
    attachments: Words | None = Field(
        default=None, description="Kinds: voice, text, picture, video"
    )
    secret: bool | None = Field(default=None, description="Touches secrets: no progress is told")


class AnswerDirectly(Act):
    model_config = input_example(version=1, category="consult", reply="办理社保卡请携带身份证。")
    category: Category | None = None
    reply: Reply | None = None


class Refuse(Act):
    model_config = input_example(version=1, ground="c")
    ground: ShortText = Field(description="A code of GET /rules/{city}")
    asked: bool | None = None


class TransferLine(Act):
    model_config = input_example(version=1, line="110", reason="正在发生的治安案件")
    line: ShortText | None = None


class Supplement(Act):
    model_config = input_example(version=2, ask=["详细地址"])
    ask: Words | None = None
    asked: bool | None = None
    given: dict[ShortText, JsonValue] | None = None
    refused: bool | None = None
    unreachable: bool | None = None


class Dispatch(Act):
    model_config = input_example(version=2, unit="住建局", assist=["城管局"])
    unit: ShortText | None = None
    assist: Words | None = None
    feedback_by: Deadline | None = None
    statutory_by: Deadline | None = None
    several_contents: bool | None = None
    level: ShortText | None = Field(default=None, description="district: to a district's office")
    keys: dict[ShortText, ShortText] | None = Field(
        default=None, description="What the dispatch goes by: nature, content, district, industry"
    )
    uncommon: bool | None = None
    difficult: bool | None = None
    consulted: bool | None = Field(default=None, description="The unit was consulted beforehand")


class Sign(Act):
    model_config = input_example(version=3, unit="住建局", handler_name="李某")
    unit: ShortText | None = None
    handler_name: ShortText | None = None
    handler_contact: ShortText | None = None


class RequestReturn(Act):
    model_config = input_example(
        version=3,
        unit="住建局",
        reason="非本单位职责",
        basis="权责清单",
        suggested_unit="城管局",
    )
    unit: ShortText | None = None
    basis: Text | None = None
    suggested_unit: ShortText | None = None
    materials: Words | None = None
    several_units: bool | None = None


class DecideReturn(Act):
    model_config = input_example(version=4, accept=False, reason="属于该单位职责范围")
    accept: bool
    ground: ShortText | None = None


class Designate(Act):
    model_config = input_example(version=5, unit="住建局", by="市热线管理机构")
    unit: ShortText | None = None
    assist: Words | None = None
    feedback_by: Deadline | None = None
    statutory_by: Deadline | None = None
    decision: Text | None = Field(default=None, description="What was decided, and why")


class OfUnit(Act):
    model_config = input_example(version=4, unit="住建局")
    unit: ShortText | None = None


class Contact(OfUnit):
    """The unit has spoken with the requester."""


class ArriveOnSite(OfUnit):
    """The unit has come to the place."""


class ReportStage(OfUnit):
    model_config = input_example(version=4, unit="住建局", reason="需专家论证", report="已进场")
    report: Text | None = None
    unsolvable: bool | None = Field(default=None, description="It cannot be solved objectively")


class RequestExtension(OfUnit):
    model_config = input_example(
        version=4, unit="住建局", reason="需专家论证", days=5, documents=["sealed_statement"]
    )
    days: int | None = Field(default=None, ge=1, le=365, description="Working days")
    plan: Text | None = None
    documents: Words | None = None


class Decision(Act):
    model_config = input_example(version=5, accept=True)
    accept: bool


class DecideExtension(Decision):
    """Granted or not."""


class DecideClose(Decision):
    """Closed, or sent back with its first limit."""


class RequestClose(OfUnit):
    model_config = input_example(
        version=4, unit="住建局", reply="已更换路灯并电话告知。", evidence=["通话录音"]
    )
    reply: Reply | None = Field(default=None, description="Text, or a form of named elements")
    evidence: Words | None = None
    kind: ShortText | None = Field(default=None, description="staged: closed for now")
    cause: Text | None = None
    progress: Text | None = None
    plan: Text | None = None
    reply_record: Text | None = None
    opinion: Text | None = None


class ReplyRequester(OfUnit):
    model_config = input_example(version=4, unit="住建局", reply="已更换", evidence=["短信"])
    reply: Reply | None = None
    evidence: Words | None = None


class DeemClosed(OfUnit):
    model_config = input_example(
        version=4, unit="公安局", kind="admin_case_filed", evidence=["立案决定书"]
    )
    kind: ShortText | None = None
    evidence: Words | None = None
    materials: Words | None = None
    documents: Words | None = None


class Visit(Act):
    model_config = input_example(version=6, solved=True, satisfied=True)
    solved: bool | None = None
    satisfied: bool | None = None
    contested: bool | None = Field(default=None, description="Denies having been told")


class Rate(Act):
    model_config = input_example(version=6, level="satisfied", axis="satisfied")
    level: ShortText
    axis: ShortText | None = None


class OrderRework(Act):
    model_config = input_example(version=7, ground="unlawful_handling")
    ground: ShortText | None = None
    reasonable: bool | None = None
    feedback_by: Deadline | None = None
    statutory_by: Deadline | None = None


class DutyOpinion(OfUnit):
    model_config = input_example(version=8, unit="住建局", opinion="已依法履职，诉求超出职责。")
    opinion: Reply | None = None


class Exempt(Act):
    model_config = input_example(version=7, ground="unlawful_request", proof=["法律意见"])
    ground: ShortText
    proof: Words | None = None
    evidence: Words | None = None
    materials: Words | None = None
    documents: Words | None = None
    statement: Text | None = None
    reviewer: ShortText | None = None


class Duplicate(Act):
    model_config = input_example(version=3, new_facts=False)
    new_facts: bool


class Withdraw(Act):
    model_config = input_example(version=3, reason="问题已自行解决")


class Supervise(Act):
    model_config = input_example(version=5, trigger="overdue", measure="电话督办")
    trigger: ShortText | None = None
    joint: bool | None = None
    measure: Text | None = Field(
        default=None, description="A measure of the text, coordination or referral"
    )
    ground: ShortText | None = Field(default=None, description="Of a coordination or a referral")


ACTS: dict[Verb, tuple[type[Act], str]] = {
    Verb.REGISTER: (Register, "登记 Register a draft: the city's rules apply from now on"),
    Verb.ANSWER_DIRECTLY: (AnswerDirectly, "直接答复 Answer on the spot"),
    Verb.REFUSE: (Refuse, "不予受理 Refuse on a ground of the city's text"),
    Verb.TRANSFER_LINE: (TransferLine, "转接 Transfer to another line"),
    Verb.SUPPLEMENT: (Supplement, "补充信息 Missing data: asked for, given, refused"),
    Verb.DISPATCH: (Dispatch, "派单 Dispatch to a unit"),
    Verb.SIGN: (Sign, "签收 Sign for it"),
    Verb.REQUEST_RETURN: (RequestReturn, "申请退单 Ask to give it back"),
    Verb.DECIDE_RETURN: (DecideReturn, "审核退单 Decide a return"),
    Verb.DESIGNATE: (Designate, "指定承办单位 Designate the unit"),
    Verb.CONTACT: (Contact, "联系诉求人 Contacted the requester"),
    Verb.ARRIVE_ON_SITE: (ArriveOnSite, "到达现场 Arrived on site"),
    Verb.REPORT_STAGE: (ReportStage, "阶段性反馈 Stage report"),
    Verb.REQUEST_EXTENSION: (RequestExtension, "申请延期 Ask for more time"),
    Verb.DECIDE_EXTENSION: (DecideExtension, "审核延期 Decide an extension"),
    Verb.REQUEST_CLOSE: (RequestClose, "申请办结 Hand in the result"),
    Verb.DECIDE_CLOSE: (DecideClose, "复核办结 Decide a closing"),
    Verb.REPLY_REQUESTER: (ReplyRequester, "答复诉求人 Told the requester"),
    Verb.DEEM_CLOSED: (DeemClosed, "视同办结、终止办理 Deemed closed or terminated"),
    Verb.VISIT: (Visit, "回访 Call-back visit"),
    Verb.RATE: (Rate, "评价 Record a rating"),
    Verb.ORDER_REWORK: (OrderRework, "重办 Order a rework"),
    Verb.DUTY_OPINION: (DutyOpinion, "履责意见 Duty opinion"),
    Verb.EXEMPT: (Exempt, "不计负面评价 Exempt from negative rating"),
    Verb.DUPLICATE: (Duplicate, "重复来电 The same matter again"),
    Verb.WITHDRAW: (Withdraw, "撤诉 Withdraw"),
    Verb.SUPERVISE: (Supervise, "督办 Supervise"),
}
