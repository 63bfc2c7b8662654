"""Names and sayings that hold a number and are never written with figures.

Most need no entry: the rules of `rules` only touch numbers with a unit behind them. Here stands
what looks like number and unit and is neither.
"""

import re

from domain.text.itn.numerals import NUMERAL

PROTECTED = re.compile(
    # 绿谷一号小区 is an estate's name; 一号楼 is a number.
    f"{NUMERAL}+号(?:公馆|小区|公寓|府|庄园|广场|花园|公园|会所|码头|院子)"
    "|(?:五一|六一|七一|八一|十一|三八|五四|双十一)"
    "(?=假期|放假|节|长假|黄金周|前后|期间|那天|三天|七天|路|街|大道|广场|小学|中学|村|新村|礼堂|公园)"
    f"|[经纬]{NUMERAL}+路|第{NUMERAL}+"
    "|一亩三分地|三天打鱼两天晒网|三天两头|三百六十行|三六九等|一五一十|七上八下|乱七八糟|九牛一毛"
    "|五花八门|十万八千里|十万火急|百分百|一度(?=中断|停|以为|想|出现|被|很|关|成)|千万(?![元块人户吨斤])"
    "|四十大盗|二百五(?![十元块])|三长两短|十之八九|万儿八千|一年四季|一时半会|一天到晚|一年到头"
    "|一分钱(?=一分货)|一分钱不|十里八乡|三番五次|三五成群|十天半(?:个)?月|二十四节气|一条龙"
    "|八月十五(?![号日])|二月二(?![十号日])|三月三(?![十号日])|九月九(?![号日])"
)
