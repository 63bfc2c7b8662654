"""Call flows over the API: drafts, proofs, rehearsals, two people, versions, the way back."""

import io
import math
import wave
from array import array
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from api.backend import Backend
from callflow.check import parts_of
from callflow.duration import Prompts
from callflow.flow import from_library
from domain.accounts.permissions import Role
from services.flows import drawing_of, ensure_library
from storage.repositories.audit import AuditFilter, AuditTrail
from tests.db.api.people import Clock, Person, SignIn

DEFAULT = from_library("default")
DRAWING = drawing_of(DEFAULT)


@pytest.fixture
def backend(backend: Backend, tmp_path: Path) -> Backend:
    spoken = {str(part) for node in DEFAULT.nodes.values() for part in parts_of(node)}
    sounds = Prompts({"zh-CN": dict.fromkeys(spoken, 3.0)})
    return replace(
        backend,
        sounds=lambda: sounds,
        prompts_dir=tmp_path / "prompts",
        recorded_dir=tmp_path / "recorded",
    )


async def begun(editor: Person, name: str = "night") -> dict[str, Any]:
    answer = await editor.send("POST", "/flows", json={"name": name})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def published(editor: Person, publisher: Person, **changes: Any) -> dict[str, Any]:
    """The draft, with these fields changed, becomes a version."""
    flow = (await editor.get("/flows/night")).json()
    graph = {**flow["graph"], **changes}
    saved = await editor.send(
        "PUT",
        "/flows/night/draft",
        json={"graph": graph, "draft_version": flow["draft_version"]},
    )
    assert saved.status_code == 200, saved.text
    body = {"draft_version": saved.json()["draft_version"], "reason": "为了测试"}
    answer = await publisher.send("POST", "/flows/night/publish", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_every_node_type_describes_itself(sign_in: SignIn) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    listed = (await editor.get("/flow-nodes")).json()["node_types"]
    for one in listed:
        assert one["label"], one
        assert one["label_zh"], one
        assert one["help_zh"], one
        assert one["example"]["type"] == one["type"]
        marked = {name for name, field in one["schema"]["properties"].items() if "x-exit" in field}
        assert marked == {exit_["field"] for exit_ in one["exits"]}
    assert {"answer", "say", "queue", "message", "hang_up"} <= {one["type"] for one in listed}


async def test_two_editors_at_once_and_nothing_is_lost(sign_in: SignIn) -> None:
    first, second = await sign_in(Role.FLOW_EDITOR), await sign_in(Role.FLOW_EDITOR)
    flow = await begun(first)
    edit = {"graph": {**flow["graph"], "title": "甲"}, "draft_version": flow["draft_version"]}
    assert (await first.send("PUT", "/flows/night/draft", json=edit)).status_code == 200
    late = await second.send("PUT", "/flows/night/draft", json=edit)
    assert late.status_code == 409
    assert late.json()["error"] == "FlowChangedMeanwhile"
    assert late.json()["details"][0]["field"] == "draft_version"
    assert "flow_editor-0" in late.json()["details"][0]["reason_zh"]
    assert (await first.get("/flows/night")).json()["title"] == "甲"


async def test_an_unsound_draft_is_kept_and_its_faults_are_told(sign_in: SignIn) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    flow = await begun(editor)
    graph = deepcopy(flow["graph"])
    graph["nodes"]["greeting"]["then"] = "gone"
    edit = {"graph": graph, "draft_version": 1}
    assert (await editor.send("PUT", "/flows/night/draft", json=edit)).status_code == 200
    report = (await editor.send("POST", "/flows/night/check", json={})).json()
    assert not report["publishable"]
    assert [(one["code"], one["node"]) for one in report["faults"]] == [("unreadable", "greeting")]
    ok = await editor.send("POST", "/flows/night/check", json={"graph": flow["graph"]})
    assert ok.json()["publishable"], ok.text


async def test_a_rehearsal_goes_turn_by_turn_and_back(sign_in: SignIn) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    await begun(editor)

    async def told(*script: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = {"script": list(script), **more}
        answer = await editor.send("POST", "/flows/night/simulate", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    first = await told()
    assert first["path"] == ["answer", "greeting"]
    assert first["turns"][-1]["offers"] == ["key"]
    waiting = await told({})
    assert (waiting["path"][-1], waiting["turns"][-1]["at_s"]) == ("people", 3.0)
    busy = await told({}, {}, world={"seats": "busy"})
    assert (busy["path"][-1], busy["turns"][-1]["at_s"]) == ("ask", 23.0)
    talked = await told({}, {"answered": "1001"}, {"key": "5"}, to_the_end=True)
    assert (talked["ended"], talked["notes"]["satisfaction"]) == (True, "5")
    back = await told({})
    assert back == waiting
    refused = await editor.send(
        "POST", "/flows/night/simulate", json={"script": [{"answered": "1001"}]}
    )
    assert refused.status_code == 422
    assert refused.json()["error"] == "ScriptFault"


async def test_a_second_person_publishes(sign_in: SignIn) -> None:
    both = await sign_in(Role.FLOW_EDITOR, Role.FLOW_PUBLISHER)
    await begun(both)
    body = {"draft_version": 1, "reason": "第一版"}
    own = await both.send("POST", "/flows/night/publish", json=body)
    assert (own.status_code, own.json()["error"]) == (403, "OwnDraft")
    other = await sign_in(Role.FLOW_PUBLISHER)
    version = await other.send("POST", "/flows/night/publish", json=body)
    assert version.status_code == 201, version.text
    assert version.json()["authors"] == [f"account:{both.me['name']}"]
    assert (await other.get("/flows/night")).json()["in_force"] == 1


async def test_faults_and_failed_tests_stop_a_publication(sign_in: SignIn) -> None:
    editor, publisher = await sign_in(Role.FLOW_EDITOR), await sign_in(Role.FLOW_PUBLISHER)
    flow = await begun(editor)
    test = {"name": "夜里", "script": [{}, {}, {}, {"said_s": 9}], "expects": {"ends_at": "ask"}}
    assert (await editor.send("PUT", "/flows/night/tests", json=test)).status_code == 200
    body = {"draft_version": 1, "reason": "第一版"}
    refused = await publisher.send("POST", "/flows/night/publish", json=body)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["details"]] == ["test 夜里"]
    test["expects"] = {"ends_at": "end", "passes": ["ask", "thanks"]}
    await editor.send("PUT", "/flows/night/tests", json=test)
    ran = (await editor.send("POST", "/flows/night/tests/run", json={})).json()
    assert ran["passed"], ran
    assert ["message", "thanks"] in ran["coverage"]["edges"]
    assert ["message", "nothing-heard"] in ran["coverage"]["edges_missed"]
    graph = deepcopy(flow["graph"])
    graph["nodes"]["greeting"]["say"] = ["no-such-prompt"]
    await editor.send("PUT", "/flows/night/draft", json={"graph": graph, "draft_version": 1})
    unspoken = await publisher.send(
        "POST", "/flows/night/publish", json={"draft_version": 2, "reason": "第一版"}
    )
    assert unspoken.status_code == 422
    assert "prompt-missing" in unspoken.json()["details"][0]["reason"]


async def test_versions_never_change_and_the_way_back_is_one_step(
    sign_in: SignIn, clock: Clock
) -> None:
    editor, publisher = await sign_in(Role.FLOW_EDITOR), await sign_in(Role.FLOW_PUBLISHER)
    await begun(editor)
    await published(editor, publisher, title="一")
    clock.advance(minutes=1)
    await published(editor, publisher, title="二", visits=5)
    versions = (await editor.get("/flows/night/versions")).json()
    assert [one["number"] for one in versions["versions"]] == [2, 1]
    assert (await editor.get("/flows/night/versions/1")).json()["graph"]["title"] == "一"
    changed = (await editor.get("/flows/night/difference?before=1&after=2")).json()
    assert changed["settings"]["title"] == ["一", "二"]
    assert '-  "title": "一"' in "\n".join(changed["text"])
    clock.advance(minutes=1)
    back = {"number": 1, "reason": "新版有误"}
    answer = await publisher.send("POST", "/flows/night/rollback", json=back)
    assert answer.status_code == 201, answer.text
    assert (await editor.get("/flows/night")).json()["in_force"] == 1
    again = await publisher.send("POST", "/flows/night/rollback", json=back)
    assert (again.status_code, again.json()["error"]) == (409, "NotReleased")


async def test_a_release_waits_for_its_time(sign_in: SignIn, clock: Clock) -> None:
    editor, publisher = await sign_in(Role.FLOW_EDITOR), await sign_in(Role.FLOW_PUBLISHER)
    await begun(editor)
    await published(editor, publisher)
    flow = (await editor.get("/flows/night")).json()
    edit = {"graph": flow["graph"], "draft_version": flow["draft_version"]}
    saved = (await editor.send("PUT", "/flows/night/draft", json=edit)).json()
    body = {
        "draft_version": saved["draft_version"],
        "reason": "明早生效",
        "effective_from": "2026-11-23T09:00:00+08:00",
    }
    assert (await publisher.send("POST", "/flows/night/publish", json=body)).status_code == 201
    before = (await editor.get("/flows/night")).json()
    assert (before["in_force"], before["planned"]["number"]) == (1, 2)
    clock.advance(days=1)
    next_day = await sign_in(Role.FLOW_EDITOR)
    after = (await next_day.get("/flows/night")).json()
    assert (after["in_force"], after["planned"]) == (2, None)


async def test_routes_and_switches(sign_in: SignIn) -> None:
    editor, publisher = await sign_in(Role.FLOW_EDITOR), await sign_in(Role.FLOW_PUBLISHER)
    await begun(editor)
    route = {"flow": "night", "dialled": "12345"}
    first = await publisher.send("PUT", "/flow-routes", json=route)
    again = await publisher.send("PUT", "/flow-routes", json=route)
    assert first.json()["id"] == again.json()["id"]
    lost = await publisher.send("PUT", "/flow-routes", json={"flow": "gone"})
    assert lost.status_code == 404
    assert (await editor.send("PUT", "/flow-routes", json=route)).status_code == 403
    gone = await publisher.send("DELETE", f"/flow-routes/{first.json()['id']}")
    assert gone.status_code == 204
    assert (await editor.get("/flow-routes")).json()["routes"] == []
    turned = await publisher.send("PUT", "/flow-switches/bad-weather", json={"on": True})
    assert turned.json()["on"] is True
    assert (await editor.get("/flow-switches")).json()["switches"][0]["name"] == "bad-weather"


async def test_every_change_is_in_the_audit_trail(sign_in: SignIn, backend: Backend) -> None:
    editor, publisher = await sign_in(Role.FLOW_EDITOR), await sign_in(Role.FLOW_PUBLISHER)
    await begun(editor)
    await published(editor, publisher)
    async with backend.database.session() as session:
        wanted = AuditFilter(object_kind="flow", object_id="night")
        page = await AuditTrail(session).page(wanted, after=None, limit=10)
    assert {row.action for row in page.rows} == {"flow.create", "flow.save", "flow.publish"}


async def test_the_flows_of_the_product_are_there_from_the_start(
    sign_in: SignIn, backend: Backend
) -> None:
    for _ in range(2):
        await ensure_library(backend.database, now=backend.clock())
    editor = await sign_in(Role.FLOW_EDITOR)
    listed = (await editor.get("/flows")).json()["flows"]
    assert ("default", 1) in {(one["name"], one["in_force"]) for one in listed}


@pytest.mark.parametrize(
    ("graph", "place"),
    [
        ({}, "start"),
        ({**DRAWING, "nodes": {"a": {"type": "sing"}}}, "nodes.a"),
        ({**DRAWING, "nodes": []}, "nodes"),
        ({**DRAWING, "visits": 0}, "visits"),
    ],
)
async def test_a_broken_drawing_is_refused_by_a_rehearsal(
    sign_in: SignIn, graph: dict[str, Any], place: str
) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    await begun(editor)
    told = await editor.send("POST", "/flows/night/simulate", json={"graph": graph})
    assert told.status_code == 422
    assert place in told.json()["message"]


async def test_a_drawing_of_five_megabytes_is_too_large(sign_in: SignIn) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    await begun(editor)
    graph = {**DRAWING, "title": "x" * 5_000_000}
    answer = await editor.send("POST", "/flows/night/check", json={"graph": graph})
    assert (answer.status_code, answer.json()["error"]) == (413, "BodyTooLarge")


async def test_an_agent_sees_no_flows(sign_in: SignIn, anyone: AsyncClient) -> None:
    agent = await sign_in(Role.AGENT)
    assert (await agent.get("/flows")).status_code == 403
    assert (await anyone.get("/flow-nodes")).status_code == 401


async def test_prompts_are_uploaded_heard_and_scripted(sign_in: SignIn, backend: Backend) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    refused = await editor.send("PUT", "/prompts/zh-CN/hello", content=b"no sound")
    assert (refused.status_code, refused.json()["error"]) == (422, "RecordingRefused")
    sound = tone_file()
    taken = await editor.send("PUT", "/prompts/zh-CN/hello", content=sound)
    assert taken.status_code == 200, taken.text
    heard = await editor.get("/prompts/zh-CN/hello/sound")
    assert heard.headers["content-type"] == "audio/wav"
    assert (await editor.get("/prompts/zh-CN/nothing/sound")).status_code == 404
    listed = (await editor.get("/prompts")).json()["prompts"]
    assert "greeting" in {one["key"] for one in listed}
    await begun(editor)
    script = await editor.get("/flows/night/prompt-script")
    assert "| 1 | `greeting` | 您好，这里是一二三四五" in script.text
    printed = await editor.get("/flows/night/prompt-script?kind=pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-")


async def test_words_become_a_prompt_by_the_synthetic_voice(sign_in: SignIn) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    words = {"words": "今日因台风，部分服务暂停。"}
    spoken = await editor.send("PUT", "/prompts/zh-CN/storm/words", json=words)
    assert spoken.status_code == 200, spoken.text
    assert spoken.json()["length_s"] > 1
    listed = {one["key"]: one["text"] for one in (await editor.get("/prompts")).json()["prompts"]}
    assert listed["storm"] == words["words"]
    assert (await editor.get("/prompts/zh-CN/storm/sound")).status_code == 200
    unknown = await editor.send("PUT", "/prompts/xx/storm/words", json=words)
    assert unknown.status_code == 404
    empty = await editor.send("PUT", "/prompts/zh-CN/storm/words", json={"words": " "})
    assert empty.status_code == 422


async def test_a_text_of_a_draft_gets_a_sound(sign_in: SignIn, backend: Backend) -> None:
    editor = await sign_in(Role.FLOW_EDITOR)
    flow = await begun(editor)
    graph = deepcopy(flow["graph"])
    graph["nodes"]["greeting"]["say"] = [{"text": {"zh-CN": "您好。"}}]
    saved = await editor.send(
        "PUT", "/flows/night/draft", json={"graph": graph, "draft_version": 1}
    )
    assert saved.status_code == 200, saved.text
    made = list((backend.prompts_dir / "zh-CN").glob("text-*.wav"))
    assert len(made) == 1


def tone_file() -> bytes:
    """One second at 8 kHz."""
    with io.BytesIO() as buffer:
        with wave.open(buffer, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(8000)
            samples = (round(6000 * math.sin(0.4 * n)) for n in range(8000))
            out.writeframes(array("h", samples).tobytes())
        return buffer.getvalue()
