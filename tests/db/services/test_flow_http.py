"""The `http` node's question to a real server on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from services.flow_answers import MOST_ANSWER_BYTES, FlowAnswers, HostNotAllowed
from storage.database import Database
from tests.db.services.test_flow_shelf import T0

ASKED: list[str] = []
BODIES = {
    "/outage": json.dumps({"outage": "yes", "count": 2, "where": ["a"], "none": None}).encode(),
    "/large": json.dumps({"x": "x" * MOST_ANSWER_BYTES}).encode(),
    "/text": "停水".encode(),
}


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the name is the library's
        ASKED.append(self.path)
        path = self.path.partition("?")[0]
        if path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/secret")
            self.end_headers()
            return
        self.send_response(200 if path in BODIES else 500)
        self.end_headers()
        self.wfile.write(BODIES.get(path, b""))

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what was asked is in `ASKED`."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def answers(database: Database, address: str, tmp_path: Path) -> FlowAnswers:
    return FlowAnswers(database, tmp_path / "sms", frozenset({address}), dict, lambda: T0)


async def test_plain_fields_of_the_answer_are_told(answers: FlowAnswers, address: str) -> None:
    told = await answers.http({"url": f"http://{address}/outage", "call.dialled": "12345"})
    assert told == {"http.status": 200, "outage": "yes", "count": 2}
    assert ASKED[-1] == "/outage?call.dialled=12345"


@pytest.mark.parametrize("path", ["large", "text", "broken", "away"])
async def test_a_useless_answer_is_the_error_edge(
    answers: FlowAnswers, address: str, path: str
) -> None:
    with pytest.raises((httpx.HTTPError, ValueError)):
        await answers.http({"url": f"http://{address}/{path}"})


async def test_the_list_holds_ports_too(answers: FlowAnswers, address: str) -> None:
    with pytest.raises(HostNotAllowed):
        await answers.http({"url": f"http://{address.split(':')[0]}:1/outage"})
