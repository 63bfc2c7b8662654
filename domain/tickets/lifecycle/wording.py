"""A ground, kind or trigger as people write it: the city's own code, its number, or Chinese.

Only the code decides what happens; these words merely find it. What no line knows stays as it was
written, and the city refuses it with what it does know.
"""

from collections.abc import Iterable, Mapping

# Code: what a text that means it contains. The first line that a city knows and that fits wins.
_GROUNDS: dict[str, tuple[str, ...]] = {
    "info_refused": ("拒绝提供", "拒不提供", "必要信息"),
    "no_request": ("无实质", "没有实质", "骚扰", "恶意攻击"),
    "duplicate": ("重复", "同一事实", "dup"),
    "duplicate_closed": ("重复", "同一事实", "办理完毕", "dup"),
    "gov_info": ("信息公开", "政府信息", "gov_info"),
    "petition": ("信访", "petition"),
    "statutory_path": ("诉讼", "仲裁", "复议", "纪检", "法定", "信息公开", "statutory", "gov_info"),
    "emergency": ("110", "119", "120", "122", "紧急", "特服", "emergency"),
    "military": ("部队", "军队", "武警"),
    "non_gov_organ": ("党委", "人大", "政协", "法院", "检察院", "群众团体", "新闻单位", "民主党派"),
    "jurisdiction": ("管辖", "jurisdiction"),
    "secret": ("秘密", "机密", "隐私", "个人信息", "secret"),
    "harm_others": ("合法权益",),
    "unlawful": ("违反", "违背", "违法", "公序良俗", "社会公德", "法律法规", "unlawful"),
    "beyond_power": ("公共行政权限", "beyond"),
    "out_of_scope": ("政务服务", "scope"),
    "unclear": ("不清", "不明", "难以核实", "unclear"),
    "other": ("其他", "其它"),
}
_RETURNS: dict[str, tuple[str, ...]] = {
    "late_or_unreasoned": ("未在1日内", "逾期", "未注明", "late"),
    "template_not_updated": ("模板", "规范", "template"),
    "harmless_flaw": ("瑕疵", "flaw"),
    "partly_inaccurate": ("不完全相符", "部分登记", "inaccurate"),
    "basic_facts_given": ("基本情况", "线索", "facts"),
    "knowledge_base": ("知识", "knowledge"),
    "fixed_by_superior": ("上级", "联席会议", "superior", "joint"),
    "within_duties": ("职责范围", "within"),
    "other": ("其他", "其它"),
}
_ENDS: dict[str, tuple[str, ...]] = {
    "transferred_to_justice": ("司法", "justice", "judicial"),
    "admin_case_filed": ("立案", "行政案件", "admin", "case"),
    "info_refused": ("拒绝提供", "拒不提供", "info"),
    "unlawful_request_explained": ("违法", "违反", "违背", "公序良俗", "法律", "unlawful"),
}
_REWORKS: dict[str, tuple[str, ...]] = {
    "unlawful": ("不合法", "违法"),
    "unreasonable": ("不合理",),
    "objection_well_founded": ("异议", "objection"),
    "unlawful_unexplained": ("依法处理", "unlawful"),
}
_EXEMPTIONS: dict[str, tuple[str, ...]] = {
    "mediation": ("调解", "纠纷"),
    "interested_enforcement": ("利害关系", "查处"),
    "enforcement": ("执法", "办案"),
    "duty_dispute": ("职责争议", "承办职责"),
    "new_matter": ("新事项", "尚无"),
    "unlawful_request": ("违法", "违反", "违背", "法律", "公序良俗", "unlawful"),
    "special": ("特殊",),
}
_TABLES = {
    "refuse": _GROUNDS,
    "decide_return": _RETURNS,
    "deem_closed": _ENDS,
    "order_rework": _REWORKS,
    "exempt": _EXEMPTIONS,
}
_NUMBERS = "一二三四五六七八九"


def code_of(said: str, verb: str, known: Iterable[str]) -> str:
    """The code among `known` that `said` means for an event `verb`; else `said`, in lower case."""
    words, codes = said.strip().lower(), tuple(known)
    if words in codes or not words:
        return words
    table: Mapping[str, tuple[str, ...]] = _TABLES[verb]
    for code, marks in table.items():
        if code in codes and any(mark in words for mark in marks):
            return code
    return words


def item_of(said: str, known: Iterable[str]) -> str:
    """The code at a number of the text's list: "3", "（三）", "16.3"; else `said`."""
    words = said.strip().strip("（）()").removeprefix("16.")
    number = _NUMBERS.find(words) + 1 if words in tuple(_NUMBERS) else 0
    number = number or (int(words) if words.isdecimal() and len(words) == 1 else 0)
    codes = tuple(known)
    return codes[number - 1] if 0 < number <= len(codes) else said
