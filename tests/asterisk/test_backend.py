"""What desks and outside backends get of a real call: words as they fall, the signed draft."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from services.webhooks import is_genuine
from tests.asterisk.conftest import citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.speech import say, speakable

SAID = "小区里的路灯坏了半个月了"


class OutsideBackend(ThreadingHTTPServer):
    """Refuses each draft once, then accepts it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.received: list[tuple[dict[str, str], bytes]] = []

    def of(self, ticket: str) -> list[tuple[dict[str, str], bytes]]:
        """Deliveries of this draft; one of an earlier test's call may come late."""
        return [one for one in self.received if json.loads(one[1])["id"] == ticket]


class _Receiver(BaseHTTPRequestHandler):
    server: OutsideBackend

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), body))
        tries = len(self.server.of(json.loads(body)["id"]))
        self.send_response(503 if tries == 1 else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def outside() -> Iterator[OutsideBackend]:
    backend = OutsideBackend()
    thread = threading.Thread(target=backend.serve_forever)
    thread.start()
    yield backend
    backend.shutdown()
    thread.join()
    backend.server_close()


@pytest.fixture
def administrator(hotline: Hotline) -> Iterator[httpx.Client]:
    """Signed in as a person is: with the password shown once at the first start."""
    shown = re.search(r"shown once\):\s+(\S+)", hotline.started)
    assert shown is not None, hotline.started
    assert shown[1] not in (hotline.home / "log" / "serve.log").read_text()
    base = f"http://127.0.0.1:{hotline.port['api']}"
    with httpx.Client(base_url=base, trust_env=False, timeout=20) as http:
        answer = http.post("/auth/login", json={"name": "admin", "password": shown[1]})
        assert answer.status_code == 200, answer.text
        http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield http


def test_the_draft_is_delivered_signed_until_accepted(
    hotline: Hotline, administrator: httpx.Client, outside: OutsideBackend, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{outside.server_port}/drafts"
    made = administrator.post("/webhooks", json={"url": url})
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    try:
        leave_message(hotline, "13911180001", tmp_path)
        draft = hotline.draft_of("13911180001")
        until(
            lambda: len(outside.of(draft["ticket_id"])) >= 2 or None,
            within_s=40,
            saying="the draft was not delivered again" + hotline.logs(),
        )
    finally:
        administrator.patch(f"/webhooks/{made.json()['id']}", json={"enabled": False})
    (first, first_body), (second, second_body) = outside.of(draft["ticket_id"])[:2]
    assert first["Idempotency-Key"] == second["Idempotency-Key"]
    assert first_body == second_body
    assert is_genuine(secret, second, second_body, now=datetime.now(UTC))
    assert json.loads(second_body)["caller_text"] == SAID


def test_words_reach_a_desk_while_they_are_spoken(hotline: Hotline, tmp_path: Path) -> None:
    token = hotline.secrets["api_token"]
    events: list[dict[str, Any]] = []
    with connect(
        f"ws://127.0.0.1:{hotline.port['api']}/live",
        additional_headers={"Authorization": f"Bearer {token}"},
        proxy=None,
    ) as desk:
        leave_message(hotline, "13911180002", tmp_path)
        ticket = hotline.draft_of("13911180002")["ticket_id"]
        while not events or events[-1].get("ticket_id") != ticket:
            events.append(json.loads(desk.recv(timeout=20)))
    kinds = [event["type"] for event in events]
    assert kinds.index("call_started") < kinds.index("partial") < kinds.index("final")
    assert kinds.index("final") < kinds.index("call_ended") < kinds.index("ticket_drafted")
    final = events[kinds.index("final")]
    assert (final["side"], final["text"]) == ("caller", SAID)
    assert "".join(word["word"] for word in final["words"]) == SAID
    assert final["words"][0]["start_s"] < final["words"][-1]["end_s"]


def test_a_recording_is_heard_in_parts(
    hotline: Hotline, administrator: httpx.Client, tmp_path: Path
) -> None:
    """An agent may listen; the administrator who made the account may not."""
    leave_message(hotline, "13911180003", tmp_path)
    hotline.draft_of("13911180003")
    call = hotline.call_of("13911180003")
    path = f"/calls/{call['call_id']}/recording"
    assert administrator.get(path).status_code == 403
    account = {
        "name": "li",
        "display_name": "李",
        "password": "a long enough one",
        "roles": ["agent"],
    }
    made = administrator.post("/accounts", json=account)
    assert made.status_code == 201, made.text
    base = administrator.base_url
    with httpx.Client(base_url=base, trust_env=False, timeout=20) as agent:
        signed_in = agent.post("/auth/login", json={"name": "li", "password": account["password"]})
        agent.headers["X-CSRF-Token"] = signed_in.json()["csrf_token"]
        changed = {"present": account["password"], "wanted": "another long enough one"}
        assert agent.post("/auth/password", json=changed).status_code in (200, 204)
        part = agent.get(path, headers={"Range": "bytes=0-43"})
    assert part.status_code == 206
    assert part.content[:4] == b"RIFF"
    assert len(part.content) == 44


def test_a_lost_password_is_replaced_from_the_shell(hotline: Hotline) -> None:
    done = hotline.run("admin", "reset-password", "admin")
    assert done.returncode == 0, done.stderr
    base = f"http://127.0.0.1:{hotline.port['api']}"
    given = {"name": "admin", "password": done.stdout.strip()}
    with httpx.Client(base_url=base, trust_env=False, timeout=20) as http:
        signed_in = http.post("/auth/login", json=given)
        assert signed_in.status_code == 200
        http.headers["X-CSRF-Token"] = signed_in.json()["csrf_token"]
        assert http.get("/webhooks").status_code == 403, "it has to be changed first"
        change = {"present": given["password"], "wanted": "a much better pass phrase"}
        assert http.post("/auth/password", json=change).status_code == 204
    nobody = hotline.run("admin", "reset-password", "nobody")
    assert (nobody.returncode, nobody.stdout) == (1, "")


def leave_message(hotline: Hotline, number: str, folder: Path) -> None:
    wav, length_s = speakable(say(SAID, folder / "lamp.wav"), folder)
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "message")
        phone.pause(1.0)
        phone.speak(wav)
        phone.pause(length_s + 1)
        phone.hang_up()
