"""What a day at a hotline leaves behind: a call, its recording, its words, its draft."""

import hashlib
from datetime import timedelta
from zoneinfo import ZoneInfo

from api.backend import Backend
from services.drafts import Place, draft_ticket
from services.knowledge import KnowledgeSearch
from services.stereo import header
from storage.repositories.calls import Calls, Recordings, Utterance, Utterances
from storage.tables.call import CallRow
from storage.tables.recording import RecordingRow

CALL = "hl1-1763843556.12"
TICKET = "261122557010"
SAID = (
    ("agent", 1.0, "您好杭州12345请讲"),
    ("caller", 4.0, "你好我要投诉西湖区文三路186号门口的路灯不亮了"),
    ("caller", 9.0, "已经坏了三天了晚上走路很危险希望尽快修好"),
    ("agent", 14.0, "好的我马上为您登记"),
)
SECONDS_PER_CHARACTER = 0.2
RATE = 8000
LENGTH_S = 18


async def given_drafted_call(backend: Backend) -> None:
    """`CALL` and, drafted from it as after every call, `TICKET`."""
    now = backend.clock()
    async with backend.database.transaction() as session:
        row = CallRow(
            id=CALL,
            caller="13800001234",
            dialled="12345",
            ticket_number=TICKET,
            started_at=now,
            answered_at=now,
            ended_at=now + timedelta(seconds=LENGTH_S),
            outcome="agent",
            seat="1001",
            flow="default",
            flow_version=1,
            path=["answer", "greeting", "people"],
        )
        Calls(session).add(row)
        for number, (side, start_s, text) in enumerate(SAID, 1):
            await Utterances(session).put(CALL, spoken(number, side, start_s, text))
        await Recordings(session).put(_recording(backend))
    place = Place(backend.city, ZoneInfo("Asia/Shanghai"))
    await draft_ticket(backend.database, CALL, knowledge=KnowledgeSearch(), place=place, now=now)


def spoken(seq: int, side: str, start_s: float, text: str) -> Utterance:
    words = [
        {
            "word": character,
            "start_s": round(start_s + at * SECONDS_PER_CHARACTER, 2),
            "end_s": round(start_s + (at + 1) * SECONDS_PER_CHARACTER, 2),
            "confidence": 0.95,
        }
        for at, character in enumerate(text)
    ]
    end_s = start_s + len(text) * SECONDS_PER_CHARACTER
    return Utterance(side, "live", seq, start_s, end_s, text, words)


def _recording(backend: Backend) -> RecordingRow:
    content = header(2, 4 * RATE * LENGTH_S) + bytes(4 * RATE * LENGTH_S)
    backend.vault.store("2026/11/22/call.wav", [content])
    return RecordingRow(
        call_id=CALL,
        path="2026/11/22/call.wav",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        length_s=float(LENGTH_S),
        channels=["caller", "heard"],
        made_at=backend.clock(),
    )
