"""Whom or what a request is about (涉事主体): the office, firm, shop or person it names first."""

import re

from domain.drafting.address_parts import name_start
from domain.drafting.found import Found

NAMED = re.compile(
    "(?:有限)?公司|集团|合作社|物业(?!费)|开发商|超市|商场|商城|酒店|宾馆|饭店|餐厅|酒楼|民宿|健身房|"
    "幼儿园|小学|中学|学校|学院|大学|培训班|补习班|培训机构|医院|卫生院|卫生站|诊所|药店|银行|信用社|"
    "[^\\W\\d]店|厂(?!里|家)|派出所|居委会|村委会|街道办|服务中心|政务中心|[管监政育安通源保利税业商法民生]局|窗口|"
    "营业厅|驿站|加油站|网吧|工地|养殖场|搅拌站|旅行社|车站|公交公司"
)
ROLE = re.compile(
    "包工头|房东|中介|老板|司机|邻居|楼上|楼下|城管|交警|民警|警官|医生|护士|老师|班主任|村支书|村书记|村干部|"
    "镇长|科长|局长|保安|快递员|客服|主播|商家|卖家|厂家|施工队|工作人员"
)
GENERIC = 2


def find_subject(text: str) -> Found | None:
    """The first named body, else the first role; None where nobody is named."""
    bare: Found | None = None
    for mark in NAMED.finditer(text):
        start = name_start(text, mark.start())
        name = text[start : mark.end()]
        if start < mark.start() and len(name) > GENERIC:
            return Found(name, ((start, mark.end()),), 0.6, "named_body")
        bare = bare or Found(mark[0], ((mark.start(), mark.end()),), 0.4, "body")
    role = ROLE.search(text)
    if bare is None and role:
        return Found(role[0], (role.span(),), 0.35, "role")
    return bare
