import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from domain.accounts.permissions import Role
from tests.db.api.people import Clock, SignIn

LAMP = {
    "category": "投诉",
    "summary": "人民路186号门前路灯不亮，电话13800000000",
    "caller": "13800000000",
    "caller_text": "路灯不亮我的电话是一三八零零零零零零零零",
    "fields": {"contact": {"value": "13800000000", "confidence": 0.9}},
}


async def given_ticket(machine: AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await machine.post("/tickets", json={**LAMP, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_registered_request_is_a_draft_with_a_number_of_its_own(
    machine: AsyncClient,
) -> None:
    answer = await machine.post("/tickets", json=LAMP)
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/tickets/{body['ticket_id']}"
    assert (body["ticket_id"], body["status"]) == ("261122864000", "draft")
    assert (body["caller"], body["masked"]) == ("13800000000", False)
    assert body["created_at"] == "2026-11-22T15:28:21+08:00"
    assert (await machine.get(answer.headers["location"])).json() == body


async def test_numbers_of_tickets_without_a_call_never_meet_those_of_calls(
    machine: AsyncClient, clock: Clock
) -> None:
    numbers = [(await given_ticket(machine))["ticket_id"] for _ in range(3)]
    clock.advance(hours=24)
    numbers.append((await given_ticket(machine))["ticket_id"])
    assert numbers == ["261122864000", "261122864001", "261122864002", "261123864000"]


async def test_twenty_at_once_get_twenty_numbers(machine: AsyncClient) -> None:
    made = await asyncio.gather(*(given_ticket(machine) for _ in range(20)))
    assert len({ticket["ticket_id"] for ticket in made}) == 20


async def test_the_same_request_twice_makes_one_ticket(machine: AsyncClient) -> None:
    key = {"Idempotency-Key": "a-1"}
    answers = await asyncio.gather(
        *(machine.post("/tickets", json=LAMP, headers=key) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["ticket_id"] for answer in answers}) == 1
    assert len((await machine.get("/tickets")).json()["tickets"]) == 1


async def test_a_reused_key_with_other_content_is_refused(machine: AsyncClient) -> None:
    key = {"Idempotency-Key": "a-1"}
    await machine.post("/tickets", json=LAMP, headers=key)
    other = await machine.post("/tickets", json={**LAMP, "title": "x"}, headers=key)
    assert (other.status_code, other.json()["error"]) == (409, "RequestKeyReused")


@pytest.mark.parametrize(
    ("changes", "field", "chinese"),
    [
        ({"category": "抱怨"}, "category", "应为以下之一"),
        ({"caller": "tel"}, "caller", "格式不正确"),
        ({"caller": 138}, "caller", "应为字符串"),
        ({"summary": "a\x00b"}, "summary", "含有无效字符"),
        ({"summary": "字" * 20001}, "summary", "最多 20000 个字符"),
        ({"colour": "red"}, "colour", "没有这一项"),
        ({"fields": {"a": {}}}, "fields.a.value", "缺少该项"),
        ({"fields": {"a": {"value": "a\x00"}}}, "fields.a.value", "含有无效字符"),
        (
            {"fields": {"a": {"value": 1, "confidence": 2}}},
            "fields.a.confidence",
            "应不大于 1",
        ),
    ],
)
async def test_bad_input_is_told_with_field_and_reason(
    machine: AsyncClient, changes: dict[str, Any], field: str, chinese: str
) -> None:
    answer = await machine.post("/tickets", json={**LAMP, **changes})
    faults = answer.json()["details"]
    assert answer.status_code == 422
    assert any(fault["field"].startswith(field) for fault in faults), faults
    assert any(chinese in fault["reason_zh"] for fault in faults), faults


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"fields":{"a":{"value":NaN}}}', b"[" * 5000],
)
async def test_no_body_breaks_the_service(machine: AsyncClient, body: bytes) -> None:
    answer = await machine.post(
        "/tickets", content=body, headers={"Content-Type": "application/json"}
    )
    assert 400 <= answer.status_code < 500
    assert answer.json()["details"] or answer.json()["message"]


async def test_half_a_surrogate_pair_is_no_text(machine: AsyncClient) -> None:
    answer = await machine.post(
        "/tickets",
        content=b'{"summary":"\\ud800","fields":{"a":{"value":{"b":["\\udc00"]}}}}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422


async def test_numbers_are_masked_until_a_reason_is_given(
    machine: AsyncClient, sign_in: SignIn
) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    agent = await sign_in(Role.AGENT)
    masked = (await agent.get(f"/tickets/{number}")).json()
    assert masked["caller"] == "138****0000"
    assert "13800000000" not in str(masked)
    assert "零零零零零零零零" not in masked["caller_text"]
    clear = (await agent.get(f"/tickets/{number}", params={"unmask": "回拨核实地址"})).json()
    assert (clear["caller"], clear["masked"]) == ("13800000000", False)
    again = await agent.send("POST", f"/tickets/{number}/unmask", json={"reason": "回拨"})
    assert again.json()["caller"] == "13800000000"

    auditor = await sign_in(Role.AUDITOR)
    trail = (await auditor.get("/audit", params={"action": "ticket.unmask"})).json()["entries"]
    assert [(entry["object_id"], entry["reason"]) for entry in trail] == [
        (number, "回拨"),
        (number, "回拨核实地址"),
    ]
    assert {entry["actor"] for entry in trail} == {f"account:{agent.me['name']}"}


async def test_only_who_handles_requests_may_unmask(machine: AsyncClient, sign_in: SignIn) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    administrator = await sign_in(Role.ADMINISTRATOR)
    refused = await administrator.get(f"/tickets/{number}", params={"unmask": "curious"})
    assert (refused.status_code, refused.json()["error"]) == (403, "NotAllowed")
    no_reason = await (await sign_in(Role.AGENT)).get(f"/tickets/{number}?unmask=")
    assert no_reason.status_code == 422


async def test_a_change_is_written_down_with_what_was_before(
    machine: AsyncClient, sign_in: SignIn
) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    agent = await sign_in(Role.AGENT, name="li")
    patch = {"version": 1, "category": "求助", "fields": {"contact": "13900000001"}}
    changed = (await agent.send("PATCH", f"/tickets/{number}", json=patch)).json()
    assert (changed["version"], changed["category"]) == (2, "求助")
    contact = (await machine.get(f"/tickets/{number}")).json()["fields"]["contact"]
    assert (contact["value"], contact["rule"]) == ("13900000001", "by hand: account:li")
    assert contact["drafted"]["value"] == "13800000000"
    history = (await machine.get(f"/tickets/{number}/history")).json()["events"]
    assert [event["what"] for event in history] == ["registered", "edited"]
    assert history[1]["detail"]["changes"] == {
        "category": ["投诉", "求助"],
        "fields.contact": ["13800000000", "13900000001"],
    }
    assert "13900000001" not in (await agent.get(f"/tickets/{number}/history")).text


async def test_a_second_correction_keeps_what_the_machine_had_drafted(
    machine: AsyncClient,
) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    for version, value in ((1, "a"), (2, "b")):
        patch = {"version": version, "fields": {"contact": value}}
        await machine.patch(f"/tickets/{number}", json=patch)
    contact = (await machine.get(f"/tickets/{number}")).json()["fields"]["contact"]
    assert (contact["value"], contact["drafted"]["value"]) == ("b", "13800000000")


async def test_a_field_can_be_taken_away_and_another_added(machine: AsyncClient) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    patch = {"version": 1, "fields": {"contact": None, "address": "人民路"}}
    fields = (await machine.patch(f"/tickets/{number}", json=patch)).json()["fields"]
    assert set(fields) == {"address"}
    assert fields["address"]["drafted"] is None


async def test_who_comes_second_is_told_what_changed(machine: AsyncClient, sign_in: SignIn) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    first, second = await sign_in(Role.AGENT, name="li"), await sign_in(Role.AGENT, name="wang")
    patch = {"version": 1, "category": "求助", "caller": "13900000001"}
    await first.send("PATCH", f"/tickets/{number}", json=patch)
    late = await second.send("PATCH", f"/tickets/{number}", json={"version": 1, "title": "灯"})
    body = late.json()
    assert (late.status_code, body["error"]) == (409, "TicketChangedMeanwhile")
    assert body["current_version"] == 2
    assert [event["actor"] for event in body["changed_since"]] == ["account:li"]
    changes = body["changed_since"][0]["detail"]["changes"]
    assert changes["category"] == ["投诉", "求助"]
    assert changes["caller"] == ["138****0000", "139****0001"]


async def test_of_ten_changes_at_once_one_wins(machine: AsyncClient) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    answers = await asyncio.gather(
        *(
            machine.patch(f"/tickets/{number}", json={"version": 1, "title": f"灯{turn}"})
            for turn in range(10)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    history = (await machine.get(f"/tickets/{number}/history")).json()["events"]
    assert len(history) == 2


async def test_a_change_of_nothing_leaves_the_version(machine: AsyncClient) -> None:
    ticket = await given_ticket(machine)
    patch = {"version": 1, "category": "投诉", "fields": {"contact": "13800000000"}}
    same = (await machine.patch(f"/tickets/{ticket['ticket_id']}", json=patch)).json()
    assert same == ticket


async def test_a_submitted_ticket_does_not_become_a_draft_again(machine: AsyncClient) -> None:
    number = (await given_ticket(machine))["ticket_id"]
    submitted = await machine.patch(
        f"/tickets/{number}", json={"version": 1, "status": "submitted"}
    )
    assert submitted.json()["status"] == "submitted"
    back = await machine.patch(f"/tickets/{number}", json={"version": 2, "status": "draft"})
    assert (back.status_code, back.json()["error"]) == (409, "StatusNotAllowed")
    assert back.json()["details"][0]["field"] == "status"


async def test_pages_hold_every_ticket_once(machine: AsyncClient, clock: Clock) -> None:
    for turn in range(7):
        clock.advance(seconds=turn % 2)  # some share their moment
        await given_ticket(machine)
    seen: list[str] = []
    after: str | None = None
    while True:
        given = {"limit": 3, **({"after": after} if after else {})}
        page = (await machine.get("/tickets", params=given)).json()
        seen += [ticket["ticket_id"] for ticket in page["tickets"]]
        after = page["after"]
        if after is None:
            break
    assert seen == [f"26112286400{turn}" for turn in range(6, -1, -1)]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"q": "路灯"}, ["a"]),
        ({"q": "100%"}, ["b"]),
        ({"q": "_"}, []),
        ({"category": "建议"}, ["b"]),
        ({"status": "draft"}, ["b", "a"]),
        ({"status": "submitted"}, []),
        ({"caller": "13800000000"}, ["a"]),
        ({"city": "lishui"}, ["b"]),
        ({"origin": "phone"}, []),
        ({"created_from": "2026-11-22T07:28:22Z"}, ["b"]),
        ({"created_before": "2026-11-22T15:28:22+08:00"}, ["a"]),
    ],
)
async def test_searching(
    machine: AsyncClient, clock: Clock, question: dict[str, str], found: list[str]
) -> None:
    await given_ticket(machine, title="a")
    clock.advance(seconds=10)
    other = {"title": "b", "category": "建议", "summary": "公园100%好", "caller_text": ""}
    await given_ticket(machine, **other, city="lishui", caller="13900000001")
    answer = await machine.get("/tickets", params=question)
    assert [ticket["title"] for ticket in answer.json()["tickets"]] == found


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("after=rubbish", "after"),
        ("after=MjAyNi0xMS0yMnw=", "after"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("status=open", "status"),
        ("created_from=2026-11-22T00:00:00", "created_from"),
        ("q=%00", "q"),
    ],
)
async def test_a_bad_question_is_told(machine: AsyncClient, question: str, field: str) -> None:
    answer = await machine.get(f"/tickets?{question}")
    assert answer.status_code == 422
    assert answer.json()["details"][0]["field"] == field


async def test_a_number_nobody_has(machine: AsyncClient) -> None:
    answer = await machine.get("/tickets/261122000000")
    assert (answer.status_code, answer.json()["message_zh"]) == (404, "没有这张工单")
    assert (await machine.get("/tickets/12345")).status_code == 422
