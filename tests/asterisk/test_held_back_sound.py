"""A network holds sound back and sends it at once: what is clicked is still what is heard."""

import os
import signal
import time
from pathlib import Path

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.conversation import RATE, onset, samples, sentences
from tests.asterisk.hotline import Hotline
from tests.asterisk.speech import speakable
from tests.asterisk.test_draft_spans import NEAR_S, page_of, recording

CITIZEN = "13911110088"
FIRST, SECOND = "我要投诉小区噪音扰民", "人民路一百八十六号"
HELD_BACK_S = 0.7


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
