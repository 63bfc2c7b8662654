"""Pages before a call that was really held: what is clicked is what is heard."""

from collections.abc import Iterator, Sequence
from pathlib import Path

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
# What the player sends to the loudspeakers, block by block, while it plays; and for how long it
# plays by the clock of Web Audio, which is that of the sound card.
LISTEN = """
async () => {
  const player = document.querySelector("audio");
  const context = new AudioContext({ sampleRate: 8000 });
  await context.resume();
  const source = context.createMediaElementSource(player);
  const tap = context.createScriptProcessor(256, 2, 1);
  window.heard = { samples: [], from: null, to: null };
  tap.onaudioprocess = ({ inputBuffer }) => {
    const [caller, heard] = [0, 1].map((side) => inputBuffer.getChannelData(side));
    if (window.heard.from === null) return;
    window.heard.samples.push(...Array.from(caller, (one, at) => one + heard[at]));
  };
  player.addEventListener("playing", () => {
    window.heard = { samples: [], from: context.currentTime, to: null };
  });
  player.addEventListener("pause", () => { window.heard.to = context.currentTime; });
  source.connect(tap).connect(context.destination);
}
"""
ENDED = "() => window.heard.to !== null"
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
    page.evaluate(LISTEN)
    recording = [one + other for one, other in zip(*real_call.sound, strict=True)]
    for field, text in (("事发地点", PLACE), ("事发时间", TIME), ("期望处理", WISH)):
        button = page.get_by_role("row", name=field).get_by_role("button", name="听这一段")
        button.click()
        if text == PLACE:
            page.wait_for_function(PRESSED)
            shot(page, "draft-playing")
        page.wait_for_function(ENDED)
        heard = page.evaluate("() => window.heard")
        from_s, to_s = real_call.said[text]
        assert abs(heard["to"] - heard["from"] - (to_s - from_s)) <= NEAR_S, field
        begins_s = _place(heard["samples"], recording)
        assert abs(begins_s - from_s) <= NEAR_S, field
        page.evaluate("() => { window.heard.to = null; }")


def _place(heard: Sequence[float], recording: Sequence[int]) -> float:
    """The second of the recording that sounds like the first of what was heard."""
    short, long = _loudness(heard), _loudness([one / 32768 for one in recording])
    assert max(short) > 0, "nothing was played"
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
