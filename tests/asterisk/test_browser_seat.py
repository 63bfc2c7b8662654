"""An agent whose telephone is the browser: real Chromium, JsSIP in our page, a fake microphone.

Who hears whom is measured by tones on both sides.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.backend import PAGES
from cli.phone import Phone
from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.people import given_account
from tests.asterisk.speech import say, speakable
from tests.asterisk.tones import hears, tone

CALLER_HZ, AGENT_HZ = 500, 1100
REPEATS = 20 if os.environ.get("HOTLINE_SOAK") else 2
REJOINED_SHARE = 0.95
CUT_S = 10.0
PASSWORD = "a long password of this test"
# What the page plays: taken where it comes in, for the page itself has no way to tell.
LISTEN = """
const Plain = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("track", (event) => {
      window.heard = event.streams[0] ?? new MediaStream([event.track]);
    });
  }
};
"""
# dB of one frequency above the middle of the spectrum, of half a second just now.
LOUDER = """
async (hz) => {
  if (!window.heard) return 0;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(window.heard).connect(analyser);
  await new Promise((done) => setTimeout(done, 600));
  const power = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(power);
  const bin = Math.round((hz * analyser.fftSize) / context.sampleRate);
  const speech = [...power.slice(0, Math.round((3400 * analyser.fftSize) / context.sampleRate))];
  await context.close();
  const middle = speech.sort((a, b) => a - b)[Math.floor(speech.length / 2)];
  return Math.max(...power.slice(bin - 2, bin + 3)) - middle;
}
"""
LOUD_DB = 25.0
WITHIN_MS = 20_000
expect.set_options(timeout=WITHIN_MS)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "chromium is missing: ops/setup.sh test"
    assert (PAGES / "index.html").exists(), "the pages are not built: ops/web.sh build"
    microphone = tone(tmp_path_factory.mktemp("microphone") / "tone.wav", AGENT_HZ)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            chromium_sandbox=False,
            args=[
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}",
                "--allow-loopback-in-peer-connection",
                "--disable-features=WebRtcHideLocalIpsWithMdns",
                "--autoplay-policy=no-user-gesture-required",
                "--disable-background-networking",
                "--disable-gpu",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def desk(hotline: Hotline, chromium: Browser) -> Iterator[Page]:
    """The agent desk of seat 1002, logged in, its telephone registered."""
    given_account(hotline, "hong", PASSWORD, "agent")
    base = f"http://127.0.0.1:{hotline.port['api']}"
    context = chromium.new_context(base_url=base, locale="zh-CN", permissions=["microphone"])
    context.set_default_timeout(WITHIN_MS)
    context.add_init_script(LISTEN)
    page = context.new_page()
    login = {"name": "hong", "password": PASSWORD}
    assert context.request.post("/auth/login", data=login).ok
    page.goto("/app/desk")
    page.get_by_label("坐席").fill("1002")
    page.get_by_role("button", name=re.compile("签.*入")).click()
    expect(page.locator("[data-phone=registered]")).to_be_visible()
    expect(page.locator("[data-seat=ready]")).to_be_visible()
    yield page
    page.get_by_role("button", name=re.compile("签.*出")).click()
    expect(page.get_by_role("button", name=re.compile("签.*入"))).to_be_visible()
    context.close()


def hears_the_caller(page: Page) -> bool:
    return float(page.evaluate(LOUDER, CALLER_HZ)) > LOUD_DB


def test_two_way_sound_in_the_browser(hotline: Hotline, desk: Page, tmp_path: Path) -> None:
    with citizen(hotline, "13911210001") as caller:
        caller.speak(tone(tmp_path / "caller.wav", CALLER_HZ))
        caller.dial("12345")
        expect(desk.locator("[data-seat=talking]")).to_be_visible()
        caller.speak(tone(tmp_path / "again.wav", CALLER_HZ))
        until(lambda: hears_the_caller(desk), within_s=15, saying="the browser hears nothing")
        until(lambda: hears(caller, AGENT_HZ), within_s=10, saying="the caller hears nothing")
        desk.screenshot(path=_picture("desk-talking"))
        desk.get_by_role("button", name=re.compile("静.*音")).click()
        until(lambda: not hears(caller, AGENT_HZ), within_s=10, saying="mute does not silence")
        desk.keyboard.press("Alt+m")
        until(lambda: hears(caller, AGENT_HZ), within_s=10, saying="unmuting does not")
        for kind in ("privacy_began", "privacy_pause"):  # *7 turns the recording off, and on again
            desk.keyboard.press("Alt+n")
            desk.keyboard.type("*7", delay=300)
            until(
                lambda kind=kind: kind in [line[3] for line in hotline.journal("13911210001")],
                within_s=10,
                saying=f"the keypad's tones did not arrive: no {kind}",
            )
            desk.keyboard.press("Escape")
        desk.keyboard.press("Alt+o")
        expect(desk.locator("[data-seat=holding]")).to_be_visible()
        desk.keyboard.press("Alt+o")
        expect(desk.locator("[data-seat=talking]")).to_be_visible()
        desk.keyboard.press("Alt+h")
        expect(desk.locator("[data-seat=wrap_up]")).to_be_visible()
        hotline.at_node("13911210001", "survey")
        caller.hang_up()
    desk.keyboard.press("Alt+r")
    expect(desk.locator("[data-seat=ready]")).to_be_visible()
    call = hotline.call_of("13911210001")
    assert (call["outcome"], call["seat"]) == ("agent", "1002")


TOLD = "西湖区文三路一百八十六号门口的路灯坏了三天了"


def tells(caller: Phone, text: str, folder: Path) -> None:
    """Said once the telephone is through; spoken by a machine, heard by the real recogniser."""
    wav, _ = speakable(say(text, folder / f"said-{len(text)}.wav"), folder)
    caller.speak(wav)


@pytest.mark.timeout(280)
def test_a_call_becomes_a_ticket_without_a_mouse(
    hotline: Hotline, desk: Page, tmp_path: Path
) -> None:
    number = "13911210004"
    with citizen(hotline, number) as caller:
        caller.dial("12345")
        expect(desk.locator("[data-seat=talking]")).to_be_visible()
        # Known at once, from the number alone.
        expect(desk.locator("[data-pop]")).to_contain_text("一年内没有来过电")
        tells(caller, TOLD, tmp_path)
        said = desk.locator("li[data-side=caller][data-final=true]")
        expect(said.first).to_be_visible(timeout=30_000)
        # While they still talk: the machine has understood where.
        expect(desk.locator("#desk-address")).to_have_value(re.compile("文三路"), timeout=30_000)
        desk.screenshot(path=_picture("desk-live"))
        desk.keyboard.press("Alt+h")
        expect(desk.locator("[data-seat=wrap_up]")).to_be_visible()
        caller.hang_up()
    desk.keyboard.press("Alt+x")
    ticket = desk.locator("[data-ticket]")
    expect(ticket).to_be_visible(timeout=150_000)
    ticket_id = ticket.get_attribute("data-ticket")
    for _ in range(3):
        desk.keyboard.press("Alt+ArrowDown")
    focused = "document.activeElement.closest('[data-field]')?.dataset.field"
    assert desk.evaluate(focused) == "title"
    # The city's text demands what is wanted, and the citizen did not say it: the agent has asked.
    while desk.evaluate("document.activeElement.id") != "desk-request":
        desk.keyboard.press("Alt+ArrowDown")
    desk.keyboard.type("希望尽快修好")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("还缺：")).to_be_visible()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text(f"工单 {ticket_id} 已提交")).to_be_visible(timeout=20_000)
    stored = hotline.get(f"/tickets/{ticket_id}")
    assert stored["status"] == "submitted"
    assert "文三路" in stored["fields"]["address"]["value"]
    desk.keyboard.press("Alt+r")
    expect(desk.locator("[data-seat=ready]")).to_be_visible()


def test_danger_colours_the_desk_and_one_key_brings_110(
    hotline: Hotline, desk: Page, tmp_path: Path
) -> None:
    with citizen(hotline, "13911210005") as caller:
        caller.dial("12345")
        expect(desk.locator("[data-seat=talking]")).to_be_visible()
        tells(caller, "救命啊有人抢劫", tmp_path)
        expect(desk.locator("[data-emergency='110']")).to_be_visible(timeout=30_000)
        expect(desk.locator("[data-danger=true]")).to_be_visible()
        desk.keyboard.press("Alt+1")
        expect(desk.get_by_text("已加入")).to_be_visible(timeout=30_000)
        desk.keyboard.press("Alt+e")
        expect(desk.get_by_text("已退出")).to_be_visible(timeout=20_000)
        desk.keyboard.press("Alt+h")
        caller.hang_up()
    desk.keyboard.press("Alt+r")
    expect(desk.locator("[data-seat=ready]")).to_be_visible()


def test_a_caller_is_handed_over_from_the_page(hotline: Hotline, desk: Page) -> None:
    with citizen(hotline, "13911210006") as caller:
        caller.dial("12345")
        expect(desk.locator("[data-seat=talking]")).to_be_visible()
        with agent(hotline, "1003"):
            desk.keyboard.press("Alt+t")
            desk.get_by_label("对象", exact=True).fill("1003")
            desk.get_by_label("对象", exact=True).press("Control+Enter")
            expect(desk.get_by_role("dialog")).to_have_count(0)
            expect(desk.locator("[data-seat=talking]")).to_have_count(0)
            until(
                lambda: any(line[3] == "talked" for line in hotline.journal("13911210006")),
                within_s=20,
                saying="the other seat never talked",
            )
            caller.hang_up()
    desk.keyboard.press("Alt+r")
    assert hotline.call_of("13911210006")["seat"] == "1003"


@pytest.mark.timeout(100 + 40 * REPEATS)
@pytest.mark.parametrize("how", ["refresh", "cut"])
def test_the_citizen_is_not_lost(hotline: Hotline, desk: Page, tmp_path: Path, how: str) -> None:
    """A page loaded again, or ten seconds in which the browser neither sends nor answers."""
    sound = tone(tmp_path / "caller.wav", CALLER_HZ, length_s=600)
    number = {"refresh": "13911210002", "cut": "13911210003"}[how]
    rejoined = 0
    with citizen(hotline, number) as caller:
        caller.dial("12345")
        expect(desk.locator("[data-seat=talking]")).to_be_visible()
        caller.speak(sound)
        until(lambda: hears(caller, AGENT_HZ), within_s=15, saying="they do not talk")
        for _ in range(REPEATS):
            lost = _lost(hotline, number)
            if how == "refresh":
                desk.reload()
            else:
                _freeze(CUT_S)
            until(
                lambda lost=lost: _lost(hotline, number) > lost,
                within_s=15,
                saying="nobody noticed that the agent had gone",
            )
            rejoined += _together(caller, desk)
        caller.hang_up()
    assert rejoined / REPEATS >= REJOINED_SHARE
    assert hotline.call_of(number)["seat"] == "1002"


def _together(caller: object, desk: Page) -> bool:
    """Whether both hear each other within the 20 s of the promise, and some for measuring."""
    deadline = time.monotonic() + 25
    while time.monotonic() < deadline:
        if hears(caller, AGENT_HZ) and hears_the_caller(desk):  # type: ignore[arg-type]
            return True
    return False


def _lost(hotline: Hotline, number: str) -> int:
    return sum(line[3] == "agent_lost" for line in hotline.journal(number))


def _freeze(length_s: float) -> None:
    """The whole browser stands still: no packet leaves it, none is answered."""
    family = _browser()
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        subprocess.run(["sleep", str(length_s)], check=True)  # the cut itself, not a wait for it
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


def _browser() -> list[int]:
    """Chromium's processes below this test."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            name = (folder / "comm").read_text().strip()
        except OSError:
            continue
        parents[int(folder.name)] = (int(fields[1]), name)
    family = {os.getpid()}
    for _ in parents:
        grown = family | {pid for pid, (parent, _) in parents.items() if parent in family}
        if grown == family:
            break
        family = grown
    return [pid for pid in family if parents.get(pid, (0, ""))[1].startswith("chrom")]


def _picture(name: str) -> Path:
    folder = PAGES.parents[1] / ".build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.png"
