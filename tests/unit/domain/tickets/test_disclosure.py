"""Who sees what: masked requesters, the progress anybody may ask for, the whole record."""

from tests.unit.domain.tickets.scenes import Outcome, ev, run

WHO = {"name": "王小明", "contact": "13800001234", "id_number": "441302199001011234"}


def registered(city: str, *more: dict, **fields: object) -> Outcome:
    given = {"category": "complaint", "requester": WHO, **fields}
    return run(city, ev("2026-03-02T10:00:00", "register", **given), *more)


def _masked(city: str, article: str) -> None:
    shown = registered(city).raw["requester"]
    assert (shown["name"], shown["contact"]) == ("王**", "138****1234")
    assert "19900101" not in shown["id_number"]
    assert shown["article"] == article
    # Nor does it stand anywhere else in what is printed.
    assert "13800001234" not in str(registered(city).raw)


def test_HZ_20_the_requesters_data_are_protected() -> None:
    _masked("hangzhou", "第二十条")


def test_LS_34_the_requesters_data_are_protected() -> None:
    _masked("lishui", "第三十四条")


def test_HE_6_the_requesters_data_are_protected() -> None:
    _masked("heze", "第六条")


def test_HE_30b_what_units_get_names_nobody() -> None:
    done = [
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
        ev("2026-03-06T15:00:00", "request_close", unit="甲局", reply="已修复"),
        ev("2026-03-09T10:00:00", "visit", satisfied=True),
    ]
    pushed = registered("heze", *done).raw["effects"][-1]
    assert pushed["kind"] == "push"
    assert not any(value in str(pushed) for value in WHO.values())


def test_HUI_23_the_requesters_data_are_protected() -> None:
    _masked("huizhou", "第二十三条")


def test_HUI_9d_anonymous_name_contact_and_id_number_are_secret() -> None:
    shown = registered("huizhou", requester={**WHO, "anonymous": True}).raw["requester"]
    assert {shown[name] for name in WHO} == {"***"}
    assert shown["article"] == "第九条"
    named = registered("huizhou", requester={**WHO, "anonymous": False}).raw["requester"]
    assert named["name"] == "王**"


def _progress(city: str, article: str) -> None:
    sent = ev("2026-03-02T11:00:00", "dispatch", unit="甲局")
    shown = registered(city, sent).raw["progress"]
    assert (shown["stage"], shown["unit"], shown["article"]) == ("已派单，待签收", "甲局", article)


def test_LS_20_5_the_requester_asks_for_the_progress() -> None:
    _progress("lishui", "第二十条")
    sent = ev("2026-03-02T11:00:00", "dispatch", unit="甲局")
    assert registered("lishui", sent).raw["progress"]["due"].startswith("2026-03-11")


def test_HE_9b_a_right_to_know_except_secrets() -> None:
    _progress("heze", "第九条")
    assert registered("heze", secret=True).raw["progress"] is None


def test_LS_16b_the_record_has_the_whole_way() -> None:
    way = [
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
        ev("2026-03-03T10:00:00", "contact", unit="甲局"),
        ev("2026-03-16T10:00:00", "supervise", trigger="overdue"),
        ev("2026-03-17T10:00:00", "request_close", unit="甲局", reply="已修复"),
        ev("2026-03-18T10:00:00", "visit", solved=True, satisfied=True),
        ev("2026-03-18T11:00:00", "rate", level="satisfied", axis="satisfied"),
    ]
    out = registered("lishui", *way, content={"facts": "路灯不亮"})
    assert out.no == []
    assert out.raw["requester"]["name"] == "王**"
    whole = [line["what"] for line in out.raw["history"]]
    order = ["register", "dispatch", "contact", "supervise", "request_close", "visit", "rate"]
    assert [what for what in whole if what in order] == order
