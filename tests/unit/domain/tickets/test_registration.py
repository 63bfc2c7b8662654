"""What the texts say of registering: who, by which channel, in which domain, with what."""

import pytest

from tests.unit.domain.tickets.scenes import Outcome, ev, run

REG = "2026-03-02T10:00:00"


def registered(city: str, *more: dict, **fields: object) -> Outcome:
    return run(city, ev(REG, "register", **{"category": "consult", **fields}), *more)


def _channels(city: str, listed: tuple[str, ...]) -> None:
    for channel in listed:
        line = registered(city, channel=channel).told("channel")
        assert (line["reason"], line["article"]) == (channel, "第二条")
    # The list is open (等): another channel is taken too, and said to be none of those.
    other = registered(city, channel="letter")
    assert (other.state, other.told("channel")["article"]) == (
        "registered",
        "engine default, not law",
    )


def test_HZ_2a_channels() -> None:
    _channels("hangzhou", ("phone", "sms", "wechat", "web"))


def test_LS_2a_channels() -> None:
    _channels("lishui", ("phone", "wechat", "web"))


def test_HE_2_channels() -> None:
    _channels("heze", ("phone", "sms", "weibo", "wechat"))


def test_HUI_2_channels() -> None:
    _channels("huizhou", ("phone", "web"))


def test_HZ_2b_natural_and_legal_persons_and_organisations() -> None:
    for kind in ("natural", "legal", "unincorporated"):
        assert registered("hangzhou", requester={"kind": kind}).no == []
    assert registered("hangzhou", requester={"kind": "agency"}).no == [(0, "第二条")]
    assert registered("hangzhou").no == []


def test_HZ_7a_facts_and_a_clear_request() -> None:
    good = {"facts": "路灯不亮三天", "request": "修好路灯"}
    assert registered("hangzhou", content=good).state == "registered"
    for missing in good:
        less = {key: value for key, value in good.items() if key != missing}
        assert registered("hangzhou", content=less).no == [(0, "第七条")]


def test_LS_14_five_domains_and_the_delta() -> None:
    for domain in ("economy", "market", "social", "public_service", "environment", "delta_one_net"):
        assert registered("lishui", domain=domain).no == []
    assert registered("lishui", domain="defence").no == [(0, "第十四条")]
    assert registered("huizhou", domain="delta_one_net").no == [(0, "第七条")]


def test_HE_9a_voice_text_picture_video() -> None:
    assert registered("heze", attachments=["voice", "text", "picture", "video"]).no == []
    assert registered("heze", attachments=["picture", "program"]).no == [(0, "第九条")]
    assert registered("lishui", attachments=["program"]).no == []  # silent there


def test_ST_8_4_time_place_facts_and_parties() -> None:
    full = {"time": "昨晚", "place": "衡山路", "facts": "占道", "parties": "某店"}
    assert registered("shantou", content=full).owes("补充") is None
    for missing in full:
        less = {key: value for key, value in full.items() if key != missing}
        out = registered("shantou", content=less)
        # 可以不予受理: registered all the same, the rest is asked for.
        assert (out.state, out.owes(missing)["article"]) == ("registered", "第八条")


HUI_FULL = {
    "category": "投诉",
    "name": "李女士",
    "contact": "13800000000",
    "subject": "某饭店",
    "address": "江北街道",
    "content": "油烟",
    "demand": "整改",
}


def test_HUI_9b_seven_elements() -> None:
    assert registered("huizhou", content=HUI_FULL).owes("补充") is None
    for missing in HUI_FULL:
        less = {key: value for key, value in HUI_FULL.items() if key != missing}
        assert registered("huizhou", content=less).owes(missing)["article"] == "第九条"


def test_HUI_9a_a_matters_template_adds_its_own_elements() -> None:
    out = registered("huizhou", content=HUI_FULL, template=["楼栋", "address"])
    assert "楼栋" in out.owes("一次性告知")["what"]
    assert "address" not in out.owes("一次性告知")["what"]
    full = {**HUI_FULL, "楼栋": "3栋"}
    assert registered("huizhou", content=full, template=["楼栋"]).owes("补充") is None


def test_HUI_9e_needed_personal_data_are_told_at_once() -> None:
    out = registered("huizhou", requester={"name": "李女士"}, needs=["name", "id_number"])
    duty = out.owes("id_number")
    assert (duty["by"], duty["article"]) == (f"{REG}+08:00", "第九条")
    assert "name," not in duty["what"]
    known = registered("huizhou", requester={"id_number": "1"}, needs=["id_number"])
    assert known.owes("及时告知") is None
    assert registered("lishui", needs=["id_number"]).owes("及时告知") is None


def test_HZ_16b_registration_replaces_no_statutory_duty() -> None:
    for out in (
        registered("hangzhou"),
        run("hangzhou", ev(REG, "answer_directly", category="consult")),
    ):
        assert out.told("disclaimer")["article"] == "第十六条"
        assert "不替代承办单位履行法定职责" in out.told("disclaimer")["reason"]
    assert registered("lishui").told("disclaimer") is None


@pytest.mark.parametrize(
    ("city", "article"),
    [
        ("hangzhou", "第十四条"),
        ("lishui", "第十五条"),
        ("heze", "第十三条"),
        ("shantou", "第十六条"),
    ],
)
def test_a_repeat_is_told_without_a_ticket(city: str, article: str) -> None:
    out = run(city, ev(REG, "refuse", ground="duplicate"))
    assert (out.end, out.no) == ("DUPLICATE_ARCHIVED", [])
    assert out.told("reply:TELL_PROGRESS")["article"] == article


def _any_hour(city: str) -> None:
    """The middle of the night of a national holiday, and a Sunday afternoon."""
    for at in ("2026-10-01T03:00:00", "2026-03-01T15:00:00"):
        out = run(city, ev(at, "register", category="help"))
        assert (out.state, out.no) == ("registered", [])


def test_LS_8a_registered_at_any_hour_of_any_day() -> None:
    _any_hour("lishui")
    night = run("lishui", ev("2026-10-01T03:00:00", "register", category="help", urgency="fast"))
    assert night.due("handle") == "2026-10-10T23:59:59"  # 8, 9, Sat 10: only the limit waits


def test_HE_8_registered_at_any_hour_of_any_day() -> None:
    _any_hour("heze")


def _linked(city: str, lines: tuple[str, ...], article: str) -> None:
    for line in lines:
        out = run(city, ev(REG, "transfer_line", line=line))
        assert out.end == "TRANSFERRED_LINE"
        assert out.told("line")["article"] == article
    other = run(city, ev(REG, "transfer_line", line="95598"))
    assert other.told("line")["article"] == "engine default, not law"


def test_LS_11_emergency_and_utility_lines() -> None:
    _linked("lishui", ("110", "119", "120", "122", "water", "telecom"), "第十一条")


def test_HUI_5b_the_provinces_line_emergency_and_utilities() -> None:
    _linked("huizhou", ("province", "110", "119", "120", "gas"), "第五条")
