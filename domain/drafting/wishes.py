"""What the caller wants of us besides the matter itself: an answer, secrecy."""

import re

from domain.drafting.found import Found

YES, NO = "yes", "no"

NO_REPLY = re.compile(
    "(?:不用|不必|不需要|用不着|甭|别)(?:再)?(?:给我)?(?:回(?:复|话|电话?|访)|打(?:电话)?(?:给我|过来)|答复|联系我|通知我|告诉我)"
)
REPLY = re.compile(
    "(?:给|跟|和)(?:我|我们|大家|俺)(?:们)?(?:一?个|一)?(?:答复|回复|回话|回音|说法|交代|消息|结果|回个?(?:电话|信|话|消息))|"
    "回(?:个)?(?:电话|电|复|话|信|音)(?:给)?(?:我|一下|我们)|(?:希望|等|盼|请|要求|麻烦|尽快|能)(?:你们|您|能|尽快|早日|得到|给个?|个)*(?:回复|答复|回话|回电|反馈)|"
    "(?:打电话|打个电话|发短信|发个短信)(?:给我|告诉我|通知我|告知)|(?:告诉|通知|告知)(?:我|我们)(?:一声|一下|结果|处理结果|进展)|"
    "(?:有(?:了)?(?:结果|消息|进展)|处理(?:好|完|完了|好了))(?:了)?(?:请|麻烦|能|再)?(?:打电话|联系|通知|告诉|告知|回)"
)
NO_SECRECY = re.compile(
    "(?:不用|不必|不需要|无需|用不着)(?:给我|替我|帮我)?(?:保密|匿名)|实名(?:举报|投诉|反映)|可以公开|不怕(?:他们?|她们?)?(?:知道|报复)"
)
SECRECY = re.compile(
    "保密|匿名|(?:不要|别|不能|千万别|千万不要|请勿|不可以)(?:把)?(?:我的?)?(?:名字|姓名|电话|号码|信息|身份)?(?:给)?(?:透露|泄露|泄漏|公开|说出去|告诉(?:他们?|她们?|对方|村里|单位|老板|物业|学校))|"
    "(?:不要|别|不想|不能|不愿意?)(?:让|给)(?:他们?|她们?|对方|别人|人家|老板|单位|村里|学校|邻居|物业|公司|厂里)(?:们)?(?:的人)?(?:晓得|知道)|"
    "(?:不要|别)说(?:是)?我(?:说|讲|打|举报|反映|投诉)|不(?:方便|想|愿意?|便)(?:透露|留|说|讲|告诉你?们?)(?:我的?)?(?:真实)?(?:姓名|名字|身份|电话|是谁)|怕(?:被)?(?:打击)?报复"
)


def find_reply_wish(text: str) -> Found | None:
    """Whether the caller asks to be told what comes of it; None if that was not touched."""
    return _either(text, REPLY, NO_REPLY, "reply")


def find_secrecy_wish(text: str) -> Found | None:
    """Whether the caller's name has to be kept from others; None if that was not touched."""
    return _either(text, SECRECY, NO_SECRECY, "secrecy")


def about_us(clause: str) -> bool:
    """Whether a clause asks for an answer or for secrecy and not for the matter itself."""
    return any(one.search(clause) for one in (REPLY, NO_REPLY, SECRECY, NO_SECRECY))


def _either(
    text: str, wanted: re.Pattern[str], refused: re.Pattern[str], what: str
) -> Found | None:
    """A refusal beats a wish: 不用给我回复 holds both."""
    for pattern, value in ((refused, NO), (wanted, YES)):
        if said := pattern.search(text):
            return Found(value, (said.span(),), 0.8, f"{what}:{said[0]}")
    return None
