"""Inverse text normalisation: numbers spoken as characters, written as figures where that is usual.

Only typed spans are touched (telephone numbers, house numbers, money, dates, ...): names and
idioms such as 文明一路, 第三人民医院, 十字路口, 下周一 and 一直 stay as they are.
"""
