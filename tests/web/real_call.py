"""A call that was really held: what pages show of it is what Asterisk, Vosk and the worker made.

A citizen and mei at seat 1001 speak on a whole hotline of its own, once in a run of tests; it is
stopped and its database, sealed recordings and keys are kept. Each test gets a copy of them behind
its pages.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.asterisk.conversation import AGENT, CALLER, Said, hold, onset, samples, sentences
from tests.asterisk.hotline import Hotline
from tests.asterisk.people import Person
from tests.web.site import Site, running_site, vault_in

CITIZEN = "13900010077"
MEI = "mei"
NUMBER = "13800112233"
COMPLAINT = "我要投诉小区噪音扰民"
PLACE = "人民路一百八十六号"
TIME = "昨天下午三点"
WISH = "请尽快派人来处理"
TURNS = (
    (AGENT, ("您好请讲",)),
    (CALLER, (COMPLAINT,)),
    (AGENT, ("请问发生在什么地方",)),
    (CALLER, (PLACE, TIME, "我的电话是幺三八零零幺幺二二三三", WISH)),
    (AGENT, ("好的我马上为您登记",)),
)


@dataclass(frozen=True)
class RealCall:
    """``said``: when each sentence sounds in the recording, in seconds, told by its loudness.

    ``sound``: the recording's channels in clear, caller and what the caller heard, as samples.
    """

    call_id: str
    ticket_id: str
    draft: dict[str, Any]
    said: dict[str, tuple[float, float]]
    sound: list[tuple[int, ...]]
    home: Path

    @contextmanager
    def on_pages(self, folder: Path) -> Iterator[Site]:
        """The service before a copy of what the hotline left behind."""
        shutil.copytree(self.home, folder, dirs_exist_ok=True)
        with running_site(folder / "hotline.sqlite", folder / "sound") as site:
            site.clock.now = datetime.now(UTC)
            yield site


def held(folder: Path) -> RealCall:
    """Hold the call; about half a minute."""
    turns = [
        (who, sentences(list(texts), folder, f"turn-{number}"))
        for number, (who, texts) in enumerate(TURNS)
    ]
    hotline = Hotline()
    try:
        hotline.start()
        mei = Person(hotline, MEI, "agent")
        hold(
            hotline, CITIZEN, turns, folder,
            lambda: mei.ask("POST", "/seats/1001/login", device="phone"),
        )  # fmt: skip
        draft = hotline.draft_of(CITIZEN)
        call = hotline.call_of(CITIZEN)
        hotline.stop()
        home = _kept(hotline.home, folder / "kept")
    finally:
        hotline.remove()
    sound = _recording(home)
    said = _told_by_loudness(sound, turns, call["talked_from_s"])
    return RealCall(call["call_id"], draft["ticket_id"], draft, said, sound, home)


def _kept(home: Path, target: Path) -> Path:
    """What a `Site` needs, where it looks for it."""
    target.mkdir()
    with (
        closing(sqlite3.connect(home / "hotline.db")) as left,
        closing(sqlite3.connect(target / "hotline.sqlite")) as kept,
    ):
        left.backup(kept)
    sound = target / "sound"
    shutil.copytree(home / "recordings", sound / "kept")
    shutil.copy(home / "recording-keys.json", sound)
    return target


def _recording(home: Path) -> list[tuple[int, ...]]:
    """Both channels of the only recording, in clear."""
    with closing(sqlite3.connect(home / "hotline.sqlite")) as database:
        ((path,),) = database.execute("SELECT path FROM recording").fetchall()
    with vault_in(home / "sound").plain_file(path) as file:
        return [samples(file, channel) for channel in (0, 1)]


def _told_by_loudness(
    channels: list[tuple[int, ...]], turns: list[tuple[str, Said]], from_s: float
) -> dict[str, tuple[float, float]]:
    """No recogniser has a say in it: a turn begins where its voice's channel sounds again."""
    heard = {CALLER: (channels[0], from_s), AGENT: (channels[1], from_s)}
    said = {}
    for who, turn in turns:
        channel, after_s = heard[who]
        begins_s = onset(channel, after_s)
        for text, (start_s, end_s) in turn.places.items():
            said[text] = (begins_s + start_s, begins_s + end_s)
        heard[who] = channel, begins_s + max(end for _, end in turn.places.values()) + 0.5
    return said
