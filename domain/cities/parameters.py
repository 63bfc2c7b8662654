"""Every parameter of a city's rules: what it means and how its value is written in TOML."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.calendar.limit import Limit, parse_limit
from domain.cities.ids import Category, Urgency
from domain.cities.rules import ExtensionStep, Ground


class ValueUnusable(ValueError):
    """A value that its parameter cannot take."""


@dataclass(frozen=True, slots=True)
class Parameter:
    label: str
    read: Callable[[object], object]


def _flag(raw: object) -> bool:
    if raw is None:
        return False
    if not isinstance(raw, bool):
        raise ValueUnusable("write true or false")
    return raw


def _number(raw: object) -> int | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueUnusable("write a whole number")
    return raw


def _count(raw: object) -> int:
    return _number(raw) or 0


def _limit(raw: object) -> Limit | None:
    return None if raw is None else parse_limit(_text(raw))


def _text(raw: object) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise ValueUnusable("write text")
    return raw


def _words(raw: object) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise ValueUnusable('write a list of words, ["a", "b"]')
    return tuple(_text(word) for word in raw)


def _numbers(raw: object) -> tuple[int, ...]:
    return tuple(_count(number) for number in raw) if isinstance(raw, list) else ()


def _table(raw: object) -> dict[str, object]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise ValueUnusable("write a table, {a = ..., b = ...}")
    return {str(key): value for key, value in raw.items()}


def _texts(raw: object) -> dict[str, str]:
    return {key: _text(value) for key, value in _table(raw).items()}


def _limits(raw: object) -> dict[str, Limit]:
    return {key: parse_limit(_text(value)) for key, value in _table(raw).items()}


def _categories(raw: object) -> dict[str, str]:
    found = _texts(raw)
    missing = [kind for kind in Category if kind not in found]
    if missing:
        raise ValueUnusable(f"no kind for {', '.join(missing)}")
    return found


def _urgencies(raw: object) -> dict[str, Limit]:
    found = _limits(raw)
    strange = sorted(set(found) - set(Urgency))
    if strange:
        raise ValueUnusable(f"{', '.join(strange)} is no urgency")
    return found


def _grounds(raw: object) -> tuple[Ground, ...]:
    found = []
    for code, entry in _table(raw).items():
        row = _table(entry)
        found.append(
            Ground(
                code=code,
                article=_text(row["article"]),
                action=_text(row["action"]),
                ends=_text(row.get("ends", "refused")),
                script=_text(row["script"]),
                needs=_words(row.get("needs")),
            )
        )
    return tuple(found)


def _steps(raw: object) -> tuple[ExtensionStep, ...]:
    return tuple(
        ExtensionStep(
            longest=_text(row["longest"]),
            days_default=_flag(row.get("days_default")),
            approver=_text(row["approver"]),
            needs=_words(row.get("needs")),
        )
        for row in (_table(entry) for entry in (raw if isinstance(raw, list) else []))
    )


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(raw: object) -> str:
        if raw not in allowed:
            raise ValueUnusable(f"write one of {', '.join(allowed)}")
        return _text(raw)

    return read


PARAMETERS: dict[str, Parameter] = {
    "categories": Parameter("诉求类别对应 kinds of request", _categories),
    "channels": Parameter("渠道（列举未尽）channels, an open list", _words),
    "requester_kinds": Parameter("诉求人种类 who may ask", _words),
    "domains": Parameter("受理领域 domains taken", _texts),
    "input_forms": Parameter("诉求形式 forms in which a request may come", _words),
    "content_elements": Parameter(
        "登记要素（以表单提交时）elements of a registration given as a form", _words
    ),
    "grounds": Parameter("不予受理情形与答复 grounds of refusal", _grounds),
    "split_requests": Parameter("一来电多诉求分别登记 several requests, several tickets", _flag),
    "linked_lines": Parameter("联动的热线 lines that calls go on to", _words),
    "needed_data": Parameter("办理必需信息须提供 needed data must be given", _flag),
    "needed_data_told": Parameter(
        "缺必需个人信息时及时告知 tell at once which personal data are needed", _flag
    ),
    "direct_answer": Parameter("可直接答复的类别 kinds answered on the spot", _words),
    "disclaimer": Parameter("告知：不替代法定职责 what registration does not replace", _text),
    "duplicate_open_same": Parameter(
        "办理中、无新情况的重复 repeat while open, nothing new", _one_of("tell_progress", "archive")
    ),
    "duplicate_open_new": Parameter(
        "办理中、有新情况的重复 repeat while open, new facts", _one_of("keep", "restart")
    ),
    "duplicate_closed_same": Parameter(
        "办结后、无新情况的重复 repeat after closing, nothing new",
        _one_of("tell_result", "archive", "refuse"),
    ),
    "duplicate_closed_new": Parameter(
        "办结后、有新情况的重复 repeat after closing, new facts", _one_of("new_ticket", "reopen")
    ),
    "dispatch_limit": Parameter("派单时限 dispatch within", _limit),
    "precheck": Parameter("派单前须与拟承办单位沟通 consult the unit before dispatch if", _words),
    "dispatch_keys": Parameter("派单依据 what a dispatch goes by", _words),
    "catalogue": Parameter("派单目录 a dispatch catalogue is kept", _flag),
    "multi_unit": Parameter(
        "涉及多个单位 several units", _one_of("split", "lead", "main", "either")
    ),
    "assist_before": Parameter(
        "协办单位提前工作日 assisting units finish before the lead, working days", _count
    ),
    "district_hop": Parameter("市、区（县）两级转办 two levels of dispatch", _flag),
    "clock_node": Parameter(
        "两级转办时办理时限起点 limit of two levels runs from", _one_of("first_hop", "leaf")
    ),
    "sign_limit": Parameter("签收时限 sign-in within", _limit),
    "sign_silence": Parameter("逾期未签收 silence", _one_of("accept", "none")),
    "sign_required": Parameter("签收须提供 sign-in must give", _words),
    "return_limit": Parameter("退单时限（收到起）return within, from receipt", _limit),
    "return_after_sign": Parameter("退单时限（签收起）return within, from sign-in", _limit),
    "return_required": Parameter("退单须载明 a return must contain", _words),
    "return_review": Parameter("退单须审核 returns are reviewed", _flag),
    "return_refused": Parameter("退单不予通过情形 grounds against a return", _texts),
    "return_refusal_reason": Parameter("不同意退单须说明理由 a refusal gives reasons", _flag),
    "designate_after": Parameter("指定前的交办次数 assignments before designation", _number),
    "designate_by": Parameter("由谁指定 who designates", _words),
    "designate_writeback": Parameter("结果写回派单目录 write back to the catalogue", _flag),
    "handle_key": Parameter(
        "办理时限依据 limit keyed by", _one_of("category", "urgency", "ticket", "external")
    ),
    "handle_limits": Parameter("办理时限 handling limits", _limits),
    "handle_start": Parameter("办理时限起点 limit runs from", _one_of("registered", "received")),
    "handle_restart": Parameter("改派后重新起算 a new unit's limit starts anew", _flag),
    "handle_provincial": Parameter("省级缺省时限 provincial default, off unless set", _limit),
    "statutory": Parameter("法定期限优先 statutory limits prevail", _flag),
    "emergency_on_site": Parameter("紧急事项到场 on site within", _urgencies),
    "emergency_reply": Parameter("紧急事项答复 emergency reply within", _urgencies),
    "emergency_report": Parameter("紧急事项上报 report emergencies upward at once", _flag),
    "natural_day": Parameter("自然日 a natural day ends", _one_of("calendar_end", "rolling_24h")),
    "contact": Parameter("应当联系诉求人 the unit contacts the requester", _flag),
    "extension_max": Parameter("延期次数 extensions at most", _number),
    "extension_kinds": Parameter("可延期类别（空为全部）kinds that may be extended", _words),
    "extension_ask_before": Parameter("延期提前工作日 ask before, working days", _count),
    "extension_steps": Parameter("各次延期要求 what each extension needs", _steps),
    "extension_notice": Parameter("延期告知 notice of an extension", _text),
    "extension_emergency": Parameter("紧急事项可延期 emergencies may be extended", _flag),
    "stage_report": Parameter("不能按期办结须报告 a stage report must give", _words),
    "explain_unsolvable": Parameter(
        "客观上不能解决须解释 what cannot be solved is explained", _flag
    ),
    "close_required": Parameter("办结须提交 closing must give", _words),
    "close_review": Parameter("办结须复核 closing is reviewed", _flag),
    "close_elements": Parameter("答复应含要素 elements of a reply given as a form", _words),
    "close_staged": Parameter("阶段性办结须载明 a staged closing must give", _words),
    "reply_evidence": Parameter("须留存告知证据 evidence of telling the requester", _flag),
    "report_same_day": Parameter("答复当日报送 report on the day of the reply", _flag),
    "written_reply": Parameter("须书面答复的类别 kinds that get a written reply", _words),
    "deemed_closed": Parameter("视同办结、终止办理 deemed closed or terminated", _texts),
    "deemed_kinds": Parameter("可视同办结的类别（空为全部）kinds deemed closed", _words),
    "missing_info": Parameter(
        "缺少必要信息 missing data",
        _one_of("not_registered", "may_refuse", "ask_once_then_close", "terminate", "continue"),
    ),
    "visit_modality": Parameter("回访 call-back visit", _one_of("shall", "may")),
    "visit_scope": Parameter("回访范围 which results are visited", _one_of("all", "negative")),
    "visit_limit": Parameter("回访时限 visit within", _limit),
    "visit_from": Parameter("回访起算 visit runs from", _one_of("closed", "result")),
    "rate_window": Parameter("评价期 rating window", _limit),
    "rate_levels": Parameter("评价等级 levels", _words),
    "rate_axes": Parameter("评价对象 axes", _words),
    "rate_in_visit": Parameter("回访中的评价计入 answers in a visit count as ratings", _flag),
    "rework_max": Parameter("重办次数上限 reworks at most", _number),
    "rework_needs": Parameter("重办前提 a rework needs", _words),
    "rework_grounds": Parameter("重办理由 grounds of rework", _words),
    "negative_action": Parameter(
        "未解决、不满意的处理 what follows a negative answer",
        _one_of("unit_verifies", "line_assesses", "line_may"),
    ),
    "duty_opinion": Parameter("履责意见 duty opinion", _flag),
    "duty_opinion_elements": Parameter(
        "履责意见应载明（以表单提交时）a duty opinion states", _words
    ),
    "exempt_grounds": Parameter("不计负面评价情形 exemptions", _words),
    "exempt_required": Parameter("豁免须提供 an exemption needs", _words),
    "withdraw_dispatched": Parameter(
        "派单后撤诉 withdrawal after dispatch", _one_of("direct", "unit_returns")
    ),
    "withdraw_upstream": Parameter(
        "上级平台事项撤诉 withdrawal of upstream tickets", _one_of("direct", "origin")
    ),
    "supervise_modality": Parameter("督办 supervision", _one_of("shall", "may")),
    "supervise_triggers": Parameter("督办情形 triggers", _words),
    "supervise_joint": Parameter(
        "联合督办 joint supervision", _one_of("after_first", "if_needed", "none")
    ),
    "supervise_measures": Parameter("督办措施 measures of supervision", _texts),
    "refer_to": Parameter("线索移交 leads are handed to", _text),
    "refer_grounds": Parameter("移交情形 grounds of handing over", _texts),
    "coordination": Parameter("协调机制事项 matters for the coordinating body", _texts),
    "analysis": Parameter("数据分析 analysis of the requests", _one_of("shall", "none")),
    "risk_warning": Parameter("风险预警 risk warnings to units", _flag),
    "publication": Parameter("定期公布 regular publication", _flag),
    "full_push": Parameter("向承办单位推送全量数据 full records are pushed to units", _flag),
    "progress_query": Parameter("诉求人查询进度 the requester may see the progress", _flag),
    "masked": Parameter("不公开的个人信息 personal data shown masked", _words),
    "masked_anonymous": Parameter("匿名时保密的信息 data kept secret on request", _words),
    "card_yellow": Parameter("黄牌（期满后工作日，负为期满前）yellow card", _number),
    "card_red": Parameter("红牌（期满后工作日）red card", _number),
    "card_exceeded": Parameter("须超过而非届至 the offset must be exceeded", _flag),
    "card_percent": Parameter(
        "小时、自然日时限黄红牌百分比 cards of hour limits, percent", _numbers
    ),
    "abuse_steps": Parameter("占用热线的处置 steps against occupying the line", _words),
    "abuse_insult_steps": Parameter("骚扰、侮辱的处置 steps against insults", _words),
    "abuse_police_repeated": Parameter("多次实施方移送公安 police only when repeated", _flag),
    "abuse_suspension": Parameter("限制使用期限 suspension", _limit),
    "kb_catalogue": Parameter("统一标准的知识库目录 one catalogue of the knowledge base", _flag),
    "kb_update": Parameter("知识更新 entries are updated", _one_of("timely", "real_time", "none")),
    "kb_before_publication": Parameter(
        "政策公布前提供解读 material before a policy is published", _flag
    ),
    "kb_events": Parameter("突发事件提供信息 what units tell of an emergency", _flag),
    "kb_review": Parameter("知识点形式审核 entries are checked before they are published", _flag),
    "kb_unit_entry": Parameter("承办单位须报送 what a unit tells of itself", _words),
    "kb_elements": Parameter("知识点要素 elements of an entry", _words),
    "kb_papers": Parameter("涉及资料的要素 elements where papers are handed in", _words),
    "connection_rate": Parameter("月均接通率（%）connection rate", _number),
    "figures": Parameter("文本列名的指标 figures the text names", _words),
}
