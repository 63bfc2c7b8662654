"""What the caller wants done: the clause that asks for it."""

import re

from domain.drafting.found import Found
from domain.drafting.wishes import about_us
from domain.text.itn.normalise import normalise

ASKS = re.compile(
    "希望|要求|请求|请你们|请(?:尽快|帮|有关|相关|派|安排|处理|给)|麻烦(?:你们|您|你)|能不能|能否|"
    "可不可以|应该|建议|想(?:问|知道|咨询|了解)|请问|(?:请|来|能)帮(?:帮|我|忙)|尽快|赶紧|什么时候"
)
LONGEST = 30
POLITE_END = re.compile(
    "(?:好吗|行吗|可以吗|谢谢(?:你们|您|你)?|麻烦(?:你们|您|你)?(?:了)?|啊|吧|呢)+$"
)


def find_wish(text: str, clauses: list[tuple[int, int]]) -> Found | None:
    """The last clause that asks, from its asking word on, at most 30 characters."""
    for start, end in reversed(clauses):
        asks = list(ASKS.finditer(text, start, end))
        if asks and not about_us(text[start:end]):
            first = asks[0].start()
            stop = min(end, first + LONGEST)
            value = POLITE_END.sub("", normalise(text[first:stop]))
            if value:
                return Found(value, ((first, stop),), 0.6, f"asks:{asks[0][0]}")
    return None
