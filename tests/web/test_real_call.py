"""Pages before a call that was really held: what is clicked is what is heard."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from domain.accounts.permissions import Role
from tests.asterisk.conversation import RATE
from tests.web.conftest import PageAs, Shot
from tests.web.real_call import PLACE, TIME, WISH, RealCall
from tests.web.site import Site

# How far from the sound a click may hit.
NEAR_S = 0.3
FRAME = RATE // 50
# What the player sends to the loudspeakers, told by the thread that sends it: the page's own may be
# busy for as long as a word lasts.
TAPPING = """
registerProcessor("tap", class extends AudioWorkletProcessor {
  process([[caller, heard]], [[out]]) {
    this.port.postMessage(out.map((_, at) => (caller?.[at] ?? 0) + (heard?.[at] ?? 0)));
    return true;
  }
});
"""
LISTEN = """
async (tap) => {
  const player = document.querySelector("audio");
  const context = new AudioContext({ sampleRate: 8000 });
  await context.resume();
  await context.audioWorklet.addModule(tap);
  const listening = new AudioWorkletNode(context, "tap", { outputChannelCount: [1] });
  listening.port.onmessage = ({ data }) => window.heard.push(...data);
  window.heard = [];
  player.addEventListener("pause", () => { window.paused = true; });
  context.createMediaElementSource(player).connect(listening).connect(context.destination);
}
"""
QUIET = "() => { window.heard = []; window.paused = false; }"
# A recording is never wholly silent, a player that pauses is.
ENDED = "() => window.paused && window.heard.slice(-1600).every((one) => one === 0)"
# A recording is played only when somebody asks for it, and from a second that has been loaded.
LOADED = "() => document.querySelector('audio').readyState > 1"
PRESSED = "() => document.querySelector('[aria-pressed=true]') !== null"

# The call is held within the first test's set-up.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def site(real_call: RealCall, tmp_path: Path) -> Iterator[Site]:
    with real_call.on_pages(tmp_path) as running:
        yield running


def test_a_click_on_a_field_plays_its_words_and_no_others(
    real_call: RealCall, page_as: PageAs, shot: Shot
) -> None:
    page = page_as(Role.AGENT)
    # The tap is a script that the pages do not bring with them.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.goto("/app/tickets")
    page.get_by_role("link", name=real_call.ticket_id).click()
    expect(page.get_by_text("通话中未提到")).to_contain_text("诉求对象")
    shot(page, "draft-light")
    page.emulate_media(color_scheme="dark")
    shot(page, "draft-dark")
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="从这里播放 0:01").click()
    page.wait_for_function(LOADED)
    page.locator("audio").evaluate("(player) => player.pause()")
    page.evaluate(LISTEN, f"data:text/javascript,{quote(TAPPING)}")
    recording = [one + other for one, other in zip(*real_call.sound, strict=True)]
    for field, text in (("事发地点", PLACE), ("事发时间", TIME), ("期望处理", WISH)):
        button = page.get_by_role("row", name=field).get_by_role("button", name="听这一段")
        page.evaluate(QUIET)
        button.click()
        page.wait_for_function(ENDED)
        heard = _played(page.evaluate("() => window.heard"))
        from_s, to_s = real_call.said[text]
        assert abs(len(heard) / RATE - (to_s - from_s)) <= NEAR_S, field
        assert abs(_place(heard, recording) - from_s) <= NEAR_S, field
    button.click()
    page.wait_for_function(PRESSED)
    shot(page, "draft-playing")


def _played(heard: Sequence[float]) -> Sequence[float]:
    """Without the silence before and after."""
    sounding = [at for at, one in enumerate(heard) if one != 0]
    assert sounding, "nothing was played"
    return heard[sounding[0] : sounding[-1] + 1]


def _place(heard: Sequence[float], recording: Sequence[int]) -> float:
    """The second of the recording that sounds like the first of what was heard."""
    short, long = _loudness(heard), _loudness([one / 32768 for one in recording])
    places = range(len(long) - len(short))
    best = min(
        places,
        key=lambda at: sum(
            abs(one - other) for one, other in zip(short, long[at : at + len(short)], strict=True)
        ),
    )
    return best * FRAME / RATE


def _loudness(told: Sequence[float]) -> list[float]:
    return [
        sum(map(abs, told[start : start + FRAME])) for start in range(0, len(told) - FRAME, FRAME)
    ]
