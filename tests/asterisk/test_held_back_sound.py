"""Sound comes late, then all at once: no word is lost and what is clicked is what is heard."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.conversation import RATE, onset, samples, sentences
from tests.asterisk.hotline import Hotline
from tests.asterisk.speech import speakable
from tests.asterisk.test_draft_spans import NEAR_S, page_of, recording

CITIZEN = "13911110088"
FIRST, SECOND = "我要投诉小区噪音扰民", "人民路一百八十六号"
HELD_BACK_S = 0.7
OF_A_BUSY_SWITCH = "13911110089"
NUMBER = "我的电话是幺三八零零幺幺二二三三"


def test_words_after_sound_that_was_held_back_point_at_their_sound(
    hotline: Hotline, tmp_path: Path
) -> None:
    """Three times the caller's telephone stands still and then sends all it had to say."""
    first, second = (sentences([text], tmp_path, text) for text in (FIRST, SECOND))
    with agent(hotline, "1001") as seat, citizen(hotline, CITIZEN) as caller:
        caller.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        caller.pause(0.7)
        wav, length_s = speakable(first.wav, tmp_path)
        caller.speak(wav)
        caller.pause(length_s + 1.2)
        for _ in range(3):
            assert caller.pid is not None
            os.kill(caller.pid, signal.SIGSTOP)
            time.sleep(HELD_BACK_S)
            os.kill(caller.pid, signal.SIGCONT)
            caller.pause(0.5)
        wav, length_s = speakable(second.wav, tmp_path)
        caller.speak(wav)
        caller.pause(length_s + 1.2)
        caller.hang_up()
    call = hotline.call_of(CITIZEN)
    (span,) = hotline.draft_of(CITIZEN)["fields"]["address"]["spans"]
    told = recording(page_of(hotline, call["call_id"], tmp_path, "--unmask", "核对时间"), tmp_path)
    sound = samples(told, 0)
    begins = onset(sound, call["talked_from_s"])
    again = onset(sound, begins + first.places[FIRST][1] + 0.5)
    from_s, to_s = second.places[SECOND]
    assert abs(span["start_s"] - (again + from_s)) <= NEAR_S
    assert abs(span["end_s"] - (again + to_s)) <= NEAR_S
    # Otherwise nothing was tried: the switch had put silence where sound was held back.
    assert len(sound) / RATE - call["talked_to_s"] > HELD_BACK_S


def test_a_busy_switch_loses_no_live_word(hotline: Hotline, tmp_path: Path) -> None:
    """Asterisk stands still for 70 ms, again and again, while the caller speaks.

    With timers that forget what they could not tick (res_timing_timerfd) the snoop channel's sound
    came ever later, until Asterisk threw half a second of it away.
    """
    told = sentences([SECOND, NUMBER], tmp_path, "told")
    with agent(hotline, "1001") as seat, citizen(hotline, OF_A_BUSY_SWITCH) as caller:
        caller.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        caller.pause(0.7)
        wav, length_s = speakable(told.wav, tmp_path)
        with _stuttering(hotline):
            caller.speak(wav)
            caller.pause(length_s + 1.2)
        caller.hang_up()
    call = hotline.call_of(OF_A_BUSY_SWITCH)
    (span,) = hotline.draft_of(OF_A_BUSY_SWITCH)["fields"]["address"]["spans"]
    page = page_of(hotline, call["call_id"], tmp_path, "--unmask", "核对时间")
    begins = onset(samples(recording(page, tmp_path), 0), call["talked_from_s"])
    heard = [one for one in call["transcript"] if one["side"] == "caller"]
    assert {one["source"] for one in heard} == {"live"}
    assert "".join(one["text"] for one in heard) == SECOND + NUMBER
    from_s, to_s = told.places[SECOND]
    assert abs(span["start_s"] - (begins + from_s)) <= NEAR_S
    assert abs(span["end_s"] - (begins + to_s)) <= NEAR_S


@contextmanager
def _stuttering(hotline: Hotline) -> Iterator[None]:
    """Asterisk, as on a machine with too much else to do."""
    over = threading.Event()

    def stutter() -> None:
        while not over.wait(0.5):
            hotline.signal("asterisk", signal.SIGSTOP)
            time.sleep(0.07)
            hotline.signal("asterisk", signal.SIGCONT)

    thread = threading.Thread(target=stutter)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
